"""Taking edits back, also faster than they are written."""

import asyncio
from collections.abc import Mapping
from typing import Any

from instica_desktop.core.models.common import Entity
from instica_desktop.features.undo import Step, UndoHistory


def _step(price: int) -> Step:
    before, after = {"price": price}, {"price": price + 1}
    return Step(entity=Entity.ITEM, uid="a", title="Price", before=before, after=after)


async def test_keys_that_come_faster_than_edits_are_written_take_back_one_edit_each() -> None:
    written: list[Mapping[str, Any]] = []

    async def write(_entity: Entity, _uid: str, values: Mapping[str, Any]) -> None:
        await asyncio.sleep(0)
        written.append(values)

    history = UndoHistory(write)
    for price in (1, 2):
        history.push(_step(price))

    await asyncio.gather(history.undo(), history.undo(), history.undo())
    assert written == [{"price": 2}, {"price": 1}]
    await asyncio.gather(history.redo(), history.redo(), history.redo())
    assert written[2:] == [{"price": 2}, {"price": 3}]
    assert history.next_redo is None


async def test_a_step_that_lost_its_record_while_it_was_taken_back_leads_nowhere() -> None:
    history: UndoHistory

    async def write(entity: Entity, uid: str, _values: Mapping[str, Any]) -> None:
        history.forget(entity, [uid], but=Step(entity=entity, uid="b", title="Delete"))

    history = UndoHistory(write)
    history.push(_step(1))
    await history.undo()
    assert (history.next_undo, history.next_redo) == (None, None)
