"""The foot of the rail: who is signed in and which shop this is. Pressed it opens a menu."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import name_widget, set_tooltip
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.fonts import font
from instica_desktop.qtkit.theme.tokens import RAIL_NARROW
from instica_desktop.qtkit.widgets.enter_key import pressed_by
from instica_desktop.qtkit.widgets.focus_ring import attach_ring

PAD = 8


class ShopButton(QPushButton):
    """Who is signed in and which shop this is, with a menu."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._person, self._shop, self._narrow = "", "", False
        name_widget(self, "shopButton", "Shop")
        self.setAutoDefault(False)
        self.setFixedHeight(44)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        attach_ring(self, -2, 8)

    def set_who(self, person: str, shop: str, full: str = "") -> None:
        """Show a person and a shop; without a person the shop stands alone.

        `full` is the shop's name with what tells it from another of that name.
        """
        self._person, self._shop = person, shop
        said = f"{person}, {full or shop}" if person and person != shop else full or shop
        self.setAccessibleName(said)
        set_tooltip(self, said)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter too."""
        if not pressed_by(event, self):
            super().keyPressEvent(event)

    def set_narrow(self, narrow: bool) -> None:
        """Show the initials only, or all."""
        self._narrow = narrow
        self.update()

    @property
    def initials(self) -> str:
        """First letters of the first and last word."""
        words = (self._person or self._shop).split()
        letters = [word[0] for word in (words if len(words) < 2 else (words[0], words[-1]))]
        return "".join(letters).upper()

    def sizeHint(self) -> QSize:
        """Return the size of the narrow form; the layout stretches it."""
        return QSize(RAIL_NARROW - 2 * PAD, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, initials, names and arrow."""
        painter = QPainter(self)
        if self.underMouse() or self.isDown():
            paint.rounded(painter, QRectF(self.rect()), 8, color("raised"))
        left = (self.width() - 24) // 2 if self._narrow else 6
        disc = QRect(left, (self.height() - 24) // 2, 24, 24)
        paint.rounded(painter, QRectF(disc), 12, color("brand"))
        painter.setPen(color("on_brand"))
        painter.setFont(font("avatar"))
        painter.drawText(disc, int(paint.CENTRE), self.initials)
        if not self._narrow:
            self._paint_names(painter)

    def _paint_names(self, painter: QPainter) -> None:
        left, room = 38, self.width() - 38 - 30
        second = self._shop if self._person and self._person != self._shop else ""
        top = 5 if second else 13
        painter.setPen(color("text"))
        painter.setFont(font("strong"))
        first = paint.elided(self._person or self._shop, "strong", room)
        painter.drawText(QRect(left, top, room, 18), int(paint.LEFT), first)
        painter.setPen(color("text_2"))
        painter.setFont(font("micro_medium"))
        painter.drawText(
            QRect(left, 23, room, 15), int(paint.LEFT), paint.elided(second, "micro_medium", room)
        )
        icons.paint(painter, self.width() - 22, (self.height() - 14) // 2, "chevron-up", "text_2", 14)
