"""Every declared setting does something: a part of the program, other than its own screen, reads it."""

import ast
from collections.abc import Iterable

from instica_desktop.core.settings_spec import SETTINGS
from tests.architecture.sources import Source, read, sources

_ITS_SCREEN = "instica_desktop/features/settings/"
_ASKING = frozenset({"fresh", "get"})
"""Methods of the settings that read the one named first."""


def _is_prefs(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.lstrip("_") == "prefs"


def _named(node: ast.AST) -> ast.expr | None:
    """Return what names the setting that a node reads, or None where it reads none."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _is_prefs(node.value):
        return node.slice
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        return node.args[0] if node.func.attr in _ASKING and _is_prefs(node.func.value) else None
    return None


def _read(modules: Iterable[Source]) -> set[str]:
    """Return the keys of the settings that modules read by name."""
    named = (_named(node) for module in modules for node in ast.walk(module.tree))
    return {str(one.value) for one in named if isinstance(one, ast.Constant)}


def test_every_setting_is_read_where_something_comes_of_it() -> None:
    used = _read(source for source in sources() if not source.path.startswith(_ITS_SCREEN))
    assert not {setting.key for setting in SETTINGS} - used


def test_writing_a_setting_is_not_using_it() -> None:
    module = read(
        "odd.py", "self._prefs['a'] = prefs['b']; prefs.fresh('c'); others['d']; prefs.change('e', f)"
    )
    assert _read([module]) == {"b", "c"}
