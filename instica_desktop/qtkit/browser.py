"""The one way out to the browser. Links of records come here through the window, which asks about them."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_page(url: str) -> None:
    """Open a web page in the system's browser."""
    QDesktopServices.openUrl(QUrl(url))
