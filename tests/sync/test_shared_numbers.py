"""A number on an order to another address is asked about: before it is saved, or by the server afterwards."""

import msgspec
import pytest

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.decided import Decided, after
from instica_desktop.core.models import Order
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.core.sharing import agreed_in, agreement, asked, sharing_words, with_agreed
from instica_desktop.sync import ShipmentDraft, Shop
from instica_desktop.sync.watching import Watch
from tests.support.fault_proxy import Answer, Fault
from tests.sync.world import World, until


def draft(number: str, service: str = "") -> ShipmentDraft:
    return ShipmentDraft(carrier="usps", tracking_number=number, service=service)


async def numbers(world: World, uid: str) -> list[str | None]:
    return [parcel.tracking_number for parcel in (await world.order_on_server(uid)).shipments]


async def theirs(world: World, number: str, at: int = 1) -> Order:
    """Return an order that somebody else ships with a number."""
    other = await world.an_order(at)
    await world.admin.orders.add_shipment(other.uid, {"carrier": "usps", "tracking_number": number})
    return other


async def clash(world: World, number: str) -> tuple[Shop, str, Order]:
    """Ship offline what somebody else ships to another address meanwhile, and wait for the question."""
    shop = await world.open()
    uid = (await world.an_order()).uid
    shop.work_offline(True)
    await shop.ship(uid, draft(number))
    other = await theirs(world, number)
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    return shop, uid, other


async def agree_on(shop: Shop, uid: str, number: str) -> dict[str, list[str]]:
    """Return what the user agrees to who is asked by the form."""
    return agreement(number, await shop.parts.also_on(uid, number))


async def test_what_only_the_server_knows_becomes_a_question_in_words(world: World) -> None:
    shop, uid, other = await clash(world, "SHARED-1")
    (operation,) = shop.operations()
    (named,) = asked(operation.theirs)
    assert (named["uid"], named["address"]) == (other.uid, "other")
    assert operation.message == sharing_words([named])
    assert f"order {other.order_id} of {other.buyer_name}, to another address" in operation.message
    assert await numbers(world, uid) == []
    await shop.discard(operation.uuid)
    assert world.order(uid).shipments == ()
    assert shop.operations() == []


async def test_it_goes_out_once_the_user_says_so(world: World) -> None:
    shop, uid, other = await clash(world, "SHARED-2")
    await shop.do_anyway(shop.operations()[0].uuid)
    await world.delivered()
    assert (await numbers(world, uid), await numbers(world, other.uid)) == (["SHARED-2"], ["SHARED-2"])
    assert [parcel.tracking_number for parcel in world.order(uid).shipments] == ["SHARED-2"]


async def test_the_question_and_its_answer_outlive_the_app(world: World) -> None:
    _, uid, _ = await clash(world, "SHARED-3")
    await world.leave()
    shop = await world.enter(online=False)
    (operation,) = shop.operations()
    assert operation.state is OpState.CONFLICT
    await shop.do_anyway(operation.uuid)
    await world.leave()
    shop = await world.enter()
    await world.delivered()
    assert await numbers(world, uid) == ["SHARED-3"]


@pytest.mark.parametrize("asked_before", [0, 1], ids=["its question", "the parcel"])
@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
async def test_a_lost_answer_to_what_was_agreed_makes_one_parcel(
    world: World, asked_before: int, done: bool
) -> None:
    number = f"SHARED-4-{asked_before}-{done}"
    shop, uid, _ = await clash(world, number)
    shop.work_offline(True)
    await shop.do_anyway(shop.operations()[0].uuid)
    world.proxy.answer("POST ", Answer(503), skip=asked_before, done=done)
    shop.work_offline(False)
    await world.delivered()
    assert await numbers(world, uid) == [number]


async def test_an_app_that_ends_between_the_question_and_the_parcel_sends_it_once(world: World) -> None:
    shop, uid, _ = await clash(world, "SHARED-41")
    shop.work_offline(True)
    await shop.do_anyway(shop.operations()[0].uuid)
    world.proxy.fail("POST ", Fault.SILENCE)
    shop.work_offline(False)
    await until(lambda: world.proxy.seen("POST ") and shop.operations()[0].state is OpState.SENDING)
    await world.leave()
    world.proxy.heal()
    shop = await world.enter()
    await world.delivered()
    assert await numbers(world, uid) == ["SHARED-41"]


async def test_another_number_takes_the_place_of_the_one_that_is_asked_about(world: World) -> None:
    shop, uid, _ = await clash(world, "SHARED-5")
    (parcel,) = world.order(uid).shipments
    await shop.parts.edit_parcel(uid, parcel.uid, draft("OWN-5"))
    await world.delivered()
    assert await numbers(world, uid) == ["OWN-5"]


async def test_an_order_that_came_while_it_was_decided_is_asked_about_too(world: World) -> None:
    shop, uid, first = await clash(world, "SHARED-6")
    shop.work_offline(True)
    await shop.do_anyway(shop.operations()[0].uuid)
    third = await world.an_order(1)
    confirmed = {"carrier": "usps", "tracking_number": "SHARED-6", "confirm": True}
    await world.admin.orders.add_shipment(third.uid, confirmed)
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    assert {one["uid"] for one in asked(shop.operations()[0].theirs)} == {first.uid, third.uid}
    assert await numbers(world, uid) == []
    await shop.do_anyway(shop.operations()[0].uuid)
    await world.delivered()
    assert await numbers(world, uid) == ["SHARED-6"]


async def test_a_changed_number_becomes_a_question_that_can_be_dropped_or_answered(world: World) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    await shop.ship(uid, draft("OWN-7"))
    await world.delivered()
    (parcel,) = world.order(uid).shipments
    shop.work_offline(True)
    await shop.parts.edit_parcel(uid, parcel.uid, draft("SHARED-7", service="Signed"))
    other = await theirs(world, "SHARED-7", 0)
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    (operation,) = shop.operations()
    assert (operation.kind, asked(operation.theirs)[0]["uid"]) == (OpKind.EDIT_SHIPMENT, other.uid)
    act = await shop.discard(operation.uuid)
    assert world.order(uid).shipments[0].tracking_number == "OWN-7"

    assert act is not None
    await shop.dropping.put_back(act)
    await world.stuck(OpState.CONFLICT)
    await shop.do_anyway(operation.uuid)
    await world.delivered()
    (parcel,) = (await world.order_on_server(uid)).shipments
    assert (parcel.tracking_number, parcel.service) == ("SHARED-7", "Signed")


async def test_a_number_that_is_changed_once_more_is_asked_about_no_longer(world: World) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    await shop.ship(uid, draft("OWN-8"))
    await world.delivered()
    (parcel,) = world.order(uid).shipments
    shop.work_offline(True)
    await shop.parts.edit_parcel(uid, parcel.uid, draft("SHARED-8"))
    await theirs(world, "SHARED-8", 0)
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    await shop.parts.edit_parcel(uid, parcel.uid, draft("OWN-88"))
    await world.delivered()
    assert await numbers(world, uid) == ["OWN-88"]


async def test_what_is_known_here_is_found_before_it_is_saved(world: World) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    other = await theirs(world, "9400111899560000000014")
    assert await shop.parts.also_on(uid, "9400111899560000000014") == []
    await world.know(Entity.ORDER, other.uid)
    (named,) = await shop.parts.also_on(uid, "USPS 9400 1118 9956 0000 0000 14")
    assert (named["uid"], named["order_id"], named["address"]) == (other.uid, other.order_id, "other")
    assert await shop.parts.also_on(other.uid, "9400111899560000000014") == []
    assert await shop.parts.also_on(uid, "") == []


async def test_what_the_form_was_answered_is_asked_no_more_whichever_goes_first(world: World) -> None:
    shop = await world.open()
    first, second = await world.an_order(0), await world.an_order(1)
    shop.work_offline(True)
    await shop.ship(first.uid, draft("SHARED-9"))
    seen = with_agreed(shop.seen(Entity.ORDER, second.uid), await agree_on(shop, second.uid, "SHARED-9"))
    await shop.ship(second.uid, draft("SHARED-9"), seen)
    of_both = {one.uid: agreed_in(one.seen) for one in shop.operations()}
    assert of_both == {first.uid: {"SHARED-9": [second.uid]}, second.uid: {"SHARED-9": [first.uid]}}
    shop.work_offline(False)
    await world.delivered()
    assert [await numbers(world, one.uid) for one in (first, second)] == [["SHARED-9"], ["SHARED-9"]]


async def test_a_parcel_that_waits_takes_in_what_was_agreed_to_of_its_new_number(world: World) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    other = await theirs(world, "SHARED-91")
    await world.know(Entity.ORDER, other.uid)
    shop.work_offline(True)
    await shop.ship(uid, draft("OWN-91"))
    (parcel,) = world.order(uid).shipments
    agreed = await agree_on(shop, uid, "SHARED-91")
    await shop.parts.edit_parcel(uid, parcel.uid, draft("SHARED-91"), agreed=agreed)
    shop.work_offline(False)
    await world.delivered()
    assert await numbers(world, uid) == ["SHARED-91"]


async def test_a_corrected_question_keeps_what_was_agreed_to(world: World) -> None:
    shop, uid, _ = await clash(world, "SHARED-92")
    third = await theirs(world, "SHARED-93")
    await world.know(Entity.ORDER, third.uid)
    (parcel,) = world.order(uid).shipments
    agreed = await agree_on(shop, uid, "SHARED-93")
    await shop.parts.edit_parcel(uid, parcel.uid, draft("SHARED-93"), agreed=agreed)
    await world.delivered()
    assert await numbers(world, uid) == ["SHARED-93"]


async def test_redo_asks_no_more_about_what_was_agreed_to(world: World) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    other = await theirs(world, "SHARED-10")
    await world.know(Entity.ORDER, other.uid)
    seen = with_agreed(shop.seen(Entity.ORDER, uid), await agree_on(shop, uid, "SHARED-10"))
    step = Step(words="shipping", acts=(await shop.ship(uid, draft("SHARED-10"), seen),))
    await world.delivered()
    step, _ = await shop.inverses.undo(step, Watch())
    await world.delivered()
    assert await numbers(world, uid) == []
    step, _ = await shop.inverses.redo(step, Watch())
    await world.delivered()
    assert await numbers(world, uid) == ["SHARED-10"]

    step, _ = await shop.inverses.undo(step, Watch())
    await world.delivered()
    third = await world.an_order(1)
    confirmed = {"carrier": "usps", "tracking_number": "SHARED-10", "confirm": True}
    await world.admin.orders.add_shipment(third.uid, confirmed)
    await shop.inverses.redo(step, Watch())
    await world.stuck(OpState.CONFLICT)
    assert third.uid in {one["uid"] for one in asked(shop.operations()[0].theirs)}
    await shop.discard(shop.operations()[0].uuid)


async def test_undo_of_a_removal_and_of_a_change_bring_a_shared_number_back_unasked(world: World) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    other = await theirs(world, "SHARED-11")
    await world.know(Entity.ORDER, other.uid)
    seen = with_agreed(shop.seen(Entity.ORDER, uid), await agree_on(shop, uid, "SHARED-11"))
    await shop.ship(uid, draft("SHARED-11"), seen)
    await world.delivered()
    (parcel,) = world.order(uid).shipments
    act = await shop.parts.edit_parcel(uid, parcel.uid, draft("OWN-11"))
    assert act is not None
    await world.delivered()
    await shop.inverses.undo(Step(words="correction", acts=(act,)), Watch())
    await world.delivered()
    assert await numbers(world, uid) == ["SHARED-11"]

    removed = Step(words="removal", acts=(await shop.unship(uid, parcel.uid),))
    await world.delivered()
    await shop.inverses.undo(removed, Watch())
    await world.delivered()
    assert await numbers(world, uid) == ["SHARED-11"]


async def test_what_was_decided_is_in_the_steps_of_all_orders_it_is_about(world: World) -> None:
    shop, uid, other = await clash(world, "SHARED-12")
    ours = Act(kind=ActKind.SHIPPED, entity=Entity.ORDER, uid=uid, part="p")
    their = Act(kind=ActKind.PARCEL_REMOVED, entity=Entity.ORDER, uid=other.uid, part="q")
    noted = Act(kind=ActKind.EDIT, entity=Entity.ORDER, uid=uid)
    done = [Step(words="both", acts=(ours, noted))]
    undone = [Step(words="theirs", acts=(their,))]

    def rewrite(what: Decided) -> None:
        done[:], undone[:] = after(done, undone, what, shop.real)

    shop.on_decided.append(rewrite)
    await shop.do_anyway(shop.operations()[0].uuid)
    assert [act.agreed for act in done[0].acts] == [{"SHARED-12": [other.uid]}, {}]
    assert undone[0].acts[0].agreed == {"SHARED-12": [uid]}
    await world.delivered()


@pytest.mark.parametrize("also_on", ["x", [1], [{"uid": 5}], {}, None])
async def test_a_refusal_that_cannot_be_read_is_one_like_others(world: World, also_on: object) -> None:
    shop = await world.open()
    uid = (await world.an_order()).uid
    body = msgspec.json.encode({"detail": "It is taken.", "also_on": also_on})
    world.proxy.answer("POST ", Answer(409, body=body), times=9)
    await shop.ship(uid, draft("ODD-1"))
    await world.stuck(OpState.REFUSED)
    assert shop.operations()[0].message == "It is taken."
    await shop.discard(shop.operations()[0].uuid)
