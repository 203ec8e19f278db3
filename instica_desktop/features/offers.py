"""What a message offers to take back, for as long as it can be: message and step know of each other's end."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from instica_desktop.core.acts import ActKind, Step

if TYPE_CHECKING:
    from instica_desktop.features.undo import Step, UndoHistory
    from instica_desktop.sync.inverses import Inverses


class UndoOffer(QObject):
    """One step that a message offers to take back. `ended`: it can be no more, so the message goes.

    What is only sent once its message has gone is held as long as the message is there.
    """

    ended = Signal()

    def __init__(self, step: "Step", history: "UndoHistory", inverses: "Inverses", parent: QObject) -> None:
        super().__init__(parent)
        self._step = step
        self._history = history
        self._inverses = inverses
        self._held = any(act.kind is ActKind.DELETE for act in step.acts)
        self._over = False
        history.changed.connect(self._look)

    def stays(self) -> None:
        """The message is being read, and stays a while longer."""
        if self._held:
            self._inverses.hold_on(self._step)

    def taken(self) -> None:
        """Undo was pressed: what is held is held until it is taken back."""
        self._held = False

    def gone(self) -> None:
        """The message has gone: what waited for it is sent."""
        if self._held:
            self._inverses.let_go(self._step)
        self._over = True
        self.deleteLater()

    def _look(self) -> None:
        if not self._over and not self._history.can_undo(self._step):
            self._over = True
            self.ended.emit()
