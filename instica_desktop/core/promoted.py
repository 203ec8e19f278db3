"""A decision about a stuck edit is an act of its own: it is what is taken back next."""

from collections.abc import Collection, Sequence

import msgspec

from instica_desktop.core.acts import Act, ActKind, Real, Step
from instica_desktop.core.describe import field_name


def raised(steps: Sequence[Step], keys: Collection[str], real: Real) -> list[Step]:
    """Return the steps with some of them, in their order, on top; those that others stand on stay."""
    rising: list[Step] = []
    staying: list[Step] = []
    for at, step in enumerate(steps):
        later = [other for other in steps[at + 1 :] if other.key not in keys]
        stays = step.key not in keys or any(other.stands_on(step, real) for other in later)
        (staying if stays else rising).append(step)
    return [*staying, *rising]


def offers_along(act: Act, field: str, steps: Sequence[Step], real: Real) -> dict[str, list[Act]]:
    """Return the acts, by step, of offers that followed an item's price."""
    if act.kind is not ActKind.EDIT or not field.startswith("price_"):
        return {}
    return {step.key: [one for one in step.acts if _follows(one, act, real)] for step in steps}


def _follows(one: Act, act: Act, real: Real) -> bool:
    return one.kind is ActKind.REVISED and one.about(act.entity, act.uid, real)


def turned_round(acts: Sequence[Act], real: Real) -> list[Act]:
    """Return acts that were taken back one after another as what that did: one act for each part."""
    found: dict[str, Act] = {}
    for act in acts:
        first = found.get(real(act.part))
        left = first.before if first else act.after
        found[real(act.part)] = msgspec.structs.replace(act, before={**act.after, **left}, after=act.before)
    return list(found.values())


def without(step: Step, gone: Sequence[Act]) -> Step:
    """Return a step without some of its acts."""
    acts = tuple(act for act in step.acts if not any(act is one for one in gone))
    return msgspec.structs.replace(step, acts=acts)


def words_for(step: Step, field: str) -> str:
    """Return what to call the part of a step that is about one field; the step’s own if it is all."""
    edits = [act for act in step.acts if act.kind is not ActKind.REVISED or len(step.acts) == 1]
    if len(edits) == 1 and len(edits[0].after) <= 1:
        return step.words
    name = field_name(field).lower()
    return "SKU" if name == "sku" else name
