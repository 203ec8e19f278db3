"""Painters of table cells by the type of their value. They draw everything themselves and keep no state of
a row.

Imports theme and paint only. `delegate_for(kind)` is what the table asks.
"""

from instica_desktop.qtkit.columns import Kind
from instica_desktop.qtkit.delegates.badge import BadgeDelegate
from instica_desktop.qtkit.delegates.base import Cell, Delegate
from instica_desktop.qtkit.delegates.check import CheckDelegate
from instica_desktop.qtkit.delegates.plain import PlainDelegate
from instica_desktop.qtkit.delegates.title import TitleDelegate

__all__ = ["Cell", "Delegate", "delegate_for"]

_DELEGATES: dict[Kind, Delegate] = {
    "text": PlainDelegate("body", "primary"),
    "caption": PlainDelegate("caption", "second", tabular=True),
    "muted": PlainDelegate("caption", "third", tabular=True),
    "title": TitleDelegate(),
    "badge": BadgeDelegate(),
    "money": PlainDelegate("medium", "primary", tabular=True),
    "number": PlainDelegate("caption", "second", tabular=True),
    "age": PlainDelegate("caption", "second", tabular=True),
    "grade": PlainDelegate("caption_strong", "primary", tabular=True),
    "check": CheckDelegate(),
}


def delegate_for(kind: Kind) -> Delegate:
    """Return the painter of a kind. One object serves every table."""
    return _DELEGATES[kind]
