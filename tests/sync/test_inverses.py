"""Taking acts back: only what was done, compared like every edit, whoever touched the record meanwhile."""

import pytest

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.decided import Decided, after
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.sync.inverses.base import Irreversible
from tests.support.fault_proxy import Answer, Fault
from tests.sync.acts_records import a_copy
from tests.sync.world import World, until


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


async def test_taking_a_sale_back_says_how_each_offer_comes_back(world: World) -> None:
    shop = await world.open()
    uid, section = await a_copy(world, status="ready-to-sell"), world.admin.inventory
    ebay = await section.add_listing(uid, {"platform": "ebay", "price_usd": "30.00"})
    by_hand = await section.add_listing(uid, {"platform": "redbubble"})
    assert await shop.refresh(Entity.ITEM, uid)
    edited = await shop.edit(Entity.ITEM, uid, {"status": "sold"})
    act = Act(kind=ActKind.EDIT, entity=Entity.ITEM, uid=uid, before=edited.before, after=edited.after)
    await world.delivered()
    await section.delist(uid, by_hand.uid)  # it was ended there
    assert await shop.refresh(Entity.ITEM, uid)
    _, but = await shop.inverses.undo(Step(words="status", acts=(act,)))
    assert but == (
        f"eBay lists it anew: its former number there ({ebay.external_id}) does not come back. "
        "Redbubble takes no offers from here: put the item on offer there by hand."
    )
    await world.delivered()
    there = {offer.platform: offer for offer in (await world.on_server(uid)).listings}
    assert (there["ebay"].status, str(there["ebay"].price_usd)) == ("listed", "30.00")
    assert there["redbubble"].status == "failed"


async def test_every_kind_of_act_has_an_inverse(world: World) -> None:
    shop = await world.open()
    assert shop.inverses.kinds == frozenset(ActKind)


async def test_after_two_texts_were_merged_undo_leads_to_what_stood_on_the_server(world: World) -> None:
    shop = await world.open()
    uid = await a_copy(world, condition_notes="One.\n\nTwo.\n\nThree.")
    decided: list[Decided] = []
    shop.on_decided.append(decided.append)
    shop.work_offline(True)
    edited = await shop.edit(Entity.ITEM, uid, {"condition_notes": "Mine.\n\nTwo.\n\nThree."})
    act = Act(kind=ActKind.EDIT, entity=Entity.ITEM, uid=uid, before=edited.before, after=edited.after)
    await world.admin.inventory.update(uid, {"condition_notes": "One.\n\nTwo.\n\nTheirs."})
    shop.work_offline(False)
    await world.delivered()
    assert (await world.on_server(uid)).condition_notes == "Mine.\n\nTwo.\n\nTheirs."
    (step,), _ = after([Step(words="notes", acts=(act,))], [], decided[0], shop.real)
    await shop.inverses.undo(step)
    await world.delivered()
    assert (await world.on_server(uid)).condition_notes == "One.\n\nTwo.\n\nTheirs."


async def test_an_edit_of_a_record_that_was_made_again_still_finds_it(world: World) -> None:
    shop = await world.open()
    uid = await a_copy(world)
    edited = await shop.edit(Entity.ITEM, uid, {"location": "MINE"})
    act = Act(kind=ActKind.EDIT, entity=Entity.ITEM, uid=uid, before=edited.before, after=edited.after)
    await world.delivered()
    deleted = await shop.removal.delete(Entity.ITEM, [uid])
    await world.delivered()
    with pytest.raises(Irreversible, match="deleted meanwhile"):
        await shop.inverses.undo(Step(words="shelf", acts=(act,)))
    await shop.inverses.undo(Step(words="deleting", acts=deleted.acts))
    await shop.inverses.undo(Step(words="shelf", acts=(act,)))
    await world.delivered()
    there = await world.on_server(shop.real(uid))
    assert (there.uid == uid, there.location) == (False, "BEFORE")


async def test_a_product_made_along_with_a_copy_stays_where_another_copy_hangs_on_it(world: World) -> None:
    shop = await world.open()
    made = await shop.making.copy({}, new={"title": "Two Copies"})
    other = await shop.making.copy({}, of=made.product)
    await world.delivered()
    step, but = await shop.inverses.undo(Step(words="new copy", acts=made.acts))
    assert but == "Its product stays: it has other copies."
    await world.delivered()
    assert (await world.on_server(shop.real(other.uid))).product is not None
    await shop.inverses.redo(step)
    await world.delivered()
    copy = await world.on_server(shop.real(made.uid))
    assert copy.product is not None
    assert copy.product.uid == shop.real(made.product)


async def test_nobody_knows_whether_a_deletion_arrived_is_said_and_the_step_stays(world: World) -> None:
    shop = await world.open()
    uid = await a_copy(world)
    world.proxy.fail("DELETE ", Fault.DROP_REPLY)
    world.proxy.answer(f"GET /api/v1/inventory/{uid}", Answer(503), times=4, skip=1)  # read, then deleted
    deleted = await shop.removal.delete(Entity.ITEM, [uid])
    step = Step(words="deleting", acts=deleted.acts)
    await until(lambda: [one.state for one in shop.operations()] == [OpState.UNKNOWN])
    shop.work_offline(True)
    with pytest.raises(InputError, match="Nobody knows yet"):
        await shop.inverses.undo(step)
    shop.work_offline(False)
    await world.delivered()
    await shop.inverses.undo(step)
    await world.delivered()
    assert (await world.on_server(shop.real(uid))).location == "BEFORE"
