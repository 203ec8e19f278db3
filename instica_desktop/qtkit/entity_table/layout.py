"""Widths, order and visibility of columns: what the user chose, and what a narrow window takes away."""

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHeaderView

from instica_desktop.qtkit.columns import Column
from instica_desktop.qtkit.delegates import delegate_for
from instica_desktop.qtkit.paint import text_width
from instica_desktop.qtkit.theme.tokens import TABLE_EDGE, TABLE_PAD

if TYPE_CHECKING:
    from instica_desktop.qtkit.entity_table.view import EntityTableView

STRETCH_MIN = 180
ARROW = 14
"""What the arrow of a sorted heading takes."""
OVER_PAD = TABLE_PAD - 2
"""How far a sorted heading may reach into the padding, since its arrow makes it longer."""
NO_ROOM = " (no room here)"
"""What is said behind the name of a column that left for want of room."""
WIDEST = 1000
"""No column is wider by the user's hand, whatever a settings file says."""


class ColumnsLayout(QObject):
    """Lays out the columns of one table. `changed` is emitted after the user changed something worth
    saving, `placed` whenever columns may stand elsewhere, once all of them have their places."""

    changed = Signal()
    placed = Signal()

    def __init__(self, view: "EntityTableView") -> None:
        super().__init__(view)
        self._view = view
        self._widths: dict[str, int] = {}
        self._hidden: set[str] = {c.key for c in self.columns if c.hidden}
        self._asked_for: set[str] = set()  # columns the user chose to see, whatever room there is
        self._placing = False
        header = view.horizontalHeader()
        header.sectionResized.connect(self._resized)
        header.sectionMoved.connect(self._moved)

    @property
    def columns(self) -> Sequence[Column]:
        """All columns, in the order they were declared."""
        return self._view.table_model.columns

    @property
    def _header(self) -> QHeaderView:
        return self._view.horizontalHeader()

    def shown(self) -> list[int]:
        """Return the visible columns as they stand, left to right, as logical indexes."""
        header = self._header
        order = (header.logicalIndex(at) for at in range(header.count()))
        return [logical for logical in order if not header.isSectionHidden(logical)]

    def width_of(self, column: Column) -> int:
        """Return the width in force: the user's, or what its words need."""
        width = self._widths.get(column.key) or natural_width(column)
        return max(column.min_width, min(width, WIDEST))

    def is_hidden(self, key: str) -> bool:
        """Tell whether the user has hidden a column (not whether the window is too narrow for it)."""
        return key in self._hidden

    def has_no_room(self, key: str) -> bool:
        """Tell whether a column is out of sight only because the window is too narrow for it."""
        return not self.is_hidden(key) and key not in {self.columns[at].key for at in self.shown()}

    def set_hidden(self, key: str, hidden: bool) -> None:
        """Hide a column, or show it whatever room there is. The last visible one stays."""
        if hidden and len(self.shown()) <= 1:
            return
        (self._hidden.add if hidden else self._hidden.discard)(key)
        (self._asked_for.discard if hidden else self._asked_for.add)(key)
        self.place()
        if not hidden:
            self._bring_into_view(key)
        self.changed.emit()

    def _bring_into_view(self, key: str) -> None:
        """Scroll sideways to a column."""
        at = next(at for at, column in enumerate(self.columns) if column.key == key)
        self._view.updateGeometries()
        bar, left = self._view.horizontalScrollBar(), self._header.sectionPosition(at)
        right = left + self._header.sectionSize(at) - self._view.viewport().width()
        bar.setValue(min(left, max(right, bar.value())))

    # ------------------------------------------------------------ placing

    def place(self) -> None:
        """Give every column its width for the room there is.

        Columns leave before the main one shrinks, except those the user asked for. Wide ones of the user's
        own never push others away: then the main one shrinks, and in the end the table scrolls sideways.
        """
        room = self._view.viewport().width()
        columns = [column for column in self.columns if column.key not in self._hidden]
        squeezed = _squeezed(columns, room, self._asked_for)
        kept = [column for column in columns if column.key not in squeezed]
        self._placing = True
        for logical, column in enumerate(self.columns):
            self._header.setSectionHidden(logical, column not in kept)
        widths = self._with_room(self._fixed_widths(), room)
        sharers = sum(1 for column in kept if column.stretch)
        spare = room - sum(widths.values())
        for logical in self.shown():
            column = self.columns[logical]
            share = max(_least(column), spare // sharers) if column.stretch else widths[logical]
            self._header.resizeSection(logical, share)
        self._placing = False
        self._view.viewport().update()
        self.placed.emit()

    def _fixed_widths(self) -> dict[int, int]:
        """Return the widths of the columns shown that take no spare width, by logical index."""
        shown = self.shown()
        more = TABLE_EDGE - TABLE_PAD
        widths: dict[int, int] = {}
        for logical in shown:
            column = self.columns[logical]
            outermost = (logical == shown[0]) + (logical == shown[-1])
            if not column.stretch:
                own = column.key in self._widths
                widths[logical] = self.width_of(column) + (0 if own else more * outermost)
        return widths

    def _with_room(self, widths: dict[int, int], room: int) -> dict[int, int]:
        """Return the widths with what nobody else wants given to columns that otherwise say less."""
        wanted = sum(natural_width(self.columns[at]) for at in self.shown() if self.columns[at].stretch)
        spare = room - sum(widths.values()) - wanted
        for logical in widths:
            column = self.columns[logical]
            more = 0 if column.key in self._widths else _whole_width(column) - natural_width(column)
            if more <= spare:
                widths[logical] += more
                spare -= more
        return widths

    # ------------------------------------------------------------ the user's changes

    def _resized(self, logical: int, old: int, new: int) -> None:
        if self._placing or not 0 <= logical < len(self.columns) or new == 0:
            return
        column = self.columns[logical]
        if column.stretch:
            self._take_from_right(logical, max(_least(column), new) - old)
        else:
            self._widths[column.key] = max(column.min_width, new)
        self.place()
        self.changed.emit()

    def _take_from_right(self, logical: int, wanted: int) -> None:
        """Move the main column’s right edge: what it gains, the next ones give; what it gives, one gets."""
        shown = self.shown()
        for right in shown[shown.index(logical) + 1 :]:
            column = self.columns[right]
            if column.stretch or wanted == 0:
                continue
            width = self._header.sectionSize(right)
            given = min(wanted, width - column.min_width)
            if given:
                self._widths[column.key] = width - given
            wanted -= given

    def _moved(self, _logical: int, _old: int, _new: int) -> None:
        if not self._placing:
            self._view.viewport().update()
            self.placed.emit()
            self.changed.emit()

    # ------------------------------------------------------------ saving

    def save(self) -> dict[str, Any]:
        """Return order, widths, hidden columns and those asked for as plain values."""
        header = self._header
        order = [self.columns[header.logicalIndex(at)].key for at in range(header.count())]
        return {
            "order": order,
            "widths": dict(self._widths),
            "hidden": sorted(self._hidden),
            "asked_for": sorted(self._asked_for),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what `save` returned; unknown keys and wrong types are passed over."""
        keys = {column.key for column in self.columns}
        widths = state.get("widths")
        if isinstance(widths, dict):
            stored = cast(dict[str, object], widths)
            kept = {key: stored.get(key) for key in keys}
            self._widths = {key: width for key, width in kept.items() if isinstance(width, int)}
        hidden = _strings(state.get("hidden"))
        if hidden is not None and not keys <= set(hidden):
            self._hidden = set(hidden) & keys
        self._asked_for = set(_strings(state.get("asked_for")) or ()) & keys - self._hidden
        self._restore_order([key for key in _strings(state.get("order")) or () if key in keys])
        self.place()

    def _restore_order(self, order: Sequence[str]) -> None:
        logical = {column.key: at for at, column in enumerate(self.columns)}
        self._placing = True
        for place, key in enumerate(order):
            self._header.moveSection(self._header.visualIndex(logical[key]), place)
        self._placing = False


def _strings(value: object) -> list[str] | None:
    if not isinstance(value, list):
        return None
    items: list[object] = value  # pyright: ignore[reportUnknownVariableType]
    return [item for item in items if isinstance(item, str)]


def reach_of(column: Column) -> tuple[int, int]:
    """Return how far a heading with its arrow reaches to the left and right; its aligned edge stays."""
    return {"left": (0, OVER_PAD), "right": (OVER_PAD, 0), "centre": (OVER_PAD, OVER_PAD)}[column.alignment]


def natural_width(column: Column) -> int:
    """Return the declared width, or what heading, arrow and the longest words need if that is more."""
    arrow = max(0, ARROW - sum(reach_of(column))) if column.sort else 0
    heading = text_width(column.title, "caption_strong") + arrow + 1
    delegate = delegate_for(column.kind)
    words = max((delegate.needs(text) for text in column.widest), default=0)
    return max(column.width, max(heading, words) + 2 * TABLE_PAD)


def _whole_width(column: Column) -> int:
    """Return the width in which nothing needs to be said shorter."""
    words = max((delegate_for(column.kind).needs(text) for text in column.whole), default=0)
    return max(natural_width(column), words + 2 * TABLE_PAD)


def _least(column: Column) -> int:
    """Return what the main column never goes under."""
    return max(STRETCH_MIN, column.min_width)


def _squeezed(columns: Sequence[Column], room: int, asked_for: Set[str]) -> set[str]:
    """Return the columns that must go for the rest to fit: the highest priority number first, 0 never.

    What has room beside those that stay comes back, the lowest number first.
    """
    needs = {c.key: max(natural_width(c), _least(c) if c.stretch else 0) for c in columns}
    needed = sum(needs.values()) + TABLE_EDGE - TABLE_PAD
    places = {column.key: at for at, column in enumerate(columns)}
    may_go = (c for c in columns if c.priority and c.key not in asked_for)
    gone: list[str] = []
    for column in sorted(may_go, key=lambda c: (-c.priority, -places[c.key])):
        if needed <= room or room <= 0:
            break
        needed -= needs[column.key]
        gone.append(column.key)
    for key in reversed(tuple(gone)):
        if needed + needs[key] <= room:
            needed += needs[key]
            gone.remove(key)
    return set(gone)
