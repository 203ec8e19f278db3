"""The window: menu bar, rail, screens, status bar. It knows screens only as `features.context` has them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from instica_desktop.core.errors import InsticaError
from instica_desktop.features.context import Context, Screen
from instica_desktop.features.notices import ActivityPanel, MakeActivity
from instica_desktop.features.offers import UndoOffer
from instica_desktop.features.shell import geometry
from instica_desktop.features.shell.commands import Commands
from instica_desktop.features.shell.links import Links
from instica_desktop.features.shell.notifier import Notifier
from instica_desktop.features.shell.restored_banner import RestoredBanner
from instica_desktop.features.shell.screens import Place, Screens
from instica_desktop.features.shell.shop_rail import ShopRail
from instica_desktop.features.shell.shops_menu import name_of
from instica_desktop.features.shell.status_bar import StatusBar
from instica_desktop.features.shell.ways import Ways
from instica_desktop.qtkit import theme
from instica_desktop.system.accounts import Accounts
from instica_desktop.system.prefs import Prefs

if TYPE_CHECKING:
    from instica_desktop.sync.watching import Watch

NARROW = 1160
"""Under this width of the window the rail shows icons only."""


class MainWindow(QMainWindow):
    """The one window. It shows a shop, or the ways to open one; closing it only asks to quit."""

    quit_requested = Signal()
    other_shop_requested = Signal()
    account_chosen = Signal(object)
    """Another shop of this computer is wanted, as `Account`."""
    connect_again_requested = Signal(object)
    """The key of a shop is wanted anew, for this `Account`."""
    sign_out_requested = Signal()
    remove_requested = Signal()
    """The open shop is to be removed from this computer."""

    def __init__(self, prefs: Prefs, make_activity: MakeActivity | None = None) -> None:
        """`make_activity` makes the list of what waits; without it the cell of edits opens nothing."""
        super().__init__()
        self.prefs = prefs
        self.context: Context | None = None
        self.make_activity = make_activity
        self._activity: ActivityPanel | None = None
        self._closing = False
        theme.apply(cast(QApplication, QApplication.instance()), prefs["theme"])
        self.setObjectName("mainWindow")
        self.setWindowTitle("Instica Desktop")
        self.notifier = Notifier(self, self._room_for_messages)
        self.rail = ShopRail(self)
        self.screens = Screens(self)
        self.status = StatusBar(self)
        self._pages = QStackedWidget(self)
        self._welcome: QWidget | None = None
        self._lay_out()
        self.ways = Ways(self)
        self.links = Links(self)
        self.commands = Commands(self)
        self.rail.chosen.connect(self.go)
        self.screens.rearranged.connect(self.notifier.toasts.place)
        self.status.pending.clicked.connect(self.toggle_activity)
        self.status.way_out_requested.connect(self.ways.go_likely)

    def _lay_out(self) -> None:
        shop = QWidget(self)
        row = QHBoxLayout(shop)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.screens, 1)
        self._shop_page = shop
        self._blank = QWidget(self)
        self._blank.setProperty("surface", "base")
        self._pages.addWidget(self._blank)
        self._pages.addWidget(shop)
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.restored = RestoredBanner(self)
        self.restored.look_requested.connect(self.toggle_activity)
        column.addWidget(self.restored)
        column.addWidget(self._pages, 1)
        column.addWidget(self.status)
        self.setCentralWidget(centre)

    # ------------------------------------------------------------ start and end

    def restore(self) -> None:
        """Take the place of last time, or a sensible one, always where it can be seen."""
        geometry.restore(self, self.prefs)

    def remember(self) -> None:
        """Keep place and screen for the next start."""
        geometry.remember(self, self.prefs)
        if self.screens.current_key:
            self.prefs["last_screen"] = self.screens.current_key

    def close_for_good(self) -> None:
        """Close without asking anybody."""
        self._closing = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask to quit; the window closes once what is being written has been written."""
        if self._closing:
            event.accept()
            return
        event.ignore()
        self.quit_requested.emit()

    # ------------------------------------------------------------ what is shown

    def show_welcome(self, widget: QWidget) -> None:
        """Show the ways to open a shop in place of the shop. What it signals as `notice` is said here."""
        self._take_welcome_away()
        if self._activity:
            self._activity.dismiss()
        self._welcome = widget
        notice = getattr(widget, "notice", None)
        if isinstance(notice, SignalInstance):
            notice.connect(self.say)
        self._pages.addWidget(widget)
        self._pages.setCurrentWidget(widget)
        self.commands.follow_state()
        widget.setFocus()

    def hide_welcome(self) -> None:
        """Go back to the shop that is open."""
        self._take_welcome_away()
        if self.context and (current := self.screens.current()):
            current.activate()

    def _take_welcome_away(self) -> None:
        widget, self._welcome = self._welcome, None
        self._pages.setCurrentWidget(self._shop_page if self.context else self._blank)
        if widget:
            self._pages.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.commands.follow_state()

    @property
    def welcoming(self) -> bool:
        """Whether the ways to open a shop are shown."""
        return self._welcome is not None

    def show_shop(self, context: Context, screens: tuple[Screen, ...]) -> None:
        """Show a shop, on the screen that was open last."""
        self.leave_shop()
        self.context = context
        self.screens.open_shop(context, screens)
        self.restored.follow(context)
        screens = tuple(screen for screen in screens if screen.in_rail)
        self.rail.open_shop(context, screens)
        self.status.follow(context)
        self.commands.follow(context, screens)
        self.setWindowTitle(f"{self._shop_name(context)} – Instica Desktop")
        self._take_welcome_away()
        keys = [screen.key for screen in screens]
        last = self.prefs["last_screen"]
        if keys:
            self.go(last if last in keys else keys[0])

    def _shop_name(self, context: Context) -> str:
        return name_of(context.account, Accounts(self.prefs).all())

    def leave_shop(self) -> None:
        """Let every screen save and stop, and let go of the shop."""
        if self.context is None:
            return
        if self.screens.current_key:
            self.prefs["last_screen"] = self.screens.current_key
        activity, self._activity = self._activity, None
        if activity:
            activity.dismiss()
            activity.leave()
            activity.deleteLater()
        self.screens.leave_shop()
        self.rail.leave_shop()
        self.status.leave()
        self.restored.leave()
        self.commands.leave()
        self.context = None
        self.setWindowTitle("Instica Desktop")
        if self._welcome is None:
            self._pages.setCurrentWidget(self._blank)

    @property
    def place(self) -> Place | None:
        """Where somebody stands in the open shop, and what they can take back."""
        current = self.screens.current()
        if self.context is None or current is None:
            return None
        return Place(self.screens.current_key, current.current_uid(), self.context.undo.piles)

    def stand_again(self, stood: Place) -> None:
        """Go on where somebody stood before the same shop was opened anew."""
        if self.context is not None:
            self.context.undo.go_on_from(stood.piles)
            self.show_screen(stood.screen, stood.uid)

    def go(self, key: str) -> None:
        """Show a screen and begin to work there."""
        if widget := self.screens.go(key):
            self.rail.set_current(key)
            self.status.set_screen(key)
            widget.activate()
            self.notifier.toasts.place()

    def go_back(self) -> bool:
        """Go back from a screen that is not in the rail, to where the keyboard was; False for others."""
        key = self.screens.before()
        if not key:
            return False
        former = next((widget for at, widget in self.screens.visited() if at == key), None)
        focused = former.focusWidget() if former else None
        self.go(key)
        if focused is not None and focused.isVisible():
            focused.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # ------------------------------------------------------------ for the screens (UiServices)

    def say(self, words: str) -> None:
        """Show a short notice that goes by itself."""
        self.notifier.say(words)

    def unsay(self, words: str) -> None:
        """Withdraw a notice that turned out not to be so."""
        self.notifier.unsay(words)

    def show_problem(self, error: InsticaError) -> None:
        """Show what went wrong; technical details only on demand."""
        self.notifier.show_problem(error)

    def offer_undo(self, words: str, undo: Callable[[], None], offer: UndoOffer | None = None) -> None:
        """Show what was done, with Undo; given an offer, for as long as that stands."""
        self.notifier.offer_undo(words, undo, offer)

    def show_work(self, words: str, watch: "Watch") -> None:
        """Show how far long work is until it ends, with a button that stops it."""
        self.notifier.show_work(words, watch)

    def show_screen(self, key: str, uid: str = "", search: str = "") -> None:
        """Go to a screen, to one record of it, or to what matches a search."""
        self.go(key)
        current = self.screens.current()
        if current and self.screens.current_key == key and (uid or search):
            current.reveal(uid, search)

    def open_link(self, url: str) -> None:
        """Open the page a link of a record leads to, once the user agrees to its host."""
        self.links.open(url)

    def show_crash(self, report: str) -> None:
        """Say calmly that something unexpected happened; the report is shown before it can be copied."""
        self.notifier.show_crash(report)

    def _room_for_messages(self) -> QRect:
        """Return where messages may stand: over the rows of a table, or over the page that is shown."""
        current = self.screens.current() if not self.welcoming else None
        if current is None:
            return QRect(self._pages.mapTo(self, QPoint()), self._pages.size())
        room = current.room_for_messages()
        return room.translated(current.mapTo(self, QPoint()))

    # ------------------------------------------------------------ activity and connection

    def toggle_activity(self) -> None:
        """Open the list of what waits above its cell, or close it."""
        if self.context is None or self.make_activity is None or self.welcoming:
            return
        if self._activity is None:
            self._activity = self.make_activity(self.context, self.notifier.log, self)
            self._activity.on_closed(self._activity_closed)
            self._activity.on_way(self.ways.go)
        if self._activity.isVisible():
            self._activity.dismiss()
        else:
            self.status.set_activity_open(True)
            self._activity.open_above(self.status.pending)

    def _activity_closed(self) -> None:
        self.status.set_activity_open(False)

    # ------------------------------------------------------------ size and look

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room to the screens when there is little."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        self.rail.set_narrow(narrow)
        self.status.set_narrow(narrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Esc; undo and redo where a text field, which takes these keys, has nothing to undo."""
        if event.key() == Qt.Key.Key_Escape and not self.welcoming and self.go_back():
            return
        for name, wanted in (
            ("undo", QKeySequence.StandardKey.Undo),
            ("redo", QKeySequence.StandardKey.Redo),
        ):
            if event.matches(wanted) and self.commands.menus[name].isEnabled():
                self.commands.menus[name].trigger()
                return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Look after the ages again when the window comes back to the front."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and hasattr(self, "status"):
            self.status.show_state()

    def part_with_focus(self, parts: list[QWidget]) -> int:
        """Return which of these parts has the keyboard, or -1."""
        focused = QApplication.focusWidget()
        for number, part in enumerate(parts):
            if focused is not None and (part is focused or part.isAncestorOf(focused)):
                return number
        return -1

    def walk(self, step: int) -> None:
        """Move the keyboard to the next part: banner, rail, the screen's parts, status bar, newest notice."""
        current = self.screens.current()
        if current is None or self.welcoming:
            return
        around = (self.restored, self.rail, *current.regions(), self.status)
        parts = [part for part in around if part.isVisible()]
        parts += self.notifier.toasts.toasts[-1:]
        goal = parts[(self.part_with_focus(parts) + step) % len(parts)]
        if goal is self.rail:
            self.rail.take_focus()
        elif goal is self.status:
            self.status.pending.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif goal in self.notifier.toasts.toasts:
            self.notifier.toasts.focus()
        else:
            _focus_within(goal)


def _focus_within(part: QWidget) -> None:
    """Put the keyboard on a part, or on the first thing in it that takes it."""
    if part.focusPolicy() != Qt.FocusPolicy.NoFocus or part.focusProxy():
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return
    children = [
        child
        for child in part.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isVisibleTo(part) and child.isEnabled()
    ]
    if children:
        children[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
