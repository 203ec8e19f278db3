"""Help: every key there is, and what version this is."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollBar, QVBoxLayout, QWidget

from instica_desktop import __version__
from instica_desktop.features.context import Screen
from instica_desktop.features.shell.diagnostics import versions
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import KeyCap
from instica_desktop.qtkit.widgets.scrolled import Scrolled
from instica_desktop.system.resources import resource

Group = tuple[str, tuple[tuple[tuple[str, ...], str], ...]]
GROUPS: tuple[Group, ...] = (
    (
        "Everywhere",
        (
            (("Ctrl", "N"), "New copy; among the products, new product"),
            (("Ctrl", "F"), "Find"),
            (("Ctrl", "Z"), "Undo the last edit"),
            (("Ctrl", "Shift", "Z"), "Redo"),
            (("F5",), "Refresh"),
            (("Esc",), "Back from the settings"),
            (("F6",), "Next part of the window, notices too"),
            (("Shift", "F6"), "Part before"),
            (("F8",), "Activity: what waits to be sent"),
            (("Ctrl", "Shift", "1"), "First shop; 2 to 9 the others"),
            (("Ctrl", ","), "Settings"),
            (("F1",), "Keyboard shortcuts"),
            (("Ctrl", "Q"), "Quit"),
        ),
    ),
    (
        "Beside a table",
        (
            (("F4",), "Begin to grade, or to ship"),
            (("1",), "Mint, while on a grade; 2 to 9 the others"),
            (("→",), "Past P: other sleeves"),
            (("Alt", "↓"), "Next record, same field; Alt ↑ the former"),
            (("Ctrl", "Enter"), "Mark the order shipped"),
            (("Ctrl", "Shift", "C"), "Copy the buyer’s address"),
        ),
    ),
    (
        "In a table",
        (
            (("↑", "↓"), "Row before, next row"),
            (("←", "→"), "Column before, next column"),
            (("Home", "End"), "First, last row"),
            (("Enter",), "Open the record"),
            (("F2",), "Edit the cell; typing on it does so too"),
            (("1",), "Mint, on a grade; 2 to 9 the others"),
            (("Esc",), "Leave without saving"),
            (("Shift", "↓"), "Select more rows"),
            (("Ctrl", "A"), "Select all that match"),
        ),
    ),
    (
        "In Activity",
        (
            (("↑", "↓"), "Edit before, next edit"),
            (("Enter",), "Do what its button says"),
            (("Delete",), "Drop the edit"),
            (("Alt", "↑"), "Send earlier; Alt and ↓ later"),
            (("Esc",), "Close"),
        ),
    ),
    (
        "Two versions of a record",
        (
            (("↑", "↓"), "Field before, next field"),
            (("←", "→"), "Yours, or the server’s"),
            (("F2",), "Write a value of your own"),
            (("Ctrl", "Enter"), "Save the merged record"),
            (("Esc",), "Decide later"),
        ),
    ),
)


FRAME = QSize(16, 56)
"""What the frame around a window takes of a screen."""
_STEPS = {
    Qt.Key.Key_PageUp: QScrollBar.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QScrollBar.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QScrollBar.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QScrollBar.SliderAction.SliderToMaximum,
}


class HelpDialog(QDialog):
    """Base of both: a heading, contents that scroll where the screen is small, and Close."""

    def __init__(self, parent: QWidget, name: str, title: str) -> None:
        super().__init__(parent)
        name_widget(self, name, title)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.close_button = Button("Close", f"{name}Close", self, keys=("Esc",))
        self.close_button.clicked.connect(self.reject)
        self._inside = QWidget(self)
        self._inside.setProperty("surface", "card")
        self.contents = QVBoxLayout(self._inside)
        self.contents.setContentsMargins(0, 0, 0, 0)
        self.contents.setSpacing(8)
        self._scroll = Scrolled(self._inside, f"{name}Scroll", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(Label(title, self, role="h2"))
        column.addWidget(self._scroll, 1)
        column.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)
        self.close_button.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Be as large as the contents, or as the screen."""
        super().showEvent(event)
        inside, bar = self._inside, self._scroll.verticalScrollBar().sizeHint().width()
        self._scroll.setMinimumWidth(inside.minimumSizeHint().width() + bar)
        wanted = self.sizeHint() - self._scroll.sizeHint() + inside.sizeHint() + QSize(bar, 0)
        room = self.screen().availableGeometry().size() - FRAME
        self.resize(wanted.expandedTo(self.minimumSize()).boundedTo(room))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by keys as well."""
        if (step := _STEPS.get(Qt.Key(event.key()))) is not None:
            self._scroll.verticalScrollBar().triggerAction(step)
        else:
            super().keyPressEvent(event)


class ShortcutsDialog(HelpDialog):
    """Lists the keys, in two columns of groups."""

    def __init__(self, parent: QWidget, screens: Sequence[Screen]) -> None:
        super().__init__(parent, "shortcutsDialog", "Keyboard shortcuts")
        groups = list(GROUPS)
        if screens:
            keys = tuple((("Ctrl", str(number)), screen.title) for number, screen in enumerate(screens, 1))
            groups.insert(1, ("Screens", keys))
        columns = QHBoxLayout()
        columns.setSpacing(24)
        for side in (groups[:3], groups[3:]):
            column = QVBoxLayout()
            column.setSpacing(16)
            for group in side:
                column.addLayout(_group(self, group))
            column.addStretch()
            columns.addLayout(column)
        self.contents.addLayout(columns)


def _group(parent: QWidget, group: Group) -> QGridLayout:
    title, rows = group
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(4)
    grid.addWidget(Label(title, parent, role="caption_strong", ink="text_3"), 0, 0, 1, 2)
    for number, (keys, meaning) in enumerate(rows, 1):
        grid.addWidget(Label(meaning, parent), number, 0)
        grid.addWidget(KeyCap(*keys, parent=parent), number, 1, Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    grid.setColumnMinimumWidth(0, 200)
    return grid


class AboutDialog(HelpDialog):
    """Mark, name, version, and the versions of the parts."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "aboutDialog", "About Instica Desktop")
        self.setMinimumWidth(420)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(mark_label(self, 48))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(f"Version {__version__}", self, role="strong"))
        words.addWidget(
            Label("The inventory manager for record sellers. MIT licence.", self, ink="text_2", wrap=True)
        )
        head.addLayout(words, 1)
        self.contents.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for row, (part, version) in enumerate(versions()[1:]):
            grid.addWidget(Label(part, self, role="caption", ink="text_2"), row, 0)
            grid.addWidget(Label(version, self, role="caption", wrap=True), row, 1)
        grid.setColumnStretch(1, 1)
        self.contents.addLayout(grid)


def mark_label(parent: QWidget, side: int) -> Label:
    """Return a label with the program's mark, `side` px square and sharp at the parent's density."""
    label = Label("", parent)
    dpr = parent.devicePixelRatioF()
    pixmap = QPixmap(str(resource("app", "instica-desktop-256.png")))
    scaled = pixmap.scaledToWidth(round(side * dpr), Qt.TransformationMode.SmoothTransformation)
    scaled.setDevicePixelRatio(dpr)
    label.setPixmap(scaled)
    label.setFixedSize(side, side)
    label.setAccessibleName("Instica Desktop")
    return label
