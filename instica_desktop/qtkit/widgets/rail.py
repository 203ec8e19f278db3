"""The rail at the left edge: 200 px with words, or 52 px with icons and tooltips."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import Label, name_widget, set_tooltip
from instica_desktop.qtkit.theme import fonts, icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.fonts import Role
from instica_desktop.qtkit.theme.tokens import RAIL_NARROW, RAIL_WIDE, Token
from instica_desktop.qtkit.widgets.enter_key import pressed_by
from instica_desktop.qtkit.widgets.focus_ring import attach_ring


class RailItem(QPushButton):
    """A place to go: icon, word, count. With `view` it is a saved view: lower, without an icon, hidden when
    narrow."""

    def __init__(
        self, key: str, words: str, parent: QWidget | None = None, *, icon: str = "", view: bool = False
    ) -> None:
        super().__init__(parent)
        name_widget(self, f"rail_{key}", words)
        self.key, self._words, self._icon, self._view = key, words, icon, view
        self._count, self._dot, self._narrow = "", False, False
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(28 if view else 32)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        attach_ring(self, -2, 8)

    @property
    def words(self) -> str:
        """The word."""
        return self._words

    def set_words(self, words: str) -> None:
        """Change the word."""
        self._words = words
        self._spoken()

    def set_count(self, count: int | None, *, dot: bool = False) -> None:
        """Show a number; None takes it away. `dot` marks the icon when the rail is narrow."""
        self._count = "" if count is None else f"{count:,}"
        self._dot = dot and bool(count)
        self._spoken()

    def set_narrow(self, narrow: bool) -> None:
        """Show the icon only."""
        self._narrow = narrow
        self.setVisible(not (narrow and self._view))
        self.setFixedHeight(36 if narrow else 28 if self._view else 32)
        self._spoken()

    def _spoken(self) -> None:
        self.setAccessibleName(f"{self._words}, {self._count}" if self._count else self._words)
        set_tooltip(self, self._words if self._narrow else "")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter too."""
        if not pressed_by(event, self):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return the height; the rail gives the width."""
        return QSize(36, self.height())

    def nextCheckState(self) -> None:
        """Stay on when pressed again; the rail turns others off."""
        self.setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, icon, word and count."""
        painter = QPainter(self)
        ink = self._ground(painter)
        if self._narrow:
            icons.paint(painter, (self.width() - 18) // 2, 9, self._icon, ink, 18)
            if self._dot:
                paint.rounded(painter, QRectF(self.width() - 10, 2, 8, 8), 4, color("brand"))
            return
        left = 8
        if self._icon:
            icons.paint(painter, left, (self.height() - 18) // 2, self._icon, ink, 18)
            left += 28
        count = paint.text_width(self._count, "caption_medium", True) + 8 if self._count else 0
        role = self._role()
        painter.setPen(color(ink))
        painter.setFont(fonts.font(role))
        words = paint.elided(self._words, role, self.width() - left - 8 - count)
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), int(paint.LEFT), words)
        if self._count:
            on = self.isChecked() and not self._view
            painter.setPen(
                color("on_tint" if on else "text_2" if self.isChecked() or self.underMouse() else "text_3")
            )
            painter.setFont(fonts.font("caption_medium" if on else "caption", True))
            painter.drawText(self.rect().adjusted(0, 0, -8, 0), int(paint.RIGHT), self._count)

    def _role(self) -> Role:
        if self._view:
            return "medium" if self.isChecked() else "body"
        return "strong" if self.isChecked() else "medium"

    def _ground(self, painter: QPainter) -> Token:
        if self.isChecked() and not self._view:
            paint.rounded(painter, QRectF(self.rect()), 8, color("tint"))
            return "on_tint"
        if self.isChecked() or self.underMouse():
            paint.rounded(painter, QRectF(self.rect()), 8, color("raised"))
            return "text" if self.isChecked() else "text_2"
        return "text_2"


class RailHeading(Label):
    """Small words above a group; hidden when the rail is narrow."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent, role="micro", ink="text_3")
        self.setContentsMargins(8, 16, 4, 4)


class Rail(QWidget):
    """Items from the top, others at the bottom below a rule. `chosen` carries the key of an item pressed.

    `contents` and `foot` are layouts: any widget may be added; one with a `set_narrow(bool)` method is told.
    """

    chosen = Signal(str)

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name_widget(self, name, accessible)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "base")
        self._narrow = False
        self._items: dict[str, RailItem] = {}
        self.contents = QVBoxLayout()
        self.contents.setSpacing(2)
        self.foot = QVBoxLayout()
        self.foot.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 9, 8)
        column.setSpacing(0)
        column.addLayout(self.contents)
        column.addStretch()
        column.addSpacing(9)
        column.addLayout(self.foot)
        self.setFixedWidth(RAIL_WIDE)

    def add_item(self, item: RailItem, *, foot: bool = False, at: int = -1) -> RailItem:
        """Add an item to the top part, or to the foot; `at` is its place there."""
        (self.foot if foot else self.contents).insertWidget(at, item)
        item.clicked.connect(self._pressed)
        item.set_narrow(self._narrow)
        self._items[item.key] = item
        return item

    def remove_item(self, key: str) -> None:
        """Take an item away."""
        item = self._items.pop(key, None)
        if item is not None:
            item.hide()
            item.deleteLater()

    def item(self, key: str) -> RailItem:
        """Return an item by its key."""
        return self._items[key]

    def set_current(self, *keys: str) -> None:
        """Turn on the items with these keys (a place and perhaps a saved view) and all others off."""
        for key, item in self._items.items():
            item.setChecked(key in keys)

    def set_narrow(self, narrow: bool) -> None:
        """Show icons only, or words too."""
        self._narrow = narrow
        self.setFixedWidth(RAIL_NARROW if narrow else RAIL_WIDE)
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if isinstance(child, RailHeading):
                child.setVisible(not narrow)
            elif hasattr(child, "set_narrow"):
                child.set_narrow(narrow)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

    @property
    def narrow(self) -> bool:
        """Icons only."""
        return self._narrow

    def _pressed(self) -> None:
        sender = self.sender()
        if isinstance(sender, RailItem):
            self.chosen.emit(sender.key)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, right edge, and the rule above the foot."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("base"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), color("border"))
        if self.foot.count():
            painter.fillRect(0, self.foot.geometry().top() - 9, self.width(), 1, color("border"))
