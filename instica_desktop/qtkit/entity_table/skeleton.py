"""Decides when a row that is not known yet is drawn as blocks: only after a moment, and never in between."""

from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal

from instica_desktop.qtkit.theme.tokens import SKELETON_DELAY_MS

REMEMBERED = 4096


class Skeletons(QObject):
    """Remembers when each unknown row was first looked at. `due` tells that blocks may be drawn now."""

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._seen: dict[int, float] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SKELETON_DELAY_MS)
        self._timer.timeout.connect(self.due)

    def visible(self, index: int) -> bool:
        """Tell whether the unknown row `index` is drawn as blocks; else nothing is drawn yet."""
        now = monotonic()
        since = self._seen.setdefault(index, now)
        if (now - since) * 1000 >= SKELETON_DELAY_MS:
            return True
        if not self._timer.isActive():
            self._timer.start()
        return False

    def known(self, index: int) -> None:
        """Forget a row that is known now."""
        self._seen.pop(index, None)

    def clear(self) -> None:
        """Forget everything, for another feed."""
        self._seen.clear()

    def trim(self) -> None:
        """Keep the memory small after a long scroll."""
        if len(self._seen) > REMEMBERED:
            self._seen.clear()
