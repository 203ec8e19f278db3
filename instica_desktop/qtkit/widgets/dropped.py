"""What was dropped or pasted: files, addresses of pictures, or a picture itself."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt
from PySide6.QtGui import QDropEvent, QImage

Dropped = Path | bytes | str
"""A file, a picture as PNG, or the https address of one."""


def usable(mime: QMimeData) -> bool:
    """Tell whether a drop may hold pictures."""
    return mime.hasUrls() or mime.hasImage()


def welcome(event: QDropEvent) -> bool:
    """Accept something dragged or dropped that may hold pictures; tell whether it may.

    Always as a copy, whatever is proposed: what was moved its source deletes.
    """
    if not usable(event.mimeData()):
        event.ignore()
        return False
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
    return True


def read(mime: QMimeData) -> list[Dropped]:
    """Return what a drop holds. Files and addresses come before the picture a browser sends besides."""
    found: list[Dropped] = []
    for url in mime.urls():
        if url.isLocalFile():
            found.append(Path(url.toLocalFile()))
        elif url.scheme() in ("http", "https"):
            found.append(url.toString())
    if not found and mime.hasImage():
        picture = png(mime.imageData())
        found += [picture] if picture else []
    return found


def png(image: object) -> bytes:
    """Return a picture as PNG; empty when it is none."""
    if not isinstance(image, QImage) or image.isNull():
        return b""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType]
    return bytes(held.data())
