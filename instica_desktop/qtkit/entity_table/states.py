"""The cards over an empty table: nothing matches, or it could not be read."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from instica_desktop.qtkit.widgets.empty_state import EmptyState, StateSpec

if TYPE_CHECKING:
    from instica_desktop.qtkit.entity_table.view import EntityTableView


class TableStates(QObject):
    """Shows the right card. `chosen` carries the spec's action name, such as “clear” or “retry”."""

    chosen = Signal(str)

    def __init__(self, view: "EntityTableView") -> None:
        super().__init__(view)
        self._view = view
        self._empty: StateSpec | None = None
        self._error: StateSpec | None = None
        self._card: EmptyState | None = None
        view.table_model.count_changed.connect(self.refresh)
        view.table_model.state_changed.connect(self.refresh)

    def set_empty(self, spec: StateSpec | None) -> None:
        """Say what stands there when the query finds nothing."""
        self._empty = spec
        self.refresh()

    def set_error(self, spec: StateSpec | None) -> None:
        """Say what stands there while rows could not be read and none are known; None takes it away."""
        self._error = spec
        self.refresh()

    def shown(self) -> StateSpec | None:
        """Return what stands there now."""
        return self._card.spec if self._card is not None and not self._card.isHidden() else None

    def _wanted(self) -> StateSpec | None:
        model = self._view.table_model
        if model.rowCount():
            return None
        feed = model.feed
        if self._error is not None:
            return self._error
        found_nothing = feed is not None and feed.count == 0 and not feed.loading
        return self._empty if found_nothing else None

    def refresh(self) -> None:
        """Show, change or hide the card."""
        spec = self._wanted()
        if self._card is None and spec is not None:
            self._card = EmptyState(spec, self._view.viewport())
            self._card.chosen.connect(self.chosen)
        if self._card is not None:
            self._card.setVisible(spec is not None)
            if spec is not None:
                self._card.set_spec(spec)
        self.place()

    def place(self) -> None:
        """Keep the card in the middle."""
        if self._card is not None and not self._card.isHidden():
            area = self._view.viewport().rect()
            size = self._card.sizeHint().boundedTo(area.size())
            self._card.resize(size)
            size = self._card.size()  # its width is fixed, whatever the hint says
            self._card.move((area.width() - size.width()) // 2, max(0, (area.height() - size.height()) // 2))
