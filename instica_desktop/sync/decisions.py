"""What the user decides about edits that are stuck: try again, drop, keep mine or theirs, make again."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, cast

import msgspec

from instica_desktop.core.acts import Act, ActKind
from instica_desktop.core.decided import Decided, Fate
from instica_desktop.core.describe import describe
from instica_desktop.core.errors import InputError
from instica_desktop.core.meanwhile import told
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import (
    AGAIN,
    GONE,
    PARTS,
    TEMPORARY,
    Edit,
    Operation,
    OpKind,
    OpState,
    is_unreadable,
)
from instica_desktop.core.sharing import agreement_of
from instica_desktop.core.steps import reached
from instica_desktop.store.coalesce import mentions, part_of
from instica_desktop.store.settlement import Note, Settlement
from instica_desktop.store.store import Store
from instica_desktop.sync import keepsakes
from instica_desktop.sync.attempts import ORDER_GONE
from instica_desktop.sync.conflicts import Choice, Own, chosen, decide, resolved
from instica_desktop.sync.edits import checked
from instica_desktop.sync.followers import Following, following, stays_words
from instica_desktop.sync.keepsakes import Keepsake
from instica_desktop.sync.recreate import Kept, Recreation, another, recreation, settlement, used_again
from instica_desktop.sync.sharing import note_agreed
from instica_desktop.sync.wirework import decoded

_MAKES = frozenset({OpKind.CREATE, OpKind.ADD_PHOTO, OpKind.ADD_SHIPMENT, OpKind.ADD_LISTING})
_ENDS = frozenset({OpKind.DELETE, OpKind.REMOVE_PHOTO, OpKind.REMOVE_SHIPMENT, OpKind.DELIST})
_OF_PARTS = (_MAKES | _ENDS) - {OpKind.CREATE, OpKind.DELETE}
_COMPARED = frozenset({"was", "seen"})
"""Where a payload keeps what was there when it was written."""
_BEING_SENT = "This change is being sent right now. Wait a moment, then take it back by changing it again."
_NOT_BY_FIELD = "There is no field to choose here. Do it all the same, or drop it."
_NOTHING_LEFT = "Nothing of this edit can be read any more. Make it again at its record, then drop this line."
_GONE = "This change has been sent or dropped meanwhile."


class Decisions:
    """Carries out decisions; nothing that loses is lost: it goes into the history."""

    def __init__(self, store: Store, clock: Callable[[], datetime], kept: Kept) -> None:
        """`kept` returns a picture that is on this computer."""
        self._store = store
        self._kept = kept
        self._outbox = store.outbox
        self._clock = clock

    async def retry(self, uuid: str) -> None:
        """Send an operation again. What may have been made by an earlier try is looked for first."""
        operation = self._find(uuid)
        if is_unreadable(operation):
            raise InputError(_NOTHING_LEFT)
        if operation.state is OpState.CONFLICT:
            await self._again(operation)
            return
        unsure = operation.kind in _MAKES and operation.attempts
        unsure = unsure or operation.state in (OpState.UNKNOWN, OpState.DAMAGED)
        state = OpState.UNKNOWN if unsure else OpState.QUEUED
        try:
            await self._outbox.set_state(uuid, state, attempts=0, idle=True)
        except KeyError:
            raise InputError(_GONE) from None
        await self._show(operation)

    async def _again(self, operation: Operation) -> None:
        """Do what the user was asked about, now that they have looked: it is compared with nothing more.

        What can be known by something is looked for once more: they may have put in order what was there.
        """
        fields = operation.payload.get("fields", {})
        known = operation.kind is OpKind.CREATE and (fields.get("manual_sku") or fields.get("title"))
        payload = {name: value for name, value in operation.payload.items() if name not in _COMPARED}
        state = OpState.UNKNOWN if known else OpState.QUEUED
        fresh: dict[str, Any] = {"attempts": 0, "message": "", "errors": {}, "theirs": {}, "retry_at": None}
        after = msgspec.structs.replace(operation, state=state, payload=payload, **fresh)
        await self._settle(Settlement(swap={operation.uuid: after}))
        await self._show(operation)

    async def settle_again(self, uuid: str, *, use: bool) -> None:
        """Decide about a record made again that stands there already: `use` that one, or make another.

        The edits that were to go into the new one then go out as edits of that one.

        Raises:
            InputError: it was decided about, or is being sent.
        """
        operation = self._find(uuid)
        there: dict[str, Any] | None = operation.theirs.get(AGAIN)
        if there is None:
            raise InputError(_GONE)
        what = used_again(operation, str(there["uid"]), self._clock()) if use else another(operation)
        await self._settle(what)
        reached("made again")
        await self._store.cache.reproject(operation.entity, [operation.uid, *what.moved.values()])

    async def follow(self, entity: Entity, uids: Collection[str]) -> bool:
        """Compare what is in conflict with these records anew, which were read again just now.

        Returns whether there was anything to compare.
        """
        stuck = [one for one in self._outbox.in_state(OpState.CONFLICT) if one.entity is entity]
        about = [one for one in stuck if one.uid in uids]
        for operation in about:
            await self.renew(operation.uuid)
        return bool(about)

    async def discard(self, uuid: str) -> None:
        """Drop an operation, with a create all that waits for it; what they would have written is noted."""
        operation = self._find(uuid)
        lost = [operation]
        if operation.kind is OpKind.CREATE:
            lost = self._outbox.for_object(operation.entity, operation.uid)
        notes = tuple(note for one in lost for note in _dropped(one))
        along = self._waiting_for(operation)
        offers = following(self._store, operation, ())
        dropped = Settlement(notes=notes, drop=(uuid, *(one.uuid for one in along)))
        await self._settle(dropped.along_with(offers.settlement))
        for one in (operation, *along):
            self._store.decided(dropped_for_good(one))
        self._tell(offers)
        for one in along:
            await self._show(one)
        if operation.theirs == GONE and not self._outbox.for_object(operation.entity, operation.uid):
            await self._store.cache.remove(operation.entity, [operation.uid])
        else:
            await self._show(operation)

    async def discard_with_record(self, entity: Entity, uid: str) -> None:
        """Drop all that waits for a record which is no longer on the server, and forget the record.

        Raises:
            InputError: one of them is being sent, or gone. Nothing was changed.
        """
        lost = self._outbox.for_object(entity, uid)
        notes = tuple(note for one in lost for note in _dropped(one))
        last_first = tuple(one.uuid for one in reversed(lost))  # what builds on another would go with it
        await self._settle(Settlement(notes=notes, drop=last_first))
        for one in lost:
            self._store.decided(dropped_for_good(one))
        await self._store.cache.remove(entity, [uid])

    async def resolve(self, uuid: str, choices: Mapping[str, Choice]) -> str:
        """Settle a conflict by field: mine, theirs, or a value of one's own; what loses is noted.

        Offers that waited to follow a price go on with it, or stay. Returns what else there is to say.

        Raises:
            InputError: an own value cannot be saved, by field; it is not about fields; or the change has
                gone. Nothing was changed.
        """
        operation = self._find(uuid)
        if not operation.edits:
            raise InputError(_NOT_BY_FIELD)
        choices = {**choices, **self.check_own(uuid, _own(choices))}
        edits = resolved(operation.edits, operation.theirs, choices)
        fresh: dict[str, Any] = {"state": OpState.QUEUED, "retry_at": None, "message": "", "errors": {}}
        after = msgspec.structs.replace(operation, edits=edits, theirs={}, **fresh)
        notes = tuple(note for edit in operation.edits for note in _lost(operation, edit, choices))
        offers = following(self._store, operation, edits)
        what = Settlement(notes=notes, swap={uuid: after}) if edits else Settlement(notes=notes, drop=(uuid,))
        await self._settle(what.along_with(offers.settlement))
        self._tell(offers)
        self._store.decided(_decided(operation, fates=_fates(operation, choices)))
        await self._show(operation)
        return stays_words(offers.stay)

    async def renew(self, uuid: str) -> None:
        """Compare an edit in conflict with the record as it was read last; what can go out by now does."""
        operation = self._outbox.get(uuid)
        row = operation and self._store.cache.by_uid(operation.entity, operation.uid)
        if operation is None or row is None or not _of_fields(operation):
            return
        theirs = decide(operation.edits, decoded(row.raw)).theirs
        if theirs != operation.theirs:
            state = OpState.CONFLICT if theirs else OpState.QUEUED
            with suppress(KeyError):  # it was decided about just now
                await self._outbox.set_state(uuid, state, theirs=theirs, idle=True)
            await self._show(operation)

    async def do_anyway(self, uuid: str) -> None:
        """Carry out an act on a record as it is on the server now, which the user has been told of.

        Raises:
            InputError: the act is being sent, or gone.
        """
        operation = self._find(uuid)
        seen = told(operation.seen, operation.theirs)
        fresh: dict[str, Any] = {"state": OpState.QUEUED, "retry_at": None, "message": "", "theirs": {}}
        what = await self._kept_as_it_is(operation)
        try:
            after = msgspec.structs.replace(operation, seen=seen, **fresh)
            await self._settle(Settlement(swap={uuid: after}))
        except BaseException:
            await keepsakes.release(self._store, what.photos)
            raise
        self._store.decided(what)
        await note_agreed(self._store, operation.uid, agreement_of(operation.theirs))
        await self._show(operation)

    async def _kept_as_it_is(self, operation: Operation) -> Decided:
        """Keep a record as it stands on the server now: undo makes that again, not what it was before."""
        row = self._store.cache.by_uid(operation.entity, operation.uid)
        raw = row.raw if row else b"{}"
        names = keepsakes.names_of(decoded(raw))
        file = await keepsakes.keep(self._store, [Keepsake(operation.uid, msgspec.Raw(raw))])
        await self._store.blobs.hold(names)
        return Decided(entity=operation.entity, uid=operation.uid, kept=file, photos=(file, *names))

    def check_own(self, uuid: str, values: Mapping[str, Any]) -> dict[str, Own]:
        """Return own values as they go on the wire. Raises InputError by field."""
        operation = self._find(uuid)
        row = self._store.cache.by_uid(operation.entity, operation.uid)
        there = {**(decoded(row.raw) if row else {}), **operation.theirs}
        clean = checked(operation.entity, there, values)
        return {field: Own(clean.get(field, there.get(field))) for field in values}

    # ------------------------------------------------------------ deleted on the server

    async def recreation(self, uuid: str) -> Recreation:
        """Return what can be made again of the record a stuck operation was for."""
        operation = self._find(uuid)
        row = self._store.cache.by_uid(operation.entity, operation.uid)
        if operation.entity is Entity.ORDER:
            raise InputError(ORDER_GONE)
        if operation.theirs != GONE or row is None:
            raise InputError("This record cannot be made again from here. Note it down, then drop the edit.")
        waiting = self._outbox.for_object(operation.entity, operation.uid)
        if any(one.state is OpState.SENDING for one in waiting):
            raise InputError(_BEING_SENT)
        return await recreation(self._kept, operation.entity, row.raw, waiting)

    async def recreate(self, uuid: str) -> Act:
        """Make a deleted record again, and bind to it all that waits for the old one; return that act.

        Raises:
            InputError: it cannot be made again; nothing was changed.
            DiskFull: nothing was changed.
        """
        operation = self._find(uuid)
        found = await self.recreation(uuid)
        kept: list[str] = []
        try:
            for photo in found.photos:
                kept.append(await self._store.blobs.put(photo.content))  # noqa: PERF401  a later one may fail
            waiting = self._outbox.for_object(operation.entity, operation.uid)
            made = settlement(operation, waiting, found, self._clock(), self._there_last(operation))
            await self._settle(made)
        finally:
            for photo in kept:
                await self._store.blobs.release(photo)
        reached("made again")
        await self._store.cache.remove(operation.entity, [operation.uid])
        await self._store.cache.reproject(operation.entity, [again := made.moved[operation.uid]])
        return Act(kind=ActKind.MAKE, entity=operation.entity, uid=again)

    # ------------------------------------------------------------ inside

    def _there_last(self, operation: Operation) -> datetime:
        """Return when the record of an operation was last read from the server."""
        row = self._store.cache.by_uid(operation.entity, operation.uid)
        return row.fetched_at if row is not None else operation.created

    async def _settle(self, wanted: Settlement) -> None:
        try:
            await self._outbox.settle(wanted)
        except KeyError:
            raise InputError(_GONE) from None

    def _tell(self, offers: Following) -> None:
        for what in offers.decided:
            self._store.decided(what)

    def _find(self, uuid: str) -> Operation:
        operation = self._outbox.get(uuid)
        if operation is None:
            raise InputError(_GONE)
        if operation.state is OpState.SENDING:
            raise InputError(_BEING_SENT)
        return operation

    def _waiting_for(self, dropped: Operation) -> list[Operation]:
        """Return the deletes of products that waited for the delete of their copy: it stays, so do they."""
        if dropped.kind is not OpKind.DELETE:
            return []
        deletes = (self._outbox.get(uuid) for uuid in self._outbox.deletes(Entity.PRODUCT))
        name = frozenset({TEMPORARY + dropped.uuid})
        return [one for one in deletes if one and mentions(one.payload, name)]

    async def _show(self, operation: Operation) -> None:
        await self._store.cache.reproject(operation.entity, [operation.uid])


async def keep_merged(store: Store, operation: Operation, merged: Mapping[str, Edit]) -> Operation:
    """Before merged texts are sent: make them the operation's own, and note both that went into each.

    So the same text is sent again after a lost answer, and found when it is read back.
    """
    mine = [edit for edit in operation.edits if edit.field in merged]
    if not mine:
        return operation
    notes = [_note(operation, edit, edit.new, "mine was merged") for edit in mine]
    notes += [_note(operation, edit, merged[edit.field].base, "theirs was merged") for edit in mine]
    edits = tuple(merged.get(edit.field, edit) for edit in operation.edits)
    after = msgspec.structs.replace(operation, edits=edits)
    await store.outbox.settle(Settlement(notes=tuple(notes), swap={operation.uuid: after}))
    reached("merge noted")
    fates = tuple(
        Fate(edit.field, edit.base, edit.new, merged[edit.field].base, merged[edit.field].new)
        for edit in mine
    )
    store.decided(Decided(entity=operation.entity, uid=operation.uid, fates=fates, asked=False))
    return after


def _fates(operation: Operation, choices: Mapping[str, Choice]) -> tuple[Fate, ...]:
    """Return what a decision makes of the fields that were in conflict."""
    theirs = operation.theirs
    return tuple(
        Fate(edit.field, edit.base, edit.new, there, chosen(edit, there, choices.get(edit.field, "mine")))
        for edit in operation.edits
        if edit.field in theirs
        for there in (theirs[edit.field],)
    )


def dropped_for_good(operation: Operation) -> Decided:
    """Return what it means for the steps that an operation was dropped."""
    fates = tuple(Fate(edit.field, edit.base, edit.new, edit.base, edit.base) for edit in operation.edits)
    gone, stays = operation.kind in _MAKES, operation.kind in _ENDS
    return _decided(operation, fates=fates, gone=gone, stays=stays)


def _decided(operation: Operation, **what: Any) -> Decided:
    """Return what was decided about an operation; one that makes, changes or ends a part names it."""
    part = part_of(operation) if operation.kind in PARTS or operation.kind in _OF_PARTS else ""
    return Decided(entity=operation.entity, uid=operation.uid, part=part, **what)


def fates_of_rewriting(operation: Operation, fields: Iterable[str]) -> tuple[Fate, ...]:
    """Return what it means that fields in conflict were written over: mine stood first, over theirs."""
    return tuple(fate for fate in _fates(operation, {}) if fate.field in set(fields))


def rewritten(operation: Operation, values: Mapping[str, Any]) -> Settlement:
    """Return the decision to write other values over an operation's, in conflict or not."""
    own = {field: Own(value) for field, value in values.items()}
    edits = tuple(
        Edit(edit.field, operation.theirs.get(edit.field, edit.base), values[edit.field])
        if edit.field in values
        else edit
        for edit in operation.edits
    )
    theirs = {field: value for field, value in operation.theirs.items() if field not in values}
    fresh: dict[str, Any] = {} if theirs else {"state": OpState.QUEUED, "message": "", "retry_at": None}
    after = msgspec.structs.replace(operation, edits=edits, theirs=theirs, **fresh)
    told = [edit for edit in operation.edits if edit.field in values]
    notes = tuple(note for edit in told for note in _lost(operation, edit, own))
    return Settlement(notes=notes, swap={operation.uuid: after})


def _of_fields(operation: Operation) -> bool:
    """Tell whether an operation is in conflict about fields of its record."""
    fields = {edit.field for edit in operation.edits}
    asks = operation.state is OpState.CONFLICT and operation.kind is OpKind.UPDATE
    return asks and bool(operation.theirs) and operation.theirs.keys() <= fields


def _own(choices: Mapping[str, Choice]) -> dict[str, Any]:
    return {field: choice.value for field, choice in choices.items() if isinstance(choice, Own)}


def _lost(operation: Operation, edit: Edit, choices: Mapping[str, Choice]) -> list[Note]:
    """Return what a choice for one field gives up."""
    if edit.field not in operation.theirs:
        return []
    theirs = operation.theirs[edit.field]
    match choices.get(edit.field, "mine"):
        case Own():
            both = ((edit.new, "mine was rewritten"), (theirs, "theirs was rewritten"))
            return [_note(operation, edit, value, reason) for value, reason in both]
        case "theirs":
            return [_note(operation, edit, edit.new, "theirs was kept")]
        case _:
            return [_note(operation, edit, theirs, "mine was kept")]


def _dropped(operation: Operation) -> list[Note]:
    """Return what an operation would have written; of photos and parcels, what they were."""
    if operation.kind is OpKind.CREATE:
        fields: dict[str, Any] = operation.payload.get("fields", {})
        edits = [Edit(field, None, value) for field, value in fields.items()]
        return [*_told_to_the_product(operation), *(_note(operation, e, e.new, "dropped") for e in edits)]
    if operation.kind is OpKind.UPDATE:
        return [_note(operation, edit, edit.new, "dropped") for edit in operation.edits]
    return [_note(operation, Edit(operation.kind.value, None, None), describe(operation), "dropped")]


def _told_to_the_product(operation: Operation) -> list[Note]:
    """A dropped item leaves no record to look at: its product's history tells of it."""
    fields: dict[str, Any] = operation.payload.get("fields", {})
    product: Any = fields.get("product")
    uid = cast("dict[str, Any]", product).get("uid") if isinstance(product, dict) else product
    if operation.entity is not Entity.ITEM or not isinstance(uid, str):
        return []
    told = {name: value for name, value in fields.items() if name != "product"}
    return [Note(Entity.PRODUCT, uid, Edit("new_item", None, told), "dropped")]


def _note(operation: Operation, edit: Edit, value: Any, reason: str) -> Note:
    return Note(operation.entity, operation.uid, Edit(edit.field, edit.base, value), reason)
