"""The card of backups: when each was made, how many unsent edits it holds, and Restore."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.sizes import size_words
from instica_desktop.features.storage.parts import Icon
from instica_desktop.features.storage.words import backup_age, backup_words
from instica_desktop.qtkit.text import Label, set_tooltip
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Rule
from instica_desktop.qtkit.widgets.page import Card
from instica_desktop.sync.care import Backup

WORDS = "Edits that wait to be sent are copied every hour while the shop is open."


class BackupsCard(Card):
    """Lists backups. `restore_requested` carries the one whose button was pressed."""

    back_up_requested = Signal()
    restore_requested = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Backups", "backupsCard", parent)
        self.sentence.setText(WORDS)
        self.back_up = Button("Back up now", "backUpNow", self, icon="save")
        self.add_at_right(self.back_up)
        self.back_up.clicked.connect(self.back_up_requested)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.body.addLayout(self._rows)
        self._shown: list[QWidget] = []

    def show_backups(self, backups: Sequence[Backup], now: datetime) -> None:
        """Show the backups, newest first."""
        for widget in self._shown:
            self._rows.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._shown = []
        for backup in backups:
            self._add(Rule(self))
            self._add(self._row(backup, now))
        if not backups:
            self._add(Rule(self))
            self._add(Label("There is no backup yet.", self, ink="text_3"))

    def _add(self, widget: QWidget) -> None:
        self._shown.append(widget)
        self._rows.addWidget(widget)
        widget.show()

    def _row(self, backup: Backup, now: datetime) -> QWidget:
        row = QWidget(self)
        row.setObjectName("backupRow")
        usable = backup.edits is not None
        when = day_and_clock(backup.at)
        row.setAccessibleName(f"{when}, {backup_words(backup)}")
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(when, row, role="medium", tabular=True))
        note = Label(
            backup_words(backup), row, role="caption", ink="text_2" if usable else "error", wrap=True
        )
        words.addWidget(note)
        line.addWidget(Icon("history" if usable else "circle-alert", row, token="text_3"))
        line.addLayout(words, 1)
        age = Label(backup_age(backup, now), row, role="caption", ink="text_3", tabular=True)
        set_tooltip(age, size_words(backup.size))
        line.addWidget(age, 0, Qt.AlignmentFlag.AlignVCenter)
        restore = Button("Restore…", "restoreBackup", row, height=28, accessible=f"Restore {when}")
        restore.setEnabled(usable)
        restore.clicked.connect(partial(self._wanted, backup))
        line.addWidget(restore)
        return row

    def _wanted(self, backup: Backup, _checked: bool = False) -> None:
        self.restore_requested.emit(backup)
