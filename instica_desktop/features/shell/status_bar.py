"""The line at the foot of the window: connection, edits on their way, long work, age of the records."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from instica_desktop.core.ages import utc_now
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.shell import words
from instica_desktop.features.shell.progress import SendingProgress
from instica_desktop.features.standing import LABELS, next_try_words
from instica_desktop.qtkit.text import Label, set_tooltip
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Meter, Rule
from instica_desktop.qtkit.widgets.status_cell import StatusCell
from instica_desktop.sync import Kind

HEIGHT = 28
SETTLE_MS = 60
"""Changes of state that come together are shown together."""
ENTITIES: dict[str, tuple[Entity, str]] = {
    "inventory": (Entity.ITEM, "Items"),
    "products": (Entity.PRODUCT, "Products"),
    "orders": (Entity.ORDER, "Orders"),
}
"""Whose age the right end tells, by screen."""


class StatusBar(QWidget):
    """Follows `shop.on_state`; a timer only moves ages and countdowns on, and never asks the network."""

    way_out_requested = Signal()
    """The button beside the connection was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setFixedHeight(HEIGHT)
        self._context: Context | None = None
        self._screen = "inventory"
        self._activity_open = False
        self._as_of: datetime | None = None
        self._follows_drafts = False
        self._progress = SendingProgress()
        self.connection = _quiet_cell("connectionCell", self)
        self.next_try = Label("", self, role="caption", ink="text_2", tabular=True)
        self.next_try.setObjectName("nextTry")
        self.way_out = Button("Try now", "wayOut", self, variant="link", height=24)
        self.rule = Rule(self, upright=True, length=14)
        self.pending = StatusCell("pendingCell", self)
        self.meter = Meter("Sending", self)
        self.copy = _quiet_cell("copyCell", self)
        self.age = _quiet_cell("ageCell", self)
        self._lay_out()
        self._settle = self._timer(SETTLE_MS, self.show_state, once=True)
        self._tick = self._timer(1_000, self._move_on)
        self.way_out.clicked.connect(self.way_out_requested)
        self.show_state()

    def _lay_out(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "base")
        self.setProperty("edge", "top")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 1, 4, 0)
        row.setSpacing(2)
        row.addWidget(self.connection)
        row.addSpacing(4)
        row.addWidget(self.next_try)
        row.addWidget(self.way_out)
        row.addSpacing(2)
        row.addWidget(self.rule)
        row.addSpacing(2)
        row.addWidget(self.pending)
        row.addStretch()
        row.addWidget(self.meter)
        row.addSpacing(4)
        row.addWidget(self.copy)
        row.addWidget(self.age)

    def _timer(self, interval: int, call: Callable[[], None], *, once: bool = False) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.setSingleShot(once)
        timer.timeout.connect(call)
        return timer

    # ------------------------------------------------------------ whose state

    def follow(self, context: Context) -> None:
        """Show how a shop stands from now on."""
        self.leave()
        self._context = context
        context.shop.on_state.append(self._changed)
        QTimer.singleShot(0, self, lambda: self._follow_drafts(context))  # after the first rows
        self.show_state()
        self._tick.start()

    def leave(self) -> None:
        """Show that no shop is open."""
        context, self._context = self._context, None
        if context and self._changed in context.shop.on_state:
            context.shop.on_state.remove(self._changed)
        if context and self._follows_drafts:
            context.shop.drafts.on_aside.remove(self._changed)
        self._follows_drafts = False
        self._tick.stop()
        self._settle.stop()
        self._progress = SendingProgress()
        self.show_state()

    def set_screen(self, key: str) -> None:
        """Tell the age of this screen's records."""
        self._screen = key
        self.show_state()

    def set_activity_open(self, is_open: bool) -> None:
        """Show that the list of activity is open above its cell."""
        self._activity_open = is_open
        self.show_state()

    def set_narrow(self, narrow: bool) -> None:
        """Leave the meter out where there is no room for it."""
        self.meter.setProperty("wanted", not narrow)
        self._show_meter()

    def _follow_drafts(self, context: Context) -> None:
        if self._context is context and not self._follows_drafts:
            self._follows_drafts = True
            context.shop.drafts.on_aside.append(self._changed)
            self._changed()

    def _changed(self) -> None:
        if not self._settle.isActive():
            self._settle.start()

    # ------------------------------------------------------------ showing

    def show_state(self) -> None:
        """Show everything as it stands now."""
        context = self._context
        for part in (self.rule, self.pending, self.age):
            part.setVisible(context is not None)
        if context is None:
            self._say(self.connection, words.NOT_CONNECTED)
            for part in (self.next_try, self.way_out, self.meter, self.copy):
                part.hide()
            return
        shop, now = context.shop, utc_now()
        self._say_connection(context, now)
        way = words.way_out(shop.state, context.account)
        self.way_out.setText(LABELS[way] if way else "")
        self.way_out.setAccessibleName(self.way_out.text())
        self.way_out.setVisible(way is not None)
        counts = shop.counts()
        said = words.pending_words(counts, shop.pause, shop.taking_in(), self._unsaved_texts(context))
        pending = words.held_words(counts) if shop.held_back else said
        self._say(self.pending, pending, is_open=self._activity_open)
        known = shop.known(Entity.ITEM)
        self._say(
            self.copy,
            words.copy_words(shop.mirror.state, known, state=shop.state, renewed=shop.renewed),
        )
        self._progress.look(shop)
        self._show_meter()
        self._as_of = shop.as_of(ENTITIES.get(self._screen, ENTITIES["inventory"])[0])
        self._move_on()

    def _unsaved_texts(self, context: Context) -> int:
        """Count the texts that were left and not saved, of records that are here."""
        if not self._follows_drafts or not context.shop.drafts.aside():
            return 0
        from instica_desktop.features.unsaved import unsaved  # the first rows do not wait for it

        return len(unsaved(context))

    def _move_on(self) -> None:
        """Move ages and countdowns on."""
        context = self._context
        if context is None:
            return
        now, state = utc_now(), context.shop.state
        left = next_try_words(state, now)
        self.next_try.setText(left)
        self.next_try.setVisible(bool(left))
        if state.kind is not Kind.CONNECTING:
            self._say_connection(context, now)
        what = ENTITIES.get(self._screen, ENTITIES["inventory"])[1]
        self._say(self.age, words.age_words_of(what, self._as_of, state, context.account, now))

    def _say_connection(self, context: Context, now: datetime) -> None:
        shop = context.shop
        said = words.connection_words(
            shop.state, context.account, now, held=shop.held, pause=shop.pause, full=shop.full
        )
        self._say(self.connection, said)

    def _show_meter(self) -> None:
        share = self._progress.share
        wanted = self.meter.property("wanted") is not False
        self.meter.setVisible(share is not None and wanted)
        self.meter.set_value(share or 0.0)

    def _say(self, cell: StatusCell, what: words.CellWords, *, is_open: bool = False) -> None:
        look = "open" if is_open else what.tone or "plain"
        cell.set_cell(what.text, icon=what.icon, dot=what.dot, working=what.busy, look=look)
        cell.setVisible(bool(what.text))
        set_tooltip(cell, what.tip)


def _quiet_cell(name: str, parent: QWidget) -> StatusCell:
    """Return a cell that cannot be pressed and still shows its tooltip."""
    cell = StatusCell(name, parent, clickable=False)
    cell.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
    return cell
