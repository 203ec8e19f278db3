"""What the window says, read as a new user reads it: every word in sight, and every tooltip."""

import re

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from instica_desktop.qtkit.widgets.status_cell import StatusCell

TECHNICAL = re.compile(
    r"\b(?:\w+Error|\w+Exception|Errno|HTTPS?/|Traceback|timed? ?out|socket|JSON|SQL\w*|None|null|nan)\b"
    r"|\bHTTP \d|\b(?:40[0-9]|429|50[0-9])\b(?! item| record| order| product)"
)
"""What only a programmer would say."""


def sentences(window: QWidget) -> list[str]:
    """Return what is in sight on a window."""
    found: list[str] = []
    for widget in window.findChildren(QWidget):
        if widget.isVisible():
            found += [_words(widget), widget.toolTip()]
    return [words for words in found if words]


def technical(window: QWidget) -> list[str]:
    """Return what is in sight that a seller would not say."""
    return [words for words in sentences(window) if TECHNICAL.search(words)]


def _words(widget: QWidget) -> str:
    match widget:
        case StatusCell():
            return widget.words
        case QLabel() | QAbstractButton():
            return widget.text()
        case _:
            return ""
