"""Inputs: one line, money, many lines, a value that is only shown, a choice from a list."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QPlainTextEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from instica_desktop.core.errors import InputError
from instica_desktop.core.money import parse_price, plain_money
from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import Label, name_widget, restyle
from instica_desktop.qtkit.theme import fonts, icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.widgets.words_edit import WordsEdit


class TextField(WordsEdit):
    """One line of text. `icon` stands in front; `height` is 28, 32, 36 or 40."""

    def __init__(
        self,
        name: str,
        accessible: str,
        parent: QWidget | None = None,
        *,
        placeholder: str = "",
        icon: str = "",
        height: int = 32,
        tabular: bool = False,
    ) -> None:
        super().__init__(parent)
        name_widget(self, name, accessible)
        self.setFont(fonts.font("body", tabular))
        self.setPlaceholderText(placeholder)
        self.setProperty("size", str(height))
        self._icon = icon
        if icon:
            self.setTextMargins(20, 0, 0, 0)

    def set_invalid(self, invalid: bool) -> None:
        """Show or take away the red border."""
        _mark(self, invalid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave undo and redo to the window where there is nothing of them here."""
        if _for_the_window(event, self.isUndoAvailable(), self.isRedoAvailable()):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon over the field."""
        super().paintEvent(event)
        if self._icon:
            ink = "text_2" if self.isEnabled() else "text_3"
            icons.paint(QPainter(self), 10, (self.height() - 14) // 2, self._icon, ink, 14)


class MoneyField(TextField):
    """A price: $ in front, figures right. The typed text stays as it is until it can be read.

    `amount_changed` is emitted when editing ends with another amount (Decimal, or None for empty).
    """

    amount_changed = Signal(object)

    def __init__(
        self,
        name: str,
        accessible: str,
        parent: QWidget | None = None,
        *,
        placeholder: str = "",
        height: int = 32,
    ) -> None:
        super().__init__(name, accessible, parent, placeholder=placeholder, height=height, tabular=True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._known: Decimal | None = None
        self.editingFinished.connect(self._finished)

    def amount(self) -> Decimal | None:
        """Return what is typed; None for empty. Raises InputError with an example of a right value."""
        return parse_price(self.text())

    def set_amount(self, amount: Decimal | None) -> None:
        """Show an amount without a signal."""
        self._known = amount
        self.setText(plain_money(amount))
        self.set_invalid(False)

    def _finished(self) -> None:
        try:
            amount = self.amount()
        except InputError:
            return  # the form says what is wrong; the text stays
        if amount != self._known:
            self._known = amount
            self.amount_changed.emit(amount)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dollar sign in front of the figures."""
        super().paintEvent(event)
        words = self.text()
        if not words:
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(color("text_2" if self.isEnabled() else "text_3"))
        used = self.fontMetrics().horizontalAdvance(words)
        right = self.width() - 12 - used - 6
        if right > 12:
            painter.drawText(QRect(0, 0, right, self.height()), int(paint.RIGHT), "$")


class TextArea(QPlainTextEdit):
    """Several lines of plain text. Tab leaves it. `edited` is emitted when the keyboard leaves a changed
    text."""

    edited = Signal(str)

    def __init__(
        self,
        name: str,
        accessible: str,
        parent: QWidget | None = None,
        *,
        placeholder: str = "",
        lines: int = 2,
    ) -> None:
        super().__init__(parent)
        name_widget(self, name, accessible)
        self.setFont(fonts.font("body"))
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFixedHeight(lines * 20 + 16)
        self._known = ""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take words that are dropped, and no files: see `WordsEdit`."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave undo and redo to the window where there is nothing of them here."""
        text = self.document()
        if _for_the_window(event, text.isUndoAvailable(), text.isRedoAvailable()):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def text(self) -> str:
        """Return the text."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Show a text without a signal."""
        self._known = text
        if self.toPlainText() != text:
            self.setPlainText(text)

    def set_invalid(self, invalid: bool) -> None:
        """Show or take away the red border."""
        _mark(self, invalid)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Report the text."""
        super().focusOutEvent(event)
        if self.text() != self._known:
            self._known = self.text()
            self.edited.emit(self._known)


class ReadOnlyValue(Label):
    """A value nobody can change here: 32 px high on raised. It can be selected and copied."""

    def __init__(
        self,
        name: str,
        accessible: str,
        parent: QWidget | None = None,
        *,
        money: bool = False,
        strong: bool = False,
    ) -> None:
        role = "large_strong" if strong else "body"
        super().__init__("", parent, role=role, tabular=money)
        name_widget(self, name, accessible)
        self._money = money
        self.setProperty("readonly", True)
        self.setFixedHeight(32)
        self.setContentsMargins(10, 0, 10, 0)
        flag = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flag.TextSelectableByMouse | flag.TextSelectableByKeyboard)
        if money:
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def set_value(self, text: str) -> None:
        """Show a value; money gets its $ from here."""
        self.setText(f"$ {text}" if self._money and text and text[0].isdigit() else text)


class _OptionDelegate(QStyledItemDelegate):
    """Draws a row of the open list as menus draw theirs."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(paint.text_width(str(index.data()), "body") + 24, 28)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        area: QRect = option.rect  # type: ignore[attr-defined]
        on = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if on:
            paint.rounded(painter, area.toRectF(), 6, color("tint"))
        painter.setPen(color("on_tint" if on else "text"))
        painter.setFont(fonts.font("body"))
        words = paint.elided(str(index.data()), "body", area.width() - 16)
        painter.drawText(area.adjusted(8, 0, -8, 0), int(paint.LEFT), words)


class Select(QComboBox):
    """A choice from a list of (key, words). `chosen` is emitted with the key when the user picks."""

    chosen = Signal(str)

    def __init__(
        self, name: str, accessible: str, parent: QWidget | None = None, *, height: int = 32
    ) -> None:
        super().__init__(parent)
        name_widget(self, name, accessible)
        self.setFont(fonts.font("body"))
        self.setProperty("size", str(height))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setItemDelegate(_OptionDelegate(self))
        self.activated.connect(self._picked)

    def set_options(self, options: Iterable[tuple[str, str]]) -> None:
        """Offer (key, words) pairs; the value stays if it is still there."""
        value = self.value
        self.clear()
        for key, words in options:
            self.addItem(words, key)
        self.set_value(value)

    @property
    def value(self) -> str:
        """The key shown; empty for none."""
        data: Any = self.currentData()
        return data if isinstance(data, str) else ""

    def set_value(self, key: str) -> None:
        """Show a choice without a signal."""
        self.setCurrentIndex(self.findData(key))

    def _picked(self, _index: int) -> None:
        self.chosen.emit(self.value)

    def set_invalid(self, invalid: bool) -> None:
        """Show or take away the red border."""
        _mark(self, invalid)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the wheel scroll the form: a choice must not change by the way."""
        event.ignore()

    def sizeHint(self) -> QSize:
        """Return room for words and arrow."""
        return super().sizeHint().expandedTo(QSize(72, 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the arrow over the field."""
        super().paintEvent(event)
        ink = "text_2" if self.isEnabled() else "text_3"
        at = ((self.width() - 26), (self.height() - 16) // 2)
        icons.paint(QPainter(self), at[0], at[1], "chevron-down", ink, 16)


def _mark(field: QWidget, invalid: bool) -> None:
    if bool(field.property("invalid")) != invalid:
        field.setProperty("invalid", invalid)
        restyle(field)


def _for_the_window(event: QKeyEvent, undo: bool, redo: bool) -> bool:
    """Tell whether a key wants an undo or a redo that a field does not have."""
    undoes, redoes = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
    return (event.matches(undoes) and not undo) or (event.matches(redoes) and not redo)
