"""The two inputs of the form: an address with its sign, and a key one can look at."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from instica_desktop.features.signin.verdict import clean_key
from instica_desktop.qtkit.text import Label, set_tooltip
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.tokens import Token
from instica_desktop.qtkit.widgets.button import IconButton
from instica_desktop.qtkit.widgets.indicators import Spinner
from instica_desktop.qtkit.widgets.inputs import TextField

HEIGHT = 36


class _TallField(TextField):
    """An input of 36 px."""

    def sizeHint(self) -> QSize:
        """Return the usual width at that height."""
        return QSize(super().sizeHint().width(), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the least width at that height."""
        return QSize(super().minimumSizeHint().width(), HEIGHT)


class AddressField(_TallField):
    """The address of a server. A lock says that the way there is encrypted."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("address", "Address", parent, placeholder="https://app.instica.com", height=HEIGHT)
        self.setTextMargins(0, 0, 24, 0)
        self.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)

    def address(self) -> str:
        """Return what is typed, without blanks around it."""
        return self.text().strip()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lock over the field."""
        super().paintEvent(event)
        if not self.address().lower().startswith("http://"):
            icons.paint(QPainter(self), self.width() - 26, (self.height() - 14) // 2, "lock", "text_3", 14)


class KeyField(_TallField):
    """An API key, hidden unless the eye is pressed. What came along when it was copied is cut off."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            "apiKey", "API key", parent, placeholder="Paste the key here", height=HEIGHT, tabular=True
        )
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setTextMargins(0, 0, 30, 0)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.eye = IconButton("eye", "showKey", "Show the key", self, checkable=True)
        self.eye.toggled.connect(self._show_letters)
        self.textChanged.connect(self._clean)

    def _show_letters(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.eye.set_icon_name("eye-off" if shown else "eye")
        meaning = "Hide the key" if shown else "Show the key"
        self.eye.setAccessibleName(meaning)
        set_tooltip(self.eye, meaning)

    def _clean(self, text: str) -> None:
        cleaned = clean_key(text)
        if cleaned != text:
            self.setText(cleaned)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the eye at the right."""
        super().resizeEvent(event)
        self.eye.move(self.width() - self.eye.width() - 5, (self.height() - self.eye.height()) // 2)


class _Sign(QWidget):
    """An icon of 14 px."""

    def __init__(self, icon: str, token: Token, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon, self._token = icon, token
        self.setFixedSize(14, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        icons.paint(QPainter(self), 0, 0, self._icon, self._token, 14)  # pyright: ignore[reportArgumentType]


class CheckLine(QWidget):
    """The line under the key: what the check is doing, or whose key it is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("checkLine")
        self._spinner = Spinner(self, size=14)
        self._tick = _Sign("circle-check", "success", self)
        self._words = Label("", self, role="caption", ink="text_2", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for sign in (self._spinner, self._tick):
            row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
            sign.hide()
        row.addWidget(self._words, 1)

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def show_checking(self) -> None:
        """Say that the key is being checked."""
        self._say("Checking the key", "text_2")
        self._spinner.show()

    def show_accepted(self, words: str) -> None:
        """Say whose key it is."""
        self._say(words, "success")
        self._tick.show()

    def clear(self) -> None:
        """Say nothing."""
        self._say("", "text_2")

    def _say(self, words: str, ink: str) -> None:
        self._spinner.hide()
        self._tick.hide()
        self._words.set_ink(ink)
        self._words.setText(words)
        self.setAccessibleName(words)
