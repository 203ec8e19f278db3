"""The stack of what was done: taken back in order, also faster than it is written, and only what can be."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.decided import Decided, Fate
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.features.undo import UndoHistory
from instica_desktop.sync.inverses import Interrupted
from instica_desktop.sync.inverses.base import Irreversible
from instica_desktop.sync.watching import Watch


def _step(price: int) -> Step:
    before, after = {"price": price}, {"price": price + 1}
    act = Act(kind=ActKind.EDIT, entity=Entity.ITEM, uid="a", before=before, after=after)
    return Step(words=f"price {price}", acts=(act,))


class Turning:
    """Writes down what it is asked to turn; `fails` may raise."""

    def __init__(self) -> None:
        self.written: list[dict[str, Any]] = []
        self.forgotten: list[str] = []
        self.fails: Callable[[Step], None] = lambda _step: None

    async def undo(self, step: Step, watch: Watch) -> tuple[Step, str]:
        await asyncio.sleep(0)
        self.fails(step)
        self.written += [act.before for act in step.acts]
        return step, "" if len(step.acts) == 1 else "Not all of it."

    async def redo(self, step: Step, watch: Watch) -> tuple[Step, str]:
        await asyncio.sleep(0)
        self.fails(step)
        self.written += [act.after for act in step.acts]
        return step, ""

    async def forget(self, step: Step) -> None:
        self.forgotten.append(step.words)


async def test_keys_that_come_faster_than_edits_are_written_take_back_one_edit_each() -> None:
    turning = Turning()
    history = UndoHistory(lambda: turning)
    for price in (1, 2):
        history.push(_step(price))

    await asyncio.gather(history.undo(), history.undo(), history.undo())
    assert turning.written == [{"price": 2}, {"price": 1}]
    await asyncio.gather(history.redo(), history.redo(), history.redo())
    assert turning.written[2:] == [{"price": 2}, {"price": 3}]
    assert history.next_redo is None


async def test_what_was_taken_back_can_not_be_done_again_after_something_else_was_done() -> None:
    history = UndoHistory(Turning)
    history.push(_step(1))
    await history.undo()
    assert history.next_redo is not None
    history.push(_step(7))
    assert history.next_redo is None
    assert await history.redo() is None


async def test_a_step_that_fails_stays_and_one_that_never_can_be_turned_goes() -> None:
    turning = Turning()
    history = UndoHistory(lambda: turning)
    for price in (1, 2):
        history.push(_step(price))

    def busy(_step: Step) -> None:
        raise InputError("Not now.")

    turning.fails = busy
    with pytest.raises(InputError):
        await history.undo()
    assert history.next_undo is not None
    assert history.next_undo.words == "price 2"

    def never(_step: Step) -> None:
        raise Irreversible("Never.")

    turning.fails = never
    with pytest.raises(Irreversible):
        await history.undo()
    assert history.next_undo.words == "price 1"
    assert history.next_redo is None


async def test_a_step_taken_back_in_part_is_on_both_sides_with_its_parts() -> None:
    turning = Turning()
    history = UndoHistory(lambda: turning)
    both = Step(words="both", acts=_step(1).acts + _step(5).acts)
    history.push(both)
    turned, left = (Step(words="both", acts=(act,)) for act in reversed(both.acts))

    def half(_step: Step) -> None:
        raise Interrupted(turned, left, InputError("The other one is gone."))

    turning.fails = half
    with pytest.raises(InputError, match="The other one"):
        await history.undo()
    assert (history.next_undo, history.next_redo) == (left, turned)


def _edit(uid: str, field: str, before: object, after: object) -> Step:
    act = Act(kind=ActKind.EDIT, entity=Entity.ITEM, uid=uid, before={field: before}, after={field: after})
    return Step(words=f"{field} {before} → {after}", acts=(act,))


async def test_an_older_step_is_not_taken_back_from_under_a_later_one() -> None:
    history = UndoHistory(Turning, real=lambda uid: {"tmp-a": "a"}.get(uid, uid))
    first, other, last = _edit("tmp-a", "price", 1, 2), _edit("a", "shelf", 1, 2), _edit("a", "price", 2, 3)
    for step in (first, other, last):
        history.push(step)
    with pytest.raises(InputError, match=r"price 2 → 3.*Take that back first"):
        await history.undo(first)
    assert await history.undo(other) is not None
    await history.undo(last)
    assert await history.undo(first) is not None


async def test_a_record_finds_its_steps_by_what_it_is_called_now() -> None:
    names = {"tmp-a": "a"}
    history = UndoHistory(Turning, real=lambda uid: names.get(uid, uid))
    history.push(_edit("tmp-a", "price", 1, 2))
    assert history.last_of(Entity.ITEM, "a") is not None
    names["a"] = "tmp-b"
    names["tmp-b"] = "b"
    assert history.last_of(Entity.ITEM, "c") is None


async def test_files_of_a_step_are_let_go_when_it_leaves_and_not_before() -> None:
    turning = Turning()
    history = UndoHistory(lambda: turning)
    act = Act(kind=ActKind.DELETE, entity=Entity.ITEM, uid="a", photos=("kept",))
    history.push(Step(words="deleting", acts=(act,)))
    await history.undo()
    await asyncio.sleep(0)
    assert turning.forgotten == []
    history.push(_step(1))
    await asyncio.sleep(0)
    assert turning.forgotten == ["deleting"]


async def test_decisions_lead_steps_to_what_stood_on_the_server() -> None:
    history = UndoHistory(Turning)
    for step in (_edit("a", "price", 1, 2), _edit("a", "price", 2, 3), _edit("b", "price", 1, 3)):
        history.push(step)
    mine = Fate("price", base=1, mine=3, before=9, after=3)
    history.decided(Decided(entity=Entity.ITEM, uid="a", fates=(mine,)))
    acts = [step.acts[0] for step in (history.last_of(Entity.ITEM, "a"),) if isinstance(step, Step)]
    assert (acts[0].before, acts[0].after) == ({"price": 2}, {"price": 3})
    await history.undo(history.last_of(Entity.ITEM, "a"))
    step = history.last_of(Entity.ITEM, "a")
    assert isinstance(step, Step)
    assert (step.acts[0].before, step.acts[0].after) == ({"price": 9}, {"price": 2})
    lost = Fate("price", base=9, mine=2, before=7, after=7)
    history.decided(Decided(entity=Entity.ITEM, uid="a", fates=(lost,)))
    assert history.last_of(Entity.ITEM, "a") is None
    assert history.last_of(Entity.ITEM, "b") is not None


async def test_an_undo_that_a_decision_let_win_is_taken_back_next_and_done_again() -> None:
    history = UndoHistory(Turning)
    history.push(_edit("b", "price", 1, 2))
    history.push(_edit("a", "price", 1, 2))
    await history.undo()
    undone = Fate("price", base=2, mine=1, before=9, after=1)
    history.decided(Decided(entity=Entity.ITEM, uid="a", fates=(undone,)))
    step = history.next_undo
    assert isinstance(step, Step)
    assert history.next_redo is None
    assert (step.acts[0].uid, step.acts[0].before, step.acts[0].after) == ("a", {"price": 9}, {"price": 1})
    await history.undo()
    assert history.next_redo is not None
    assert history.next_undo is not None
    assert history.next_undo.concerns(Entity.ITEM, "b")


async def test_what_waits_to_be_decided_about_is_not_offered_to_be_done_again() -> None:
    asked = True
    history = UndoHistory(Turning, undecided=lambda _step: asked)
    history.push(_edit("a", "price", 1, 2))
    await history.undo()
    assert history.next_redo is None
    with pytest.raises(InputError, match="Open Activity"):
        await history.redo()
    asked = False
    assert history.next_redo is not None
    assert await history.redo() is not None
