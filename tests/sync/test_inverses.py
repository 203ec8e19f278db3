"""Taking acts back: only what was done, compared like every edit, whoever touched the record meanwhile."""

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from tests.sync.world import World


def _edit(uid: str, before: str, after: str) -> Step:
    act = Act(
        kind=ActKind.EDIT, entity=Entity.ITEM, uid=uid, before={"location": before}, after={"location": after}
    )
    return Step(words="location", acts=(act,))


async def test_an_edit_is_based_on_what_was_shown_when_typing_began(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(3)
    await world.admin.inventory.update(item.uid, {"location": "THEIRS"})
    await shop.refresh(Entity.ITEM, item.uid)
    assert world.item(item.uid)[0].location == "THEIRS"

    edited = await shop.edit(Entity.ITEM, item.uid, {"location": "MINE"}, shown={"location": item.location})
    assert edited.before == {"location": item.location}
    await world.stuck(OpState.CONFLICT)
    assert (await world.on_server(item.uid)).location == "THEIRS"
    await shop.discard(shop.operations()[0].uuid)


async def test_an_undo_writes_over_what_the_act_left_and_over_nothing_else(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(4)
    edited = await shop.edit(Entity.ITEM, item.uid, {"location": "MINE"})
    await world.delivered()
    step = _edit(item.uid, edited.before["location"], "MINE")
    step, but = await shop.inverses.undo(step)
    await world.delivered()
    assert (but, (await world.on_server(item.uid)).location) == ("", item.location)
    await shop.inverses.redo(step)
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "MINE"

    await world.admin.inventory.update(item.uid, {"location": "THEIRS"})
    await shop.refresh(Entity.ITEM, item.uid)
    await shop.inverses.undo(step)
    await world.stuck(OpState.CONFLICT)
    assert (await world.on_server(item.uid)).location == "THEIRS"
    await shop.discard(shop.operations()[0].uuid)


async def test_every_kind_of_act_has_an_inverse(world: World) -> None:
    shop = await world.open()
    assert shop.inverses.kinds == frozenset(ActKind)
