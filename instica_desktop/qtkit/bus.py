"""The one message of the program as a Qt signal: what changed."""

from PySide6.QtCore import QObject, Signal


class Bus(QObject):
    """Carries `core.changes.Changes` from whoever wrote to whoever shows. Emit in the GUI thread only."""

    changed = Signal(object)

    def publish(self, changes: object) -> None:
        """Announce changes. A bound method, so that the store can be given it without knowing Qt."""
        self.changed.emit(changes)
