"""What the panes of one record have alike: the way to its neighbours, and the line that tells it is saved."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from instica_desktop.qtkit.widgets.button import IconButton


def add_steps(row: QHBoxLayout, noun: str, back: Callable[[], None], on: Callable[[], None]) -> None:
    """Add the buttons that go to the record before and to the next one to a pane's head."""
    for icon, name, said, keys, act in (
        ("chevron-up", f"{noun}Former", f"Former {noun}", "Alt+Up", back),
        ("chevron-down", f"{noun}Next", f"Next {noun}", "Alt+Down", on),
    ):
        button = IconButton(icon, name, said, row.parentWidget(), shortcut_hint=keys)
        button.clicked.connect(act)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)


def foot(name: str, saved: QWidget, undo: QWidget, parent: QWidget) -> QWidget:
    """Return the line at the foot of a pane: whether all is saved, and Undo."""
    made = QWidget(parent)
    made.setObjectName(name)
    made.setProperty("surface", "card")
    made.setProperty("edge", "top")
    made.setFixedHeight(32)
    row = QHBoxLayout(made)
    row.setContentsMargins(16, 0, 8, 0)
    row.addWidget(saved, 1)
    row.addWidget(undo)
    return made
