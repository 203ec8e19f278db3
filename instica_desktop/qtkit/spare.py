"""Spares the start a search that PySide makes for everybody: it reads the source of every imported module.

PySide can give a module snake_case names (`from __feature__ import snake_case`). To know which modules might
ask, it looks for the word PySide6 in the text of each one imported after it (PYSIDE-2029). No module of this
program asks, so none needs to be read. Where a later PySide does it another way, nothing happens here.
"""

import sys
from importlib import import_module
from types import ModuleType


def spare_source_search() -> None:
    """Tell PySide that no module uses its optional features. Called before our own modules are imported."""
    import_module("PySide6.QtCore")  # brings the search into being
    feature = sys.modules.get("shibokensupport.feature")
    if feature is not None and hasattr(feature, "_mod_uses_pyside"):
        setattr(feature, "_mod_uses_pyside", _no)  # noqa: B010  a private name, not known to type checkers


def _no(module: ModuleType) -> bool:
    return False
