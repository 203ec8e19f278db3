"""One setting on its screen: its name, its help, how things are now, and what changes it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.settings_spec import Setting
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.theme.fonts import font
from instica_desktop.qtkit.widgets.checks import CheckBox
from instica_desktop.qtkit.widgets.inputs import Select
from instica_desktop.qtkit.widgets.segments import Segment, SegmentedControl

INDENT = 24
"""Where the words behind a check box begin."""


class SettingRow(QWidget):
    """Base. `changed` carries the value the user chose."""

    changed = Signal(object)

    def __init__(self, setting: Setting, parent: QWidget) -> None:
        super().__init__(parent)
        self.setting = setting
        self.setObjectName(f"{setting.key}Row")
        self.help = Label(setting.help, self, role="caption", ink="text_2", wrap=True)
        self.note = Label("", self, role="caption", ink="text_3", wrap=True, tabular=True)
        self.note.hide()
        self.words = QVBoxLayout()
        self.words.setContentsMargins(0, 0, 0, 0)
        self.words.setSpacing(2)

    def say(self, note: str) -> None:
        """Tell how things are now; nothing when empty."""
        self.note.setText(note)
        self.note.setVisible(bool(note))


class SwitchRow(SettingRow):
    """On or off: a check box with the name, and the help under it."""

    def __init__(self, setting: Setting, parent: QWidget) -> None:
        super().__init__(setting, parent)
        self.box = CheckBox(setting.name, setting.key, self)
        self.box.setFont(font("medium"))
        self.box.setAccessibleDescription(setting.help)
        self.box.clicked.connect(self._clicked)
        for label in (self.help, self.note):
            label.setContentsMargins(INDENT, 0, 0, 0)
        column = self.words
        column.addWidget(self.box, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.help)
        column.addWidget(self.note)
        self.setLayout(column)

    def show_value(self, value: Any) -> None:
        """Show whether it is on."""
        self.box.setChecked(bool(value))

    def _clicked(self, on: bool) -> None:
        self.changed.emit(on)


class ChoiceRow(SettingRow):
    """One of several: name and help, and the choices at the right. `make` makes what shows them."""

    def __init__(
        self,
        setting: Setting,
        make: Callable[[Setting, QWidget], SegmentedControl | Select],
        parent: QWidget,
        *,
        indent: int = 0,
    ) -> None:
        super().__init__(setting, parent)
        self.control = make(setting, self)
        self.control.setAccessibleDescription(setting.help)
        self.control.chosen.connect(self._chosen)
        for label in (Label(setting.name, self, role="medium"), self.help, self.note):
            self.words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(indent, 0, 0, 0)
        row.setSpacing(24)
        row.addLayout(self.words, 1)
        row.addWidget(self.control, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_value(self, value: Any) -> None:
        """Show the choice in force."""
        self.control.set_value(str(value))

    def _chosen(self, key: str) -> None:
        self.changed.emit(next(choice for choice in self.setting.choices if str(choice) == key))


def segments(setting: Setting, parent: QWidget) -> SegmentedControl:
    """Return few choices side by side."""
    cells = [Segment(str(choice), words) for choice, words in setting.options]
    return SegmentedControl(cells, setting.key, setting.name, parent, height=32)


def select(setting: Setting, parent: QWidget) -> Select:
    """Return many choices as a list that opens."""
    made = Select(setting.key, setting.name, parent)
    made.set_options((str(choice), words) for choice, words in setting.options)
    return made
