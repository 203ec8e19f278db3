"""Offers that wait to follow the price of their item: what becomes of them once that price is decided about.

An offer follows that is to ask just what the item's waiting edit makes it cost. It must not go out where the
edit does not: the item would stand at one price, and its offer at another.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from instica_desktop.core.acts import Act, ActKind
from instica_desktop.core.decided import Decided, Fate
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import NEEDS_USER, Edit, Operation, OpKind, OpState
from instica_desktop.store.coalesce import part_of
from instica_desktop.store.settlement import Note, Settlement
from instica_desktop.store.store import Store
from instica_desktop.sync.conflicts import same
from instica_desktop.sync.wirework import decoded, shown

PRICES = frozenset({"price_item_usd", "price_shipping_usd"})
TOTAL = "price_total_usd"
_ASKED = "price_usd"


class Following(msgspec.Struct, frozen=True):
    """What a decision about an item's price makes of the offers that wait for it."""

    settlement: Settlement = Settlement()
    decided: tuple[Decided, ...] = ()
    stay: tuple[str, ...] = ()
    """The marketplaces of the offers that stay as they are on the server."""


def following(store: Store, stuck: Operation, edits: Sequence[Edit]) -> Following:
    """Return what becomes of the offers when `edits` are left of an edit that needs the user."""
    if stuck.entity is not Entity.ITEM or stuck.kind is not OpKind.UPDATE or not _prices(stuck.edits):
        return Following()
    row = store.cache.by_uid(Entity.ITEM, stuck.uid)
    own = store.outbox.for_object(Entity.ITEM, stuck.uid)
    if row is None:
        return Following()
    was = shown(row.raw, own).get(TOTAL)
    costs = _costs(decoded(row.raw), own, stuck, edits)
    new = _unsent([one for one in own if _is_unsent(one, was)], costs)
    if costs.now is not None and same(TOTAL, was, costs.now):
        return new
    waiting = [one for one in own if one.kind is OpKind.REVISE_LISTING and one.state is OpState.QUEUED]
    moved = [(one, edit) for one in waiting for edit in one.edits if _follows(edit, was)]
    return _moved(moved, costs.now, new)


class _Costs(msgspec.Struct, frozen=True):
    """What an item costs: `before` its waiting edit, on the server, and `now`; None for as `there`."""

    before: Any
    there: Any
    now: Any


def _costs(
    record: Mapping[str, Any], own: Sequence[Operation], stuck: Operation, edits: Sequence[Edit]
) -> _Costs:
    others = [one for one in own if one.uuid != stuck.uuid]
    left = msgspec.structs.replace(stuck, edits=tuple(edits), theirs={}, state=OpState.QUEUED)
    rest = [left if one.uuid == stuck.uuid else one for one in own]
    began = {edit.field: edit.base for edit in stuck.edits if edit.field in PRICES}
    theirs = {name: stuck.theirs[name] for name in PRICES & stuck.theirs.keys()}

    def total(prices: Mapping[str, Any], waiting: Sequence[Operation]) -> Any:
        return shown(msgspec.json.encode({**record, **prices}), waiting).get(TOTAL)

    now = total(theirs, rest) if _prices(edits) else None
    return _Costs(total(began, others), total(theirs, others), now)


def _unsent(new: Sequence[Operation], costs: _Costs) -> Following:
    """Let offers that no marketplace has heard of ask what the item costs in the end."""
    asked = costs.there if costs.now is None else costs.now
    if asked is None:
        return Following()
    swap = {
        one.uuid: msgspec.structs.replace(one, payload={**one.payload, _ASKED: str(asked)}) for one in new
    }
    fates = [Fate(_ASKED, costs.before, one.payload[_ASKED], costs.there, asked) for one in new]
    decided = tuple(
        Decided(entity=one.entity, uid=one.uid, part=part_of(one), fates=(fate,))
        for one, fate in zip(new, fates, strict=True)
    )
    return Following(Settlement(swap=swap), decided)


def _is_unsent(one: Operation, total: Any) -> bool:
    """Tell whether an operation makes an offer at an item's price and has never been tried."""
    new = one.kind is OpKind.ADD_LISTING and one.state is OpState.QUEUED and not one.attempts
    asked = one.payload.get(_ASKED)
    return new and bool(asked) and same(_ASKED, asked, total)


def _moved(waiting: Sequence[tuple[Operation, Edit]], now: Any, new: Following) -> Following:
    """Let offers ask what the item costs `now`, or what they ask on the server where that is None.

    `new` is what becomes of those that are not there yet.
    """
    swap: dict[str, Operation] = {}
    drop: list[str] = []
    for one, asked in waiting:
        edits = [edit for edit in one.edits if edit.field != _ASKED]
        if now is not None and not same(_ASKED, asked.base, now):
            edits.append(Edit(_ASKED, asked.base, str(now)))
        if edits:
            swap[one.uuid] = msgspec.structs.replace(one, edits=tuple(edits))
        else:
            drop.append(one.uuid)
    notes = tuple(_note(one, asked, now) for one, asked in waiting)
    stay = tuple(str(one.payload.get("platform_name") or "") for one, _ in waiting if now is None)
    decided = (*new.decided, *(_decided(one, asked, now) for one, asked in waiting))
    settlement = Settlement(notes=notes, swap={**new.settlement.swap, **swap}, drop=tuple(drop))
    return Following(settlement, decided, stay)


def stays_words(stay: Sequence[str]) -> str:
    """Say that offers did not follow; nothing where there are none."""
    if not stay:
        return ""
    names = f"{', '.join(stay[:-1])} and {stay[-1]}" if len(stay) > 1 else stay[0]
    return f"The {names} offer stays as it is." if len(stay) == 1 else f"The {names} offers stay as they are."


def in_order(store: Store, acts: Sequence[Act], *, back: bool) -> list[int]:
    """Return in which order acts are turned: backward the last first, but an item's price before its offers.

    So the offers wait where it comes out that somebody else has changed the price. Where it waits to be
    decided about already, the offers are turned before they are set free.
    """
    order = list(reversed(range(len(acts)))) if back else list(range(len(acts)))
    real = store.outbox.real
    priced = {real(act.uid) for act in acts if _is_price(act)}
    late = [at for at in order if acts[at].kind is ActKind.REVISED and real(acts[at].uid) in priced]
    first = [at for at in late if _undecided(store, real(acts[at].uid))]
    last = [at for at in late if at not in first]
    return [*first, *(at for at in order if at not in late), *last]


def _is_price(act: Act) -> bool:
    return act.kind is ActKind.EDIT and act.entity is Entity.ITEM and bool(PRICES & act.after.keys())


def _undecided(store: Store, uid: str) -> bool:
    waiting = (one for one in store.outbox.for_object(Entity.ITEM, uid) if one.state in NEEDS_USER)
    return any(one.kind is OpKind.UPDATE and _prices(one.edits) for one in waiting)


def _prices(edits: Sequence[Edit]) -> bool:
    return any(edit.field in PRICES for edit in edits)


def _follows(edit: Edit, total: Any) -> bool:
    return edit.field == _ASKED and same(_ASKED, edit.new, total)


def _note(one: Operation, asked: Edit, now: Any) -> Note:
    reason = "theirs was kept" if now is None else "mine was rewritten"
    return Note(one.entity, one.uid, asked, reason)


def _decided(one: Operation, asked: Edit, now: Any) -> Decided:
    fate = Fate(_ASKED, asked.base, asked.new, asked.base, asked.base if now is None else str(now))
    return Decided(entity=one.entity, uid=one.uid, part=part_of(one), fates=(fate,))
