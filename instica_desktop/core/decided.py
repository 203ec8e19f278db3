"""What was decided about edits that were stuck, and what that makes of the steps they came from.

An undo leads to what stood on the server before the act came through, not to what stood here when it was
begun. So what a decision makes of an edit is told, and the steps are rewritten.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.models.common import Entity
from instica_desktop.core.promoted import offers_along, raised, turned_round, without, words_for
from instica_desktop.core.sharing import together

Real = Callable[[str], str]
"""What a record is called now."""


class Fate(msgspec.Struct, frozen=True):
    """One field of an edit: `mine` was to be written over `base`; it became `after`, over `before`.

    Both alike mean that nothing of the edit is left.
    """

    field: str
    base: Any
    mine: Any
    before: Any
    after: Any

    @property
    def lost(self) -> bool:
        """Whether nothing of the edit is left."""
        return bool(self.before == self.after)


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """A decision about one record, or a `part` of it: a photo, a parcel, an offer.

    `gone`: it was to be made, and is not. `stays`: it was to be removed, and is not. `kept` names the file
    that holds it as it stood when it was deleted although it had changed; `photos` all files it needs.
    `asked`: the user was asked, and has chosen; else it came about by itself. `agreed`: on which orders the
    numbers of its parcels may be as well.
    """

    entity: Entity
    uid: str
    part: str = ""
    fates: tuple[Fate, ...] = ()
    gone: bool = False
    stays: bool = False
    kept: str = ""
    photos: tuple[str, ...] = ()
    asked: bool = True
    agreed: dict[str, list[str]] = {}


def after(
    done: Sequence[Step], undone: Sequence[Step], what: Decided, real: Real
) -> tuple[list[Step], list[Step]]:
    """Return the steps that were done and those taken back, as a decision leaves them. Empty ones go.

    What was chosen and sent is what is taken back next: the edit that won, or the undo that did.
    """
    forward, back = ([_of_picture(step, what, real) for step in steps] for steps in (done, undone))
    if what.agreed:
        forward, back = ([_with_agreed(step, what, real) for step in steps] for steps in (forward, back))
    for fate in what.fates:
        chosen = what.asked and not fate.lost
        chain = _chain(back, what, fate, real, forward=False)
        if chain and chain[-1].ends and chosen:
            step, back = _undone_for_good(back, chain, fate, real)
            forward.append(step)
        elif chain and chain[-1].ends:
            back = _rewritten(back, chain, fate, forward=False)
        else:
            chain = _chain(forward, what, fate, real, forward=True)
            keys = {forward[link.step].key for link in chain}
            forward = _rewritten(forward, chain, fate, forward=True)
            forward = raised(forward, keys, real) if chosen else forward
    if what.gone or what.stays or what.kept:
        forward = [_of_record(step, what, real) for step in forward]
        back = [_of_record(step, what, real) for step in back]
    return [step for step in forward if step.acts], [step for step in back if step.acts]


_OF_FIELDS = frozenset({ActKind.EDIT, ActKind.REVISED, ActKind.CORRECTED})
"""Kinds of acts that hold values by field."""
_ENDINGS = frozenset({ActKind.PHOTO_REMOVED, ActKind.PARCEL_REMOVED, ActKind.TAKEN_OFF})
"""Kinds of acts that take a part off a record."""
_OF_PARCELS = frozenset({ActKind.SHIPPED, ActKind.CORRECTED, ActKind.PARCEL_REMOVED})
_PICTURE = "product_image"


def _of_picture(step: Step, what: Decided, real: Real) -> Step:
    """Return a step as a decision about a picture leaves it: what stood there comes back by undo."""
    fate = next((fate for fate in what.fates if fate.field == _PICTURE), None)
    if fate is None:
        return step
    acts: list[Act] = []
    for act in step.acts:
        if not (act.kind is ActKind.COVER and act.about(what.entity, what.uid, real) and _is_mine(act, fate)):
            acts.append(act)
        elif not fate.lost:
            there = {_PICTURE: fate.before or "", "blob": ""}
            acts.append(msgspec.structs.replace(act, before=there))
    return msgspec.structs.replace(step, acts=tuple(acts))


def _with_agreed(step: Step, what: Decided, real: Real) -> Step:
    """Return a step that asks no more about what was agreed to of an order's parcels."""
    acts = (
        msgspec.structs.replace(act, agreed=together(act.agreed, what.agreed))
        if act.kind in _OF_PARCELS and act.about(what.entity, what.uid, real)
        else act
        for act in step.acts
    )
    return msgspec.structs.replace(step, acts=tuple(acts))


def _is_mine(act: Act, fate: Fate) -> bool:
    blob = str(act.after.get("blob") or "")
    return fate.mine == f"blob:{blob}" if blob else not fate.mine


class _Link(msgspec.Struct, frozen=True):
    """An act whose value went into an edit; `ends`: it is the one that began with the edit's base."""

    step: int
    act: int
    ends: bool


def _chain(steps: Sequence[Step], what: Decided, fate: Fate, real: Real, *, forward: bool) -> list[_Link]:
    """Return the acts whose values went into an edit, the newest first."""
    links: list[_Link] = []
    wanted = fate.mine
    for at in reversed(range(len(steps))):
        acts = list(enumerate(steps[at].acts))
        for number, act in reversed(acts) if forward else acts:
            if not (act.kind in _OF_FIELDS and act.about(what.entity, what.uid, real)):
                continue
            if real(act.part) != real(what.part):
                continue
            if fate.field not in act.after:
                continue
            came, left = _ends(act, fate.field, forward=forward)
            if left != wanted:
                return links
            links.append(_Link(at, number, bool(came == fate.base)))
            if links[-1].ends:
                return links
            wanted = came
    return links


def _ends(act: Act, field: str, *, forward: bool) -> tuple[Any, Any]:
    before, left = act.before.get(field), act.after.get(field)
    return (before, left) if forward else (left, before)


def _rewritten(steps: Sequence[Step], chain: Sequence[_Link], fate: Fate, *, forward: bool) -> list[Step]:
    found = list(steps)
    for at, link in enumerate(chain):
        act = found[link.step].acts[link.act]
        if fate.lost:
            act = msgspec.structs.replace(
                act, before=_without(act.before, fate.field), after=_without(act.after, fate.field)
            )
        else:
            came, left = ("before", "after") if forward else ("after", "before")
            if at == 0:
                act = _with(act, left, fate.field, fate.after)
            if at == len(chain) - 1:
                act = _with(act, came, fate.field, fate.before)
        found[link.step] = _replaced(found[link.step], link.act, act)
    return [_tidy(step) for step in found]


def _undone_for_good(
    back: Sequence[Step], chain: Sequence[_Link], fate: Fate, real: Real
) -> tuple[Step, list[Step]]:
    """Return the step of an undo that won, and what is left of the steps it took back."""
    newest = back[chain[0].step]
    act = newest.acts[chain[0].act]
    steps = [back[link.step] for link in reversed(chain)]
    offers = offers_along(act, fate.field, steps, real)
    edit = msgspec.structs.replace(
        act, before={fate.field: fate.before}, after={fate.field: fate.after}, photos=()
    )
    acts = (edit, *turned_round([one for step in steps for one in offers.get(step.key, ())], real))
    used_up = msgspec.structs.replace(fate, after=fate.before)
    left = _rewritten(back, chain, used_up, forward=False)
    rest = [without(step, offers.get(step.key, ())) for step in left]
    return Step(words=words_for(newest, fate.field), acts=acts), rest


def _with(act: Act, side: str, field: str, value: Any) -> Act:
    return msgspec.structs.replace(act, **{side: {**getattr(act, side), field: value}})


def _without(values: Mapping[str, Any], field: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != field}


def _replaced(step: Step, at: int, act: Act) -> Step:
    return msgspec.structs.replace(step, acts=(*step.acts[:at], act, *step.acts[at + 1 :]))


def _tidy(step: Step) -> Step:
    """Return a step without the edits of which no field is left."""
    acts = tuple(act for act in step.acts if act.kind not in _OF_FIELDS or act.after)
    return step if acts == step.acts else msgspec.structs.replace(step, acts=acts)


# -------------------------------------------------------------------- whole records


def _of_record(step: Step, what: Decided, real: Real) -> Step:
    acts = tuple((_acts_of_parts if what.part else _acts_of)(step.acts, what, real))
    return step if acts == step.acts else msgspec.structs.replace(step, acts=acts)


def _acts_of_parts(acts: Iterable[Act], what: Decided, real: Real) -> Iterable[Act]:
    """Yield what is left of acts on a part that was not made after all, or not removed."""
    for act in acts:
        if not act.about(what.entity, what.uid, real) or act.kind is ActKind.DROPPED:
            yield act
        elif what.gone and act.kind is ActKind.PHOTOS_ADDED:
            photos = [one for one in act.after["photos"] if real(one["uid"]) != real(what.part)]
            if photos:
                yield msgspec.structs.replace(act, after={**act.after, "photos": photos})
        elif real(act.part) != real(what.part) or (what.stays and act.kind not in _ENDINGS):
            yield act


def _acts_of(acts: Iterable[Act], what: Decided, real: Real) -> Iterable[Act]:
    for act in acts:
        if not act.about(what.entity, what.uid, real) or (what.gone and act.kind is ActKind.DELETE):
            yield act
        elif what.gone:
            continue
        elif act.kind is not ActKind.DELETE:
            yield act
        elif what.kept:
            since = {**act.before.get("since", {}), what.uid: what.kept}
            yield msgspec.structs.replace(
                act, before={**act.before, "since": since}, photos=(*act.photos, *what.photos)
            )
        elif left := tuple(uid for uid in act.uids if real(uid) != real(what.uid)):
            yield msgspec.structs.replace(act, uid=left[0], before={**act.before, "uids": left})
