"""When a message is sent: once the transaction is committed, and never so that its sending can be measured.

A mail server takes a second, a file a millisecond; an answer that took longer would tell that there is such
an account. So a thread sends, unless `SHOP_SEND_IN_BACKGROUND` is off, and its work is finished before the
process ends.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.conf import settings
from django.db import transaction


@cache
def _sender() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "messages")


def after_commit(send: Callable[[], None]) -> None:
    """Send once the transaction is committed."""
    in_background = settings.SHOP_SEND_IN_BACKGROUND
    transaction.on_commit(lambda: _sender().submit(send) if in_background else send())


def wait_until_sent() -> None:
    """Return when all that was to be sent in the background has been."""
    _sender().submit(bool).result()
