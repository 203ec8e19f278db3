"""Words on screen, always as plain text: Qt guesses rich text, and a title may hold `<b>`.

Every label, tooltip and menu entry that shows data is made or set here.
"""

import re

from PySide6.QtGui import QPainter, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QSizePolicy, QWidget

from instica_desktop.qtkit.theme import fonts
from instica_desktop.qtkit.theme.fonts import Role

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Hebrew, Arabic and their neighbours."""


class Label(QLabel):
    """A label of plain text in a named role. `ink` is text, text_2, text_3, brand, error, success, warning
    or info."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        role: Role = "body",
        ink: str = "text",
        wrap: bool = False,
        tabular: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(fonts.font(role, tabular))
        self.setProperty("ink", ink)
        self.setWordWrap(wrap)
        self.setText(text)

    def set_ink(self, ink: str) -> None:
        """Change the colour by name."""
        if self.property("ink") != ink:
            self.setProperty("ink", ink)
            restyle(self)


class ElidedLabel(Label):
    """A label of one line that is cut with … when it does not fit; the whole text is then its tooltip.

    With `middle` its end stays as well: what decides may stand there, such as the last figures of a number.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        role: Role = "body",
        ink: str = "text",
        middle: bool = False,
    ) -> None:
        super().__init__(text, parent, role=role, ink=ink)
        self._mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(24)

    @property
    def shown(self) -> str:
        """What of the text is to be seen."""
        return self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())

    def paintEvent(self, event: object) -> None:
        """Draw the text, cut to the width."""
        painter = QPainter(self)
        area, shown = self.contentsRect(), self.shown
        set_tooltip(self, self.text() if shown != self.text() else "")
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(area, self.alignment() | Qt.TextFlag.TextSingleLine, isolated(shown))


def isolated(text: str) -> str:
    """Keep what is written from right to left, and its …, from changing places with what stands beside it."""
    return f"\u2068{text}\u2069" if not text.isascii() and RIGHT_TO_LEFT.search(text) else text


def plain(text: str) -> str:
    """Return text that Qt shows letter by letter even where it guesses the format (tooltips, status tips)."""
    if not Qt.mightBeRichText(text):
        return text
    from html import escape

    return f"<span>{escape(text)}</span>"


def set_tooltip(widget: QWidget, text: str) -> None:
    """Give a widget a tooltip of plain text."""
    shown = plain(text)
    if widget.toolTip() != shown:
        widget.setToolTip(shown)


def menu_text(text: str) -> str:
    """Return data as the text of a menu entry or button: an & is no shortcut there."""
    return text.replace("&", "&&")


def name_widget(widget: QWidget, name: str, accessible: str, description: str = "") -> None:
    """Give a widget its object name and what a screen reader says about it."""
    widget.setObjectName(name)
    widget.setAccessibleName(accessible)
    if isinstance(widget, QAbstractScrollArea):
        # With a proxy it says that it has the keyboard: a screen reader would speak of something nameless.
        widget.viewport().setFocusProxy(None)  # pyright: ignore[reportArgumentType]
    if description:
        widget.setAccessibleDescription(description)


def restyle(widget: QWidget) -> None:
    """Apply the style sheet again after a property it selects on has changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
