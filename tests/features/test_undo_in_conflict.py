"""Undo where a colleague changed the same field: what is said, what is offered, what is taken back next."""

from contextlib import aclosing
from typing import Literal

import pytest

from instica_desktop.api import InsticaClient
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.core.query import Query
from instica_desktop.features.context import Context
from instica_desktop.features.undo import edit_step
from instica_desktop.sync import Kind
from tests.features.conftest import Desk, Window, until
from tests.server.fixture import RunningServer


def said(context: Context) -> list[str]:
    assert isinstance(context.ui, Window)
    return context.ui.said


async def edited(context: Context, uid: str, value: str) -> None:
    done = await context.shop.edit(Entity.ITEM, uid, {"location": value})
    context.did(edit_step(Entity.ITEM, uid, "Aja", done))
    await until(lambda: not context.shop.operations(), "it is sent")


async def two(context: Context) -> tuple[str, str]:
    await until(lambda: context.shop.state.kind is Kind.ONLINE)
    results = context.shop.results(Query(Entity.ITEM))
    results.open()
    await results.settled()
    first, second = results.row(0), results.row(1)
    results.close()
    assert first is not None
    assert second is not None
    return first.uid, second.uid


@pytest.mark.parametrize("choice", ["mine", "theirs"])
async def test_an_undo_in_conflict_is_said_to_wait_and_its_decision_is_taken_back_next(
    desk: Desk, seeded: RunningServer, choice: Literal["mine", "theirs"]
) -> None:
    async with desk() as context, aclosing(InsticaClient(seeded.base_url, seeded.api_key)) as colleague:
        shop, (older, uid) = context.shop, await two(context)
        await edited(context, older, "OLDER")
        await edited(context, uid, "BEFORE")
        await edited(context, uid, "MINE")
        await colleague.inventory.update(uid, {"location": "THEIRS"})
        assert await shop.refresh(Entity.ITEM, uid)
        context.undo_last()
        await until(lambda: said(context))
        words = "Not undone yet: shelf of Aja. It was changed elsewhere. Open Activity (F8) to choose."
        assert said(context) == [words]
        await until(lambda: any(one.state is OpState.CONFLICT for one in shop.operations()))
        assert context.undo.next_redo is None
        (stuck,) = shop.operations()
        await shop.resolve(stuck.uuid, {"location": choice})
        await until(lambda: not shop.operations())
        assert context.undo.next_redo is None
        if choice == "theirs":
            assert context.undo.last_of(Entity.ITEM, uid) is not None  # of the edit before
            return
        assert (await colleague.inventory.get(uid)).record.data.location == "BEFORE"
        assert await context.undo.undo() is not None
        await until(lambda: not shop.operations())
        assert (await colleague.inventory.get(uid)).record.data.location == "THEIRS"
        assert await context.undo.redo() is not None
        await until(lambda: not shop.operations())
        assert (await colleague.inventory.get(uid)).record.data.location == "BEFORE"
        assert (await colleague.inventory.get(older)).record.data.location == "OLDER"
