"""Decisions about what is stuck, each asked in a dialog that follows news and says only what was done."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from PySide6.QtWidgets import QWidget

from instica_desktop.core.acts import Act, Step
from instica_desktop.core.describe import describe, sentence
from instica_desktop.core.models import Order
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import AGAIN, TEMPORARY, Operation, OpKind
from instica_desktop.core.sharing import named
from instica_desktop.features.activity.conflict import ConflictDialog
from instica_desktop.features.activity.following import Following, same_question, stuck, what_became
from instica_desktop.features.activity.gone import (
    AGAIN_CHOICES,
    DELETE_CHOICES,
    GONE_TOO,
    RECREATE_CHOICES,
    again_words,
    deletion_words,
    overtaken_choices,
    overtaken_title,
    overtaken_words,
    record_of,
    recreation_words,
)
from instica_desktop.features.activity.groups import is_overtaken
from instica_desktop.features.context import Context
from instica_desktop.features.unsaved import SCREENS
from instica_desktop.qtkit import dialogs

CHANGE_THERE = "Press Change at the parcel and correct its number: then it goes out."
MOVED_ON = "The server’s values changed again while this was open. They are shown as they are now."
SAVED = "Saved here, and sent as soon as the server answers. The other values stay in History."
KEPT = "Theirs was kept. Nothing was changed, so there is nothing to take back. Yours stays in History."
STAYS = {
    OpKind.REMOVE_SHIPMENT: "The parcel stays.",
    OpKind.REMOVE_PHOTO: "The photo stays.",
    OpKind.DELIST: "The offer stays.",
}
"""What is said where the end of a part is dropped."""
Question = Callable[[Operation], tuple[str, str, tuple[dialogs.Choice, ...]]]
"""Returns title, text and choices."""


class Settling:
    """Asks over the window, and carries out the answer if it still fits."""

    def __init__(self, context: Context, home: QWidget) -> None:
        self._context, self._home = context, home

    async def settle(self, operation: Operation) -> None:
        """Let the user decide about a conflict of any kind."""
        if operation.kind is OpKind.DELETE:
            await self.settle_deletion(operation)
        elif AGAIN in operation.theirs:
            await self.settle_again(operation)
        elif is_overtaken(operation):
            await self.settle_overtaken(operation)
        else:
            await self.resolve(operation)

    async def resolve(self, operation: Operation) -> None:
        """Let the user choose between both versions, field by field, and save the choice."""
        shop, words, typed = self._context.shop, "", {}
        while (shown := await self._compared(operation)) is not None:
            dialog = self._two_versions(shown, words, typed)
            following = Following(self._context, shown, dialog)
            accepted = await dialogs.show(dialog)
            following.stop()
            if not accepted and not following.overtaken:
                return
            if accepted and same_question(shown, await self._compared(operation)):
                choices = dialog.choices
                more = await shop.resolve(operation.uuid, choices)
                only_theirs = all(choice == "theirs" for choice in choices.values())
                self._context.ui.say(f"{KEPT if only_theirs else SAVED} {more}".strip())
                return
            words, typed = MOVED_ON, dialog.typed
        self._context.ui.say(what_became(self._context, operation))

    async def _compared(self, operation: Operation) -> Operation | None:
        """Look at the server once more; return what there is to decide now, None for nothing."""
        shop = self._context.shop
        await shop.look(operation.entity, operation.uid)
        await shop.renew_conflict(operation.uuid)
        now = stuck(self._context, operation.uuid)
        return now if now is not None and any(edit.field in now.theirs for edit in now.edits) else None

    def _two_versions(self, shown: Operation, words: str, typed: dict[str, Any]) -> ConflictDialog:
        context = self._context
        row = context.shop.row(shown.entity, shown.uid)
        dialog = ConflictDialog(
            self._home,
            shown,
            context.account,
            record=record_of(row.raw if row else b"{}"),
            check=partial(context.shop.check_own, shown.uuid),
            images=context.images,
            news=words,
        )
        dialog.put_typed(typed)
        return dialog

    async def settle_deletion(self, operation: Operation) -> None:
        """Let the user keep a record that was changed on the server since, or delete it all the same."""
        title, shop = operation.title or "this record", self._context.shop
        answer = await self._ask(
            operation, lambda now: (f"Delete {title}?", deletion_words(now), DELETE_CHOICES)
        )
        if answer == "delete":
            await shop.do_anyway(operation.uuid)
            self._context.promise(operation, f"{title} is deleted as soon as the server answers.")
        elif answer == "keep":
            await shop.discard(operation.uuid)
            self._context.ui.say(f"{operation.title or 'The record'} is kept.")

    async def settle_overtaken(self, operation: Operation) -> None:
        """Let the user do all the same what somebody else has made doubtful, change or drop it."""
        about = self._name_of(operation)
        answer = await self._ask(
            operation, lambda now: (overtaken_title(now, about), overtaken_words(now), overtaken_choices(now))
        )
        if answer == "act":
            await self._context.shop.do_anyway(operation.uuid)
            what = sentence(f"the parcel for {about}" if operation.entity is Entity.ORDER else about)
            self._goes_out(operation, what)
        elif answer == "change":
            self._context.ui.show_screen(SCREENS[operation.entity], uid=operation.uid)
            self._context.ui.say(CHANGE_THERE)
        elif answer == "drop":
            self.dropped(operation, await self._context.shop.discard(operation.uuid))

    def _goes_out(self, operation: Operation, what: str) -> None:
        """Say so; a parcel that was noted before this start can be taken back from now on."""
        said = f"{what} goes out as soon as the server answers."
        self._context.promise(operation, said, f"{what} is noted on the server.")
        shop, steps = self._context.shop, self._context.undo.piles[0]
        known = {shop.real(act.part) for step in steps for act in step.acts}
        if operation.kind is OpKind.ADD_SHIPMENT and shop.real(TEMPORARY + operation.uuid) not in known:
            act = shop.parts.shipped_by(operation)
            self._context.did(Step(words=f"shipping of {self._name_of(operation)}", acts=(act,)))

    def _name_of(self, operation: Operation) -> str:
        """Return what a record is called in a question: an order by its number and its buyer."""
        row = self._context.shop.row(operation.entity, operation.uid)
        if operation.entity is Entity.ORDER and row is not None:
            order = cast("Order", row.data)
            return named({"order_id": order.order_id, "buyer_name": order.buyer_name})
        return operation.title or "this record"

    async def settle_again(self, operation: Operation) -> None:
        """Let the user use what another computer made again of the same record, or make another."""
        title, shop = operation.title or "This record", self._context.shop
        answer = await self._ask(
            operation, lambda now: (f"{title} is there again", again_words(now), AGAIN_CHOICES)
        )
        if answer:
            use = answer == "use"
            await shop.settle_again(operation.uuid, use=use)
            said = f"{title} is the one that was there already." if use else f"Another {title} is made"
            self._context.ui.say(said if use else f"{said} as soon as the server answers.")

    async def add_instead(self, operation: Operation) -> None:
        """Add what was typed over a parcel that is gone as another parcel, and offer to take that back."""
        act = await self._context.shop.instead.add_parcel(operation.uuid)
        title = operation.title or "the order"
        step = Step(words=f"another parcel for {title}", acts=(act,))
        self._context.did(step, f"Another parcel for {title} is saved")

    def dropped(self, operation: Operation, act: Act | None) -> None:
        """Say that an edit is dropped, and offer to make it again."""
        if act is not None:
            words = f"dropping the edit of {operation.title or 'a record'}"
            said = STAYS.get(operation.kind) or f"Dropped: {describe(operation)}"
            self._context.did(Step(words=words, acts=(act,)), said)

    async def recreate(self, operation: Operation) -> None:
        """Make a record deleted on the server again, once the user has read what does not come back."""
        found = await self._context.shop.recreation(operation.uuid)
        title = operation.title or "this record"
        answer = await self._ask(
            operation, lambda _now: (f"Make {title} again?", recreation_words(found), RECREATE_CHOICES)
        )
        if answer == "recreate":
            act = await self._context.shop.recreate(operation.uuid)
            shop = self._context.shop
            at_once = shop.state.can_send and not (shop.full or shop.pause)
            later = "" if at_once else ", as soon as the server takes it"
            said = f"{title} is made again, under a new number{later}"
            self._context.did(Step(words=f"making {title} again", acts=(act,)), sentence(said))
        elif answer == "drop":
            await self.drop_gone(operation)

    async def drop_gone(self, operation: Operation) -> None:
        """Drop all that waits for a record that is gone; no cursor stays where another record comes."""
        window = self._home.window()
        focused = cast("QWidget | None", window.focusWidget())
        if focused is not None and focused is not window:
            focused.clearFocus()
        await self._context.shop.dropping.drop_with_record(operation.entity, operation.uid)
        self._context.ui.say(f"{operation.title or 'The record'} {GONE_TOO}")

    async def _ask(self, operation: Operation, question: Question) -> str:
        """Ask, and ask anew when there is news; say so when there is nothing left to decide."""
        while (shown := stuck(self._context, operation.uuid)) is not None:
            dialog = dialogs.AskDialog(self._home, *question(shown))
            following = Following(self._context, shown, dialog)
            await dialogs.show(dialog)
            following.stop()
            if not following.overtaken:
                return dialog.answer
        self._context.ui.say(what_became(self._context, operation))
        return ""
