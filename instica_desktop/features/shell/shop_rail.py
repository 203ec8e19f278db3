"""The rail of an open shop: its screens with their counts, and at the foot whose shop it is."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from instica_desktop.core.models import User
from instica_desktop.features.context import Context, Screen
from instica_desktop.features.shell.rail_counts import RailCounts
from instica_desktop.features.shell.shop_button import ShopButton
from instica_desktop.features.shell.shops_menu import name_of
from instica_desktop.qtkit.alpha import round_off
from instica_desktop.qtkit.text import set_tooltip
from instica_desktop.qtkit.widgets.rail import Rail, RailItem
from instica_desktop.system.accounts import Accounts

MEANING = {"orders": "to ship"}


class ShopRail(Rail):
    """Follows one shop at a time. The arrow keys walk through it. `menu` is what the foot opens."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("rail", "Screens", parent)
        self.items: dict[str, RailItem] = {}
        self.menu = QMenu(self)
        round_off(self.menu)
        self.menu.setObjectName("shopMenu")
        self.shop_button = ShopButton(self)
        self.foot.addWidget(self.shop_button)
        self._context: Context | None = None
        self._counts: RailCounts | None = None
        self.shop_button.clicked.connect(self._open_menu)

    def open_shop(self, context: Context, screens: Sequence[Screen]) -> None:
        """Offer a shop's screens and count their records."""
        self.leave_shop()
        self._context = context
        before: QWidget | None = None
        for number, screen in enumerate(screens, 1):
            item = self.add_item(RailItem(screen.key, screen.title, self, icon=screen.icon))
            set_tooltip(item, f"{screen.title} (Ctrl+{number})")
            self.items[screen.key] = item
            if before:
                QWidget.setTabOrder(before, item)
            before = item
        if before:
            QWidget.setTabOrder(before, self.shop_button)
        context.shop.on_state.append(self._show_who)
        self._counts = RailCounts(context, self._show_count, self)
        self._show_who()

    def leave_shop(self) -> None:
        """Let go of the shop."""
        context, self._context = self._context, None
        if context and self._show_who in context.shop.on_state:
            context.shop.on_state.remove(self._show_who)
        if self._counts:
            self._counts.close()
            self._counts.deleteLater()
            self._counts = None
        for key in self.items:
            self.remove_item(key)
        self.items = {}

    def take_focus(self) -> None:
        """Put the keyboard on the current screen's entry, on the first where it has none, as the settings."""
        stops: list[QPushButton] = [*self.items.values(), self.shop_button]
        current = next((item for item in stops if item.isChecked()), stops[0])
        current.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrow keys."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        stops: list[QPushButton] = [*self.items.values(), self.shop_button]
        focused = next((at for at, stop in enumerate(stops) if stop.hasFocus()), None)
        if step is None or focused is None:
            super().keyPressEvent(event)
            return
        stops[(focused + step) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)

    def _show_count(self, key: str, count: int | None) -> None:
        if item := self.items.get(key):
            item.set_count(count, dot=key == "orders")
            if key in MEANING and count:
                item.setAccessibleName(f"{item.words}, {count:,} {MEANING[key]}")

    def _show_who(self) -> None:
        if self._context:
            account = self._context.account
            name = name_of(account, Accounts(self._context.prefs).all())
            self.shop_button.set_who(person_name(self._context.shop.user), account.label or "Shop", name)

    def _open_menu(self) -> None:
        height = self.menu.sizeHint().height()
        self.menu.popup(self.shop_button.mapToGlobal(QPoint(0, -height - 4)))


def person_name(user: User | None) -> str:
    """Return how a person is called: the name they prefer, else first and last name, else the user name."""
    if user is None:
        return ""
    preferred = user.preferences.preferred_name if user.preferences else None
    full = " ".join(part for part in (user.first_name, user.last_name) if part)
    return preferred or full or user.username or user.email
