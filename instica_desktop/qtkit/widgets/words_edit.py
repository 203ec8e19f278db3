"""A line for words. Files dropped on it are left alone: taken as words, their source might delete them."""

from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QLineEdit


class WordsEdit(QLineEdit):
    """Takes text that is dropped on it, and no files."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take words."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)
