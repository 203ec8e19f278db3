"""A table's columns as data. A feature declares `COLUMNS: tuple[Column, ...]`; the one table does the
rest."""

from collections.abc import Callable
from typing import Any, Literal

import msgspec
from PySide6.QtWidgets import QWidget

from instica_desktop.qtkit.theme.tokens import Tone

Kind = Literal["text", "caption", "muted", "title", "badge", "money", "number", "grade", "age", "check"]
"""How a cell is painted.

text     13 px, text colour            caption  12 px, second level      muted  12 px, third level
title    thumbnail, title, subtitle, mark; value is a `TitleValue`
badge    a pill; value is a `BadgeValue` or None
money    13/500 tabular, right         number   12 px tabular, right     age    as number
grade    12/600, centred               check    a box that shows and changes the selection
"""

Align = Literal["left", "right", "centre"]


class MarkValue(msgspec.Struct, frozen=True):
    """A row's mark: icon name, word and tone, such as `clock`, “Pending”, warning."""

    icon: str
    text: str
    tone: Tone = "warning"


class TitleValue(msgspec.Struct, frozen=True):
    """The main cell. `image` is what the image loader knows the picture by; empty shows a placeholder."""

    title: str
    subtitle: str = ""
    image: str = ""
    mark: MarkValue | None = None


class BadgeValue(msgspec.Struct, frozen=True):
    """A pill with a word. The tone repeats what the word says."""

    text: str
    tone: Tone = "neutral"


EditorFactory = Callable[[QWidget, Any], QWidget]
"""Makes the in-table editor for a row: parent, row → a `entity_table.editing.CellEditor`."""


def _identity(row: Any) -> Any:
    return row


_KIND_ALIGN: dict[Kind, Align] = {
    "money": "right",
    "number": "right",
    "age": "right",
    "grade": "centre",
    "check": "centre",
}


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column.

    `value` gives what the delegate of `kind` paints, `text` the same as words (copied, spoken, and painted
    by the plain kinds). `sort` and `sort_desc` are the orderings a click on the heading asks for; without
    `sort` the heading is not clickable. `width` is in px, and more where the heading or one of the `widest`
    texts needs more in the system's letters. `stretch` takes the spare width: others are hidden before it
    goes under its `width`, and it never goes under `min_width`. `priority` 0 is always shown; of the others
    the highest number is hidden first when the window is narrow. `muted` tells when a cell is said quietly
    (“Not listed”). `shorter` is said instead where `text` does not fit; where there is room to spare, the
    column is as wide as the texts in `whole` need. `second` stands on a line below where rows are high.
    `accessible` defaults to `text`. `hidden` columns are shown only when the user asks. `editor` makes the
    cell editable in place (F2).
    """

    key: str
    title: str
    text: Callable[[Any], str]
    value: Callable[[Any], Any] = _identity
    kind: Kind = "text"
    align: Align | None = None
    sort: str | None = None
    sort_desc: str | None = None
    width: int = 48
    widest: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    min_width: int = 48
    stretch: bool = False
    priority: int = 0
    hidden: bool = False
    tooltip: Callable[[Any], str] | None = None
    muted: Callable[[Any], bool] | None = None
    shorter: Callable[[Any], str] | None = None
    second: Callable[[Any], str] | None = None
    accessible: Callable[[Any], str] | None = None
    editor: EditorFactory | None = None

    @property
    def alignment(self) -> Align:
        """The alignment given, or the kind's own."""
        return self.align or _KIND_ALIGN.get(self.kind, "left")
