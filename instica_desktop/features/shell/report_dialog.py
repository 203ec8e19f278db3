"""Technical text shown in full before it is copied: diagnostics, the details of a problem, a crash report."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.theme import fonts
from instica_desktop.qtkit.widgets.button import Button


class ReportDialog(QDialog):
    """A heading, a sentence, the text, and a button that copies exactly that text."""

    def __init__(self, parent: QWidget, title: str, words: str, text: str) -> None:
        super().__init__(parent)
        name_widget(self, "reportDialog", title, words)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 440)
        self.text = QPlainTextEdit(text, self)
        name_widget(self.text, "reportText", "Report")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(fonts.font("caption", True))
        self.copy = Button("Copy diagnostics", "reportCopy", self, variant="filled", icon="copy")
        self.copied = Label("", self, role="caption", ink="success")
        close = Button("Close", "reportClose", self, keys=("Esc",))
        self.copy.clicked.connect(self._copy)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(Label(title, self, role="h2", wrap=True))
        column.addWidget(Label(words, self, ink="text_2", wrap=True))
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.copied)
        row.addStretch()
        row.addWidget(close)
        row.addWidget(self.copy)
        self.setTabOrder(close, self.copy)
        column.addLayout(row)
        self.copy.setFocus()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copied.setText("Copied")
