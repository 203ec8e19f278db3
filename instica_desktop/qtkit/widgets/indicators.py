"""Small signs that take no input: key caps, meters, spinners, dots, avatars, rules."""

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.theme import fonts
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.tokens import Token

_FIXED = QSizePolicy.Policy.Fixed


class KeyCap(QWidget):
    """One or more keys, 18 px high."""

    def __init__(self, *keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keys = keys
        self.setAccessibleName("+".join(keys))
        self.setFixedSize(sum(paint.keycap_width(key) for key in keys) + 2 * max(0, len(keys) - 1), 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the caps side by side."""
        painter, x = QPainter(self), 0
        for key in self.keys:
            x += paint.keycap(painter, x, 0, key) + 2


class Meter(QWidget):
    """A bar 4 px high that fills from the left. `value` is 0 to 1."""

    def __init__(self, accessible: str, parent: QWidget | None = None, *, width: int = 64) -> None:
        super().__init__(parent)
        self._label, self._value = accessible, 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding if width == 0 else _FIXED, _FIXED)
        self.setFixedHeight(4)
        if width:
            self.setFixedWidth(width)
        self.set_value(0)

    @property
    def value(self) -> float:
        """How full it is, 0 to 1."""
        return self._value

    def set_value(self, value: float) -> None:
        """Fill it so far."""
        self._value = max(0.0, min(1.0, value))
        self.setAccessibleName(f"{self._label}: {round(self._value * 100)} %")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw track and filling."""
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), 2, color("border"))
        filled = self.width() * self._value
        if filled >= 1:
            paint.rounded(painter, QRectF(0, 0, max(4.0, filled), 4), 2, color("brand"))


class Spinner(QWidget):
    """Something is under way. It turns only while it is seen."""

    def __init__(self, parent: QWidget | None = None, *, size: int = 16, token: Token = "text_2") -> None:
        super().__init__(parent)
        self._token: Token = token
        self._turn = 0.0
        self.setFixedSize(size, size)
        self.setAccessibleName("Working")
        self._timer = QTimer(self)
        self._timer.setInterval(60)
        self._timer.timeout.connect(self._step)

    def _step(self) -> None:
        self._turn = (self._turn + 0.06) % 1
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        """Start."""
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop."""
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the open circle."""
        paint.spinner(QPainter(self), 0, 0, self.width(), self._token, self._turn)


class Dot(QWidget):
    """A round sign of 8 px in a state's colour. A word must stand beside it."""

    def __init__(self, token: Token = "success", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token: Token = token
        self.setFixedSize(8, 8)

    def set_token(self, token: Token) -> None:
        """Change the colour."""
        self._token = token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dot."""
        paint.rounded(QPainter(self), QRectF(self.rect()), 4, color(self._token))


class Avatar(QWidget):
    """A person's initials in a brand circle of 24 px."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(24, 24)
        self._initials = ""
        self.set_name(name)

    @property
    def initials(self) -> str:
        """The letters shown."""
        return self._initials

    def set_name(self, name: str) -> None:
        """Show another person: first letters of the first and last word."""
        words = name.split()
        letters = [word[0] for word in (words if len(words) < 2 else (words[0], words[-1]))]
        self._initials = "".join(letters).upper()
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw circle and letters."""
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), 12, color("brand"))
        painter.setPen(color("on_brand"))
        painter.setFont(fonts.font("avatar"))
        painter.drawText(self.rect(), int(paint.CENTRE), self._initials)


class Rule(QFrame):
    """A line of 1 px: horizontal, or upright."""

    def __init__(self, parent: QWidget | None = None, *, upright: bool = False, length: int = 0) -> None:
        super().__init__(parent)
        self.setProperty("rule_v" if upright else "rule", True)
        if length:
            (self.setFixedHeight if upright else self.setFixedWidth)(length)

    def sizeHint(self) -> QSize:
        """Return one pixel."""
        return QSize(1, 1)
