"""The list of what has not been delivered, in a card above the status bar, with what can be done about it."""

from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.ages import utc_now
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import GONE, SENDABLE, Operation, OpKind, OpState
from instica_desktop.features.activity.column import Column, Part
from instica_desktop.features.activity.groups import (
    Card,
    Entry,
    Group,
    asks_before_dropping,
    card_entry,
    cards,
    dropping_words,
    grouped,
    sent_words,
    summary,
)
from instica_desktop.features.activity.mirror_row import MirrorRow
from instica_desktop.features.activity.outlook import FREE, LABELS, Outlook, outlook
from instica_desktop.features.activity.parts import Heading, InsetRule, More, NoticeRow, TypedRow, artist_of
from instica_desktop.features.activity.row import OperationRow
from instica_desktop.features.activity.settling import Settling
from instica_desktop.features.activity.state_card import StateCard
from instica_desktop.features.context import Context
from instica_desktop.features.notices import Notice, NoticeLog
from instica_desktop.features.standing import Way
from instica_desktop.features.unsaved import SCREENS, Unsaved, give_up, take_up, unsaved
from instica_desktop.qtkit import dialogs
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.button import Button, IconButton
from instica_desktop.qtkit.widgets.empty_state import EmptyState, StateSpec
from instica_desktop.qtkit.widgets.indicators import Rule
from instica_desktop.qtkit.widgets.inner_popover import InnerPopover
from instica_desktop.qtkit.widgets.scrolled import Scrolled

WIDTH = 472
Groups = list[tuple[Group, list[Card]]]
WAITING = (*SENDABLE, OpState.PAUSED_AUTH, OpState.PAUSED_PLAN)
SETTLE_MS = 80
SHOWN = 100
"""Rows per group; thousands of waiting edits are counted, not drawn."""
EMPTY = StateSpec(
    icon="circle-check",
    headline="Nothing waiting",
    sentence="Every edit is on the server.",
)


class ActivityPopover(InnerPopover):
    """Follows a shop's operations while it is open."""

    def __init__(self, context: Context, notices: NoticeLog, window: QWidget) -> None:
        super().__init__("activity", "Activity", window, width=WIDTH)
        self._context, self._notices, self._home = context, notices, window
        self._scope = TaskScope(self)
        self._rows: list[OperationRow] = []
        self._artists: dict[tuple[Entity, str], str] = {}
        self._seen: object = None
        self._outlook = FREE
        self._typed: list[Unsaved] = []
        self._settling = Settling(context, window)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.show_state)
        self.state_card = StateCard(context, self)
        self.sentence = Label("", self, role="caption", ink="text_2", wrap=True)
        self.export_button = Button("Export…", "exportWaiting", self, variant="link", height=24)
        self.send = Button("Send now", "sendNow", self, variant="link", height=24)
        self.close_button = IconButton("x", "activityClose", "Close", self, shortcut_hint="Esc")
        self.mirror = MirrorRow(context.shop, self)
        self.mirror.changed.connect(self._fit)
        self._lay_out()
        self.send.clicked.connect(self.send_now)
        self.export_button.clicked.connect(self.export)
        self.close_button.clicked.connect(self.dismiss)
        self.state_card.fitted.connect(self._fit)
        context.shop.on_state.append(self._changed)
        context.shop.drafts.on_aside.append(self._changed)
        notices.changed.connect(self._changed)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label("Activity", self, role="h4"))
        words.addWidget(self.sentence)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 12, 12)
        head.addLayout(words, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignVCenter)
        inside = QWidget(self)
        inside.setProperty("surface", "card")
        self._column = Column(inside)
        self._scroll = Scrolled(inside, "activityList", self)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 4, 8, 6)
        self.foot = Label("", self, role="caption", ink="text_3")
        foot.addWidget(self.foot, 1)
        foot.addWidget(self.export_button)
        foot.addWidget(self.send)
        self._foot_rule = Rule(self)
        self.body.addLayout(head)
        self.body.addWidget(self.state_card)
        self.body.addWidget(Rule(self))
        self.body.addWidget(self.mirror)
        self.body.addWidget(self._scroll)
        self.body.addWidget(self._foot_rule)
        self.body.addLayout(foot)

    # ------------------------------------------------------------ open and close

    def open_above(self, anchor: QWidget, gap: int = 8) -> None:
        """Open over a cell of the status bar, with the keyboard on the first edit."""
        self._seen = None
        self._artists.clear()
        self.show_state()
        super().open_above(anchor, gap)
        self._focus(0)

    def dismiss(self) -> None:
        """Close."""
        self.close()

    def on_closed(self, call: Callable[[], None]) -> None:
        """Have a bound method called whenever it goes."""
        self.closed.connect(call)

    def on_way(self, call: Callable[[Way], None]) -> None:
        """Have a bound method called when a button of the connection's state is pressed."""
        self.state_card.way_wanted.connect(call)

    def leave(self) -> None:
        """Follow the shop no longer."""
        if self._changed in self._context.shop.on_state:
            self._context.shop.on_state.remove(self._changed)
            self._context.shop.drafts.on_aside.remove(self._changed)
        self._settle.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Be no higher than the window leaves room for."""
        super().showEvent(event)
        self._fit()
        self._notices.read()

    # ------------------------------------------------------------ showing

    def _changed(self) -> None:
        if self.isVisible() and not self._settle.isActive():
            self._settle.start()

    def show_state(self) -> None:
        """Show the operations as they stand, if they stand differently from what is shown."""
        self.state_card.show_state()
        self.mirror.show_state()
        shop = self._context.shop
        operations = shop.operations()
        problems = self._notices.problems
        now = utc_now()
        self._outlook = self._looked_out()
        groups = [(group, cards(group.operations)) for group in grouped(operations, sends=self._sends)]
        entries = [(one.first.uuid, self._entry(one, now)) for _, own in groups for one in own]
        self._typed = unsaved(self._context)
        seen = (operations, entries, problems, self._typed, self._outlook, shop.outgoing.sent_today())
        if seen == self._seen:
            return
        self._seen = seen
        typed = len(self._typed)
        self.sentence.setText(summary(operations, self._outlook.when, shop.taking_in(), typed))
        self._show_foot(operations)
        self._fill(groups, dict(entries), problems)

    def _looked_out(self) -> Outlook:
        shop = self._context.shop
        return outlook(
            shop.state,
            self._context.account,
            restored=shop.held_back,
            stuck=shop.outgoing.stuck(),
            pause=shop.pause,
            full=shop.full,
        )

    def _show_foot(self, operations: list[Operation]) -> None:
        waiting = any(one.state in WAITING for one in operations)
        label = LABELS[self._outlook.step]
        self.send.setText(label)
        self.send.setAccessibleName(label)
        self.send.setVisible(waiting and bool(label))
        self.export_button.setVisible(bool(operations))
        self.foot.setText(sent_words(self._context.shop.outgoing.sent_today()))
        shown = bool(operations) or bool(self.foot.text())
        self.foot.setVisible(shown)
        self._foot_rule.setVisible(shown)

    @property
    def _sends(self) -> bool:
        return self._outlook == FREE

    def _fill(self, groups: Groups, entries: dict[str, Entry], problems: list[Notice]) -> None:
        at = next((number for number, row in enumerate(self._rows) if row.isAncestorOf(_focus(self))), -1)
        held = self._rows[at] if at >= 0 else None
        parts = [*self._typed_texts(), *self._groups(groups, entries), *self._reported(problems)]
        widgets = self._column.show(parts)
        self._rows = [widget for widget in widgets if isinstance(widget, OperationRow)]
        self._fit()
        if held is not None and held not in self._rows:
            again = (number for number, row in enumerate(self._rows) if row.uuid == held.uuid)
            self._focus(next(again, at))

    def _groups(self, groups: Groups, entries: dict[str, Entry]) -> Iterator[Part]:
        """Say what stands in the list: headings, edits with a rule between them, how many more there are."""
        several = len(self._context.shop.outgoing.objects()) > 1
        for group, own in groups:
            number = len(group.operations)
            yield Part(("heading", group.title, number), partial(Heading, group.title, number))
            for place, card in enumerate(own[:SHOWN]):
                operation = card.first
                if place:
                    yield Part(("rule", operation.uuid), InsetRule)
                movable = group.title == "Waiting" and several
                yield self._part(operation, entries[operation.uuid], movable=movable)
            left = sum(len(card.operations) for card in own[SHOWN:])
            if left:
                yield Part(("more", group.title, left), partial(More, left))
        if not groups and not self._typed:
            yield Part("empty", partial(EmptyState, EMPTY), Qt.AlignmentFlag.AlignHCenter)

    def _part(self, operation: Operation, shown: Entry, *, movable: bool) -> Part:
        uuid, title, by = operation.uuid, operation.title, self._artist(operation)
        return Part((uuid, title, by, shown, movable), partial(self._row, uuid, title, by, shown, movable))

    def _row(
        self, uuid: str, title: str, by: str, shown: Entry, movable: bool, parent: QWidget
    ) -> OperationRow:
        row = OperationRow(uuid, title, by, shown, parent, movable=movable)
        row.reordered.connect(partial(self._reorder, uuid))
        row.acted.connect(partial(self._acted, uuid))
        row.moved.connect(partial(self._walk, row))
        return row

    def _entry(self, card: Card, now: datetime) -> Entry:
        upload = self._context.shop.upload_progress(card.first.uuid)
        return card_entry(card, now, upload, sends=self._sends)

    def _reported(self, problems: list[Notice]) -> Iterator[Part]:
        if problems:
            yield Part(("reported", len(problems)), partial(Heading, "Reported earlier", len(problems)))
        for notice in problems:
            yield Part(("notice", notice), partial(self._notice, notice))

    def _typed_texts(self) -> Iterator[Part]:
        """Say what was typed, left and not saved."""
        if self._typed:
            number = len(self._typed)
            yield Part(("typed", number), partial(Heading, "Typed and not saved", number))
        for text in self._typed[:SHOWN]:
            yield Part(("text", text), partial(self._typed_row, text))

    def _typed_row(self, text: Unsaved, parent: QWidget) -> TypedRow:
        row = TypedRow(text, parent)
        row.wanted.connect(self._lead_to)
        row.dropped.connect(self._drop_text)
        return row

    def _lead_to(self, text: Unsaved) -> None:
        self.dismiss()
        self._context.ui.show_screen(SCREENS[text.entity], uid=text.uid)

    def _drop_text(self, text: Unsaved) -> None:
        """Drop what was typed and not saved, and offer to put it back."""
        again = partial(take_up, self._context, give_up(self._context, text))
        self._context.ui.offer_undo(f"Dropped: {text.words} for {text.title}", again)

    def _notice(self, notice: Notice, parent: QWidget) -> NoticeRow:
        row = NoticeRow(notice, parent)
        row.details_wanted.connect(self._show_details)
        return row

    def _artist(self, operation: Operation) -> str:
        """Return whose record it is; looked up once while the list is open."""
        key = (operation.entity, operation.uid)
        if key not in self._artists:
            row = self._context.shop.row(*key)
            self._artists[key] = artist_of(row.data) if row else ""
        return self._artists[key]

    def _fit(self) -> None:
        """Give the list the height of its rows, and no more than three quarters of the window."""
        wanted = self._column.height(WIDTH)
        above = self.state_card.height() + (self.mirror.height() if self.mirror.isVisibleTo(self) else 0)
        room = max(160, round(self._home.height() * 0.75) - 120 - above)
        height = min(wanted, room)
        fits = self.height() == self.sizeHint().height()
        if fits and self._scroll.height() == height and self._scroll.minimumHeight() == height:
            return
        foot = self.geometry().bottom()
        self._scroll.setFixedHeight(height)
        self.adjustSize()
        if self.isVisible():  # grow upwards: the foot stays above its cell
            self.move(self.x(), foot - self.height() + 1)

    # ------------------------------------------------------------ keyboard

    def _focus(self, number: int) -> None:
        if self._rows:
            row = self._rows[min(number, len(self._rows) - 1)]
            row.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(row, 0, 32)
        else:
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _walk(self, row: OperationRow, step: int) -> None:
        if row in self._rows:
            self._focus(max(0, self._rows.index(row) + step))

    # ------------------------------------------------------------ acts

    def send_now(self) -> None:
        """Send without waiting for the next try; what was restored, once the user says so."""
        if self._outlook.step == "confirm":
            self._spawn(self._context.shop.care.confirm(), "confirm restored")
        else:
            self._spawn(self._context.shop.send_now(), "send now")

    def _operation(self, uuid: str) -> Operation | None:
        """Return an edit as it stands now; a row may be older, and the edit may have been sent."""
        return next((one for one in self._context.shop.operations() if one.uuid == uuid), None)

    def _reorder(self, uuid: str, step: int) -> None:
        """Send a record's edits earlier or later; those of one record keep their order."""
        if operation := self._operation(uuid):
            key = (operation.entity, operation.uid)
            self._spawn(self._context.shop.outgoing.move(key, step), "reorder")

    def export(self) -> None:
        """Write what waits into a file."""
        self.dismiss()
        self._spawn(self._export(), "export")

    async def _export(self) -> None:
        name = f"Instica edits {utc_now().astimezone():%Y-%m-%d}.zip"
        target = await dialogs.save_file(self._home, "Export waiting edits", name, "Archives (*.zip)")
        if target is None:
            return
        self._context.ui.say("Exporting the waiting edits…")
        number = await self._context.shop.outgoing.export(target)
        what = f"{number:,} edit{'' if number == 1 else 's'}"
        self._context.ui.say(f"Exported {what} to {target.name}. They still wait here.")

    def _acted(self, uuid: str, act: str) -> None:
        if operation := self._operation(uuid):
            self._act(operation, act)

    def _act(self, operation: Operation, act: str) -> None:
        match act:
            case "resolve":
                self.dismiss()
                self._spawn(self._settling.settle(operation), "resolve", operation.title)
            case "recreate":
                self.dismiss()
                self._spawn(self._settling.recreate(operation), "make again", operation.title)
            case "another":
                self._spawn(self._settling.add_instead(operation), "add parcel", operation.title)
            case "retry" | "send":
                self._spawn(self._context.shop.retry(operation.uuid), "retry", operation.title)
            case _:
                self._spawn(self.drop(operation), "drop", operation.title)

    async def drop(self, operation: Operation) -> None:
        """Drop an edit, and offer to make it again; what is not as plain as that is asked about first."""
        if asks_before_dropping(operation):
            self.dismiss()
            if not await self._agrees(operation):
                return
            if operation.theirs == GONE:
                await self._settling.drop_gone(operation)
                return
        act = await self._context.shop.discard(operation.uuid)
        if operation.kind is OpKind.DELETE:  # keeping it is the deletion taken back
            self._context.ui.say(f"{operation.title or 'The record'} is kept.")
        else:
            self._settling.dropped(operation, act)

    async def _agrees(self, operation: Operation) -> bool:
        card = self._card(operation)
        edits = "edit" if len(card.operations) == 1 else "edits"
        title = f"Drop the {edits} of {operation.title or 'this record'}?"
        return await dialogs.confirm(
            self._home, title, dropping_words(card), "Drop", danger=True, keep="Keep"
        )

    def _card(self, operation: Operation) -> Card:
        """Return what is decided about together with an edit."""
        found = cards(self._context.shop.operations())
        return next((one for one in found if operation in one.operations), Card((operation,)))

    def _show_details(self, notice: Notice) -> None:
        self.dismiss()
        self._spawn(dialogs.tell(self._home, "Details", notice.words, details=notice.details), "details")

    def _spawn(self, work: Coroutine[Any, Any, Any], name: str, about: str = "") -> None:
        self._scope.spawn(work, name, on_error=partial(self._context.tell, about=about), act=True)


def _focus(popover: QWidget) -> QWidget:
    """Return what has the keyboard inside, or the popover itself."""
    return popover.focusWidget() or popover
