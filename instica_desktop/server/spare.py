"""Spares the server libraries that Django REST framework imports only in case somebody uses them.

What is not installed it does without (`rest_framework.compat`). Of these the server uses nothing; together
they are 250 modules and 13 MiB: for the framework's test client, its coloured examples, and fields that only
PostgreSQL has.
"""

import sys
from importlib import import_module

UNUSED = ("requests", "pygments", "django.contrib.postgres")


def spare_libraries() -> None:
    """Have the framework do without them. Whoever else asks for one gets it. After Django is set up."""
    hidden = [name for name in UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # pyright: ignore  None: there is no such module
    try:
        import_module("rest_framework.compat")
    finally:
        for name in hidden:
            del sys.modules[name]
