"""Widths, order and visibility of columns: what the user chose, and what a narrow window takes away."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHeaderView

from instica_desktop.qtkit.columns import Column

if TYPE_CHECKING:
    from instica_desktop.qtkit.entity_table.view import EntityTableView

STRETCH_MIN = 180


class ColumnsLayout(QObject):
    """Lays out the columns of one table. `changed` is emitted after the user changed something worth
    saving."""

    changed = Signal()

    def __init__(self, view: "EntityTableView") -> None:
        super().__init__(view)
        self._view = view
        self._widths: dict[str, int] = {}
        self._hidden: set[str] = {c.key for c in self.columns if c.hidden}
        self._squeezed: set[str] = set()
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
        """Return the width in force: the user's or the declared one."""
        return max(column.min_width, self._widths.get(column.key, column.width))

    def is_hidden(self, key: str) -> bool:
        """Tell whether the user has hidden a column (not whether the window is too narrow for it)."""
        return key in self._hidden

    def set_hidden(self, key: str, hidden: bool) -> None:
        """Hide or show a column. The last visible one stays."""
        if hidden and len(self.shown()) <= 1:
            return
        (self._hidden.add if hidden else self._hidden.discard)(key)
        self.place()
        self.changed.emit()

    # ------------------------------------------------------------ placing

    def place(self) -> None:
        """Give every column its width for the room there is."""
        room = self._view.viewport().width()
        columns = [column for column in self.columns if column.key not in self._hidden]
        self._squeezed = set(_squeeze(columns, room, self.width_of))
        kept = [column for column in columns if column.key not in self._squeezed]
        spare = room - sum(_least(c, self.width_of) for c in kept)
        self._placing = True
        for logical, column in enumerate(self.columns):
            self._header.setSectionHidden(logical, column not in kept)
            if column in kept:
                self._header.resizeSection(logical, self._placed(column, spare, kept))
        self._placing = False
        self._view.viewport().update()

    def _placed(self, column: Column, spare: int, kept: Sequence[Column]) -> int:
        if not column.stretch:
            return self.width_of(column)
        sharers = sum(1 for other in kept if other.stretch)
        return _least(column, self.width_of) + max(0, spare) // sharers

    # ------------------------------------------------------------ the user's changes

    def _resized(self, logical: int, _old: int, new: int) -> None:
        if self._placing or not 0 <= logical < len(self.columns) or new == 0:
            return
        column = self.columns[logical]
        if not column.stretch:
            self._widths[column.key] = max(column.min_width, new)
        self.place()
        self.changed.emit()

    def _moved(self, _logical: int, _old: int, _new: int) -> None:
        if not self._placing:
            self._view.viewport().update()
            self.changed.emit()

    # ------------------------------------------------------------ saving

    def save(self) -> dict[str, Any]:
        """Return order, widths and hidden columns as plain values."""
        header = self._header
        order = [self.columns[header.logicalIndex(at)].key for at in range(header.count())]
        return {"order": order, "widths": dict(self._widths), "hidden": sorted(self._hidden)}

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


def _least(column: Column, width_of: Any) -> int:
    return max(STRETCH_MIN, column.min_width) if column.stretch else int(width_of(column))


def _squeeze(columns: Sequence[Column], room: int, width_of: Any) -> Iterable[str]:
    """Yield the columns that must go for the rest to fit: the highest priority number first, 0 never."""
    needed = sum(_least(column, width_of) for column in columns)
    places = {column.key: at for at, column in enumerate(columns)}
    leaving = sorted((c for c in columns if c.priority), key=lambda c: (-c.priority, -places[c.key]))
    for column in leaving:
        if needed <= room or room <= 0:
            return
        needed -= _least(column, width_of)
        yield column.key
