"""The card of the check: whether the files of the shop are whole, and what to do where they are not."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.ages import clock
from instica_desktop.features.storage.parts import Icon
from instica_desktop.features.storage.words import report_words
from instica_desktop.qtkit.text import Label, set_tooltip
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Rule
from instica_desktop.qtkit.widgets.page import Card
from instica_desktop.sync.care import Finding, Report

BEFORE = "Compares records, search words, filters, waiting edits and their photos. Nothing is changed."
UNDER_WAY = "Checking. You can go on working meanwhile."
MENDS = {
    "reset": ("Reset copy…", "The copy can be fetched again; waiting edits stay."),
    "restore": (
        "Mend at next start",
        "The newest good backup then takes its place, with what can still be read. You are asked before "
        "anything is sent.",
    ),
}
HOLD = "All of them are in memory while the shop is open, and the file is written anew now."
HINTS = {
    "records": "Update Instica Desktop, then check again.",
    "edits": "Update Instica Desktop, then check again.",
    "photos": "Add the photo to its item again, and drop the old one in Activity.",
    "backups": "Back up now to have a good one.",
}


class CheckCard(Card):
    """Shows a `Report`."""

    check_requested = Signal()
    reset_requested = Signal()
    mend_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Check", "checkCard", parent)
        self.sentence.setText(BEFORE)
        self.check = Button("Check now", "checkNow", self, icon="clipboard-list")
        self.add_at_right(self.check)
        self.check.clicked.connect(self.check_requested)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self.body.addLayout(self._rows)
        self._shown: list[QWidget] = []

    def set_busy(self, busy: bool) -> None:
        """Show that a check is under way."""
        self.check.set_busy(busy)
        if busy:
            self._clear()
            self.sentence.setText(UNDER_WAY)
        elif self.sentence.text() == UNDER_WAY:
            self.sentence.setText(BEFORE)

    def show_report(self, report: Report, now: datetime) -> None:
        """Show what a check found."""
        self._clear()
        self.sentence.setText(f"{report_words(report)} Last check at {clock(now)}.")
        self._add(Rule(self))
        if not report.findings:
            self._add(self._row("circle-check", "success", "All is well"))
        for finding in report.findings:
            self._add(self._finding(finding))

    def _finding(self, finding: Finding) -> QWidget:
        way = HOLD if finding.mend == "hold" else HINTS[finding.part]
        word, way = MENDS.get(finding.mend, ("", way))
        row = self._row("circle-alert", "error", finding.message, way)
        set_tooltip(row, finding.details)
        if word:
            button = Button(word, f"mend_{finding.mend}", row, height=28)
            button.clicked.connect(self.reset_requested if finding.mend == "reset" else self.mend_requested)
            layout = row.layout()
            assert layout is not None
            layout.addWidget(button)
        return row

    def _row(self, icon: str, ink: str, headline: str, sentence: str = "") -> QWidget:
        row = QWidget(self)
        row.setObjectName("findingRow")
        row.setAccessibleName(headline)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        token = "success" if ink == "success" else "danger"
        line.addWidget(Icon(icon, row, token=token), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(headline, row, role="medium", ink=ink, wrap=True))
        if sentence:
            words.addWidget(Label(sentence, row, role="caption", ink="text_2", wrap=True))
        line.addLayout(words, 1)
        return row

    def _add(self, widget: QWidget) -> None:
        self._shown.append(widget)
        self._rows.addWidget(widget)
        widget.show()

    def _clear(self) -> None:
        for widget in self._shown:
            self._rows.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._shown = []
