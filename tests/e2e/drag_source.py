"""A window to drag files from: `drag_source.py FILE…`. It says what the target did with them."""

import sys

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

ENOUGH = 10
"""Pixels after which a press is a drag."""


class Source(QLabel):
    """The files, to be dragged away."""

    def __init__(self, files: list[str]) -> None:
        super().__init__(f"{len(files)} files")
        self._files = files
        self._pressed = QPointF()
        self.setWindowTitle("drag source")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a drag would begin."""
        self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the files, to be copied or moved, as a file manager offers them."""
        if (event.position() - self._pressed).manhattanLength() < ENOUGH:
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(name) for name in self._files])
        drag = QDrag(self)
        drag.setMimeData(data)
        taken = drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction)
        sys.stdout.write(f"taken as {taken}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    source = Source(sys.argv[1:])
    source.setGeometry(20, 700, 140, 90)
    source.show()
    app.exec()
