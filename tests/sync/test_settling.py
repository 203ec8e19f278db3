"""Settling conflicts: texts that merge, values of one's own, records deleted there. Nothing is lost."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from instica_desktop.core.errors import InputError
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.core.query import Query
from instica_desktop.sync.conflicts import Own
from tests.support.fault_proxy import Fault
from tests.sync.world import World, create, until

NOTES = "First pressing with the original inner sleeve.\nPlays clean on both sides."
MINE = f"{NOTES}\nFaint warp, no skip."
THEIRS = NOTES.replace("First", "German first")
BOTH = MINE.replace("First", "German first")


async def with_notes(world: World, at: int) -> InventoryItem:
    """Return an item whose notes are long enough for two to write on, known on this computer."""
    item = await world.an_item(at)
    await world.admin.inventory.update(item.uid, {"condition_notes": NOTES})
    await world.shop.refresh(Entity.ITEM, item.uid)
    return item


def history(world: World, uid: str, entity: Entity = Entity.ITEM) -> set[tuple[str, Any, str]]:
    return {(one.field, str(one.value), one.reason) for one in world.shop.history(entity, uid)}


async def test_texts_that_fit_are_merged_without_asking_and_both_are_kept(world: World) -> None:
    shop = await world.open()
    item = await with_notes(world, 40)
    await world.admin.inventory.update(item.uid, {"condition_notes": THEIRS})
    await shop.edit(Entity.ITEM, item.uid, {"condition_notes": MINE})
    await world.delivered()
    assert (await world.on_server(item.uid)).condition_notes == BOTH
    assert history(world, item.uid) == {
        ("condition_notes", MINE, "mine was merged"),
        ("condition_notes", THEIRS, "theirs was merged"),
        ("condition_notes", BOTH, "delivered"),
    }


async def test_a_merge_whose_answer_is_lost_is_found_and_not_merged_again(world: World) -> None:
    shop = await world.open()
    item = await with_notes(world, 41)
    await world.admin.inventory.update(item.uid, {"condition_notes": THEIRS})
    before = world.proxy.seen("PATCH ")
    world.proxy.fail("PATCH ", Fault.DROP_REPLY)
    await shop.edit(Entity.ITEM, item.uid, {"condition_notes": MINE})
    await world.delivered()
    assert (await world.on_server(item.uid)).condition_notes == BOTH
    assert world.proxy.seen("PATCH ") == before + 1
    assert len(history(world, item.uid)) == 3


async def test_a_clash_of_texts_asks_and_the_text_written_instead_is_sent(world: World) -> None:
    shop = await world.open()
    item = await with_notes(world, 42)
    await world.admin.inventory.update(item.uid, {"condition_notes": "Theirs, anew."})
    await shop.edit(Entity.ITEM, item.uid, {"condition_notes": "Mine, anew."})
    await world.stuck(OpState.CONFLICT)
    (stuck,) = shop.operations()
    assert stuck.theirs == {"condition_notes": "Theirs, anew."}
    await shop.resolve(stuck.uuid, {"condition_notes": Own("  Both, by hand. ")})
    await world.delivered()
    assert (await world.on_server(item.uid)).condition_notes == "Both, by hand."
    assert history(world, item.uid) == {
        ("condition_notes", "Mine, anew.", "mine was rewritten"),
        ("condition_notes", "Theirs, anew.", "theirs was rewritten"),
        ("condition_notes", "Both, by hand.", "delivered"),
    }


async def test_an_own_value_that_cannot_be_saved_changes_nothing(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(43)
    await world.admin.inventory.update(item.uid, {"price_item_usd": "31.00", "location": "THEIRS"})
    await shop.edit(Entity.ITEM, item.uid, {"price_item_usd": "32.00", "location": "MINE"})
    await world.stuck(OpState.CONFLICT)
    (stuck,) = shop.operations()
    with pytest.raises(InputError) as caught:
        await shop.resolve(stuck.uuid, {"price_item_usd": Own("-5"), "location": "theirs"})
    assert caught.value.field == "price_item_usd"
    assert shop.operations() == [stuck]
    assert history(world, item.uid) == set()
    await shop.resolve(stuck.uuid, {"price_item_usd": Own("33"), "location": "theirs"})
    await world.delivered()
    there = await world.on_server(item.uid)
    assert (str(there.price_item_usd), there.location) == ("33.00", "THEIRS")


async def test_an_own_value_equal_to_theirs_sends_nothing(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(44)
    await world.admin.inventory.update(item.uid, {"location": "THEIRS"})
    await shop.edit(Entity.ITEM, item.uid, {"location": "MINE"})
    await world.stuck(OpState.CONFLICT)
    before = world.proxy.seen("PATCH ")
    await shop.resolve(shop.operations()[0].uuid, {"location": Own("THEIRS")})
    await world.delivered()
    assert world.proxy.seen("PATCH ") == before
    assert ("location", "MINE", "mine was rewritten") in history(world, item.uid)


async def test_editing_a_field_in_conflict_keeps_both_values_it_replaces(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(45)
    await world.admin.inventory.update(item.uid, {"location": "THEIRS", "manual_sku": f"T-{item.uid[:6]}"})
    await shop.edit(Entity.ITEM, item.uid, {"location": "MINE", "manual_sku": f"M-{item.uid[:6]}"})
    await world.stuck(OpState.CONFLICT)
    await shop.edit(Entity.ITEM, item.uid, {"location": "BOTH"})
    (stuck,) = shop.operations()
    assert (stuck.state, list(stuck.theirs)) == (OpState.CONFLICT, ["manual_sku"])
    assert {
        ("location", "MINE", "mine was rewritten"),
        ("location", "THEIRS", "theirs was rewritten"),
    } <= history(world, item.uid)


async def test_an_edit_remembers_what_else_was_seen(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(46)
    await world.admin.inventory.update(item.uid, {"location": "THEIRS", "tags": ["only theirs"]})
    await shop.edit(Entity.ITEM, item.uid, {"location": "MINE"})
    await world.stuck(OpState.CONFLICT)
    (stuck,) = shop.operations()
    assert tuple(stuck.seen["tags"]) == item.tags
    assert world.item(item.uid)[0].tags == ("only theirs",)


# ---------------------------------------------------------------- deleted there


async def test_a_record_deleted_there_is_made_again_with_all_that_waits_for_it(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(25, status="ready-to-sell")
    await world.admin.inventory.update(item.uid, {"condition_notes": NOTES})
    await shop.refresh(Entity.ITEM, item.uid)
    await shop.edit(Entity.ITEM, item.uid, {"barcode": "1234"})
    await world.delivered()
    await world.admin.inventory.delete(item.uid)
    await shop.edit(Entity.ITEM, item.uid, {"location": "AGAIN-1", "manual_sku": ""})
    await world.stuck(OpState.CONFLICT)
    (added,) = await shop.add_photos(item.uid, [_picture()])
    assert added.error is None
    await until(lambda: [one.state for one in shop.operations()] == [OpState.CONFLICT] * 2)
    first = shop.operations()[0]
    found = await shop.recreation(first.uuid)
    assert found.photos_lost == len(item.assets) - len(found.photos)

    shop.work_offline(True)
    await shop.recreate(first.uuid)
    kinds = [one.kind for one in shop.operations()]
    assert kinds[0] is OpKind.CREATE
    assert set(kinds[1:]) == {OpKind.ADD_PHOTO}
    assert {one.uid for one in shop.operations()} == {shop.operations()[0].uid}
    assert world.item(item.uid)[0].location == "AGAIN-1"  # the old uid leads to the new record
    shop.work_offline(False)
    await world.delivered()
    row = shop.row(Entity.ITEM, item.uid)
    assert row is not None
    assert not row.uid.startswith("tmp-")
    there = await world.on_server(row.uid)
    assert row.uid != item.uid
    assert (there.location, there.condition_notes, there.barcode) == ("AGAIN-1", NOTES, "1234")
    assert there.condition_item == item.condition_item
    assert there.product is not None
    assert item.product is not None
    assert there.product.uid == item.product.uid
    assert added.sha256 in {asset.sha256 for asset in there.assets}
    told = history(world, item.uid)
    assert ("barcode", "1234", "delivered") in told
    assert ("location", "AGAIN-1", "delivered") in told
    page = await world.admin.inventory.page(Query(Entity.ITEM, search=there.manual_sku or ""))
    assert [record.data.uid for record in page.records] == [row.uid]


async def test_photos_whose_files_are_here_come_back_with_the_record(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(30, status="ready-to-sell")
    shop.work_offline(True)
    (added,) = await shop.add_photos(item.uid, [_picture()])
    content = world.store.blobs.path(added.sha256).read_bytes()
    shop.work_offline(False)
    await world.delivered()
    (asset,) = [one for one in world.item(item.uid)[0].assets if one.sha256 == added.sha256]
    await world.store.cache.put_image(asset.image or "", content)
    await world.admin.inventory.delete(item.uid)
    await shop.edit(Entity.ITEM, item.uid, {"location": "AGAIN-3"})
    await world.stuck(OpState.CONFLICT)
    (stuck,) = shop.operations()
    found = await shop.recreation(stuck.uuid)
    assert [photo.payload["blob"] for photo in found.photos] == [added.sha256]
    assert found.photos_lost == len(item.assets)
    await shop.recreate(stuck.uuid)
    await world.delivered()
    row = shop.row(Entity.ITEM, item.uid)
    assert row is not None
    assert [one.sha256 for one in (await world.on_server(row.uid)).assets] == [added.sha256]


async def test_making_again_survives_the_end_of_the_app(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(28, status="ready-to-sell")
    await world.admin.inventory.delete(item.uid)
    await shop.edit(Entity.ITEM, item.uid, {"location": "AGAIN-2"})
    await world.stuck(OpState.CONFLICT)
    shop.work_offline(True)
    await shop.recreate(shop.operations()[0].uuid)
    await world.leave()
    shop = await world.enter()
    await world.delivered()
    assert world.item(item.uid)[0].location == "AGAIN-2"


async def test_a_deleted_product_is_made_again_and_its_unsent_items_go_to_the_new_one(world: World) -> None:
    shop = await world.open()
    made = await create(shop, Entity.PRODUCT, {"title": "Deleted there"}, "Deleted there")
    await world.delivered()
    row = shop.row(Entity.PRODUCT, made.uid)
    assert row is not None
    uid = row.uid
    shop.work_offline(True)
    await shop.edit(Entity.PRODUCT, uid, {"country": "DE", "artist": "Nico"})
    item = await create(shop, Entity.ITEM, {"product": {"uid": uid, "title": "Deleted there"}}, "a copy")
    await world.admin.products.delete(uid)
    shop.work_offline(False)
    await until(lambda: {one.state for one in shop.operations()} <= {OpState.CONFLICT, OpState.REFUSED})
    gone = next(one for one in shop.operations() if one.kind is OpKind.UPDATE)
    await shop.recreate(gone.uuid)
    await until(
        lambda: OpKind.CREATE not in {o.kind for o in shop.operations() if o.entity is Entity.PRODUCT}
    )
    for refused in shop.operations():
        await shop.retry(refused.uuid)
    await world.delivered()
    again = shop.row(Entity.PRODUCT, uid)
    assert again is not None
    product = (await world.admin.products.get(again.uid)).record.data
    assert product.country == "DE"
    assert product.artist is not None
    assert product.artist.name == "Nico"
    copy = shop.row(Entity.ITEM, item.uid)
    assert copy is not None
    there = (await world.on_server(copy.uid)).product
    assert there is not None
    assert there.uid == again.uid


async def test_a_record_that_is_still_there_is_not_made_again(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(52)
    await world.admin.inventory.update(item.uid, {"location": "THEIRS"})
    await shop.edit(Entity.ITEM, item.uid, {"location": "MINE"})
    await world.stuck(OpState.CONFLICT)
    with pytest.raises(InputError, match="cannot be made again"):
        await shop.recreate(shop.operations()[0].uuid)


# ---------------------------------------------------------------- dropping


async def test_a_dropped_new_item_is_told_in_its_products_history(world: World) -> None:
    shop = await world.open()
    product = (await world.an_item(54)).product
    assert product is not None
    shop.work_offline(True)
    made = await create(shop, Entity.ITEM, {"product": {"uid": product.uid}, "location": "LOST-1"}, "a copy")
    (added,) = await shop.add_photos(made.uid, [_picture()])
    assert added.error is None
    await shop.discard(made.uuid)
    assert shop.operations() == []
    (told,) = [one for one in shop.history(Entity.PRODUCT, product.uid) if one.field == "new_item"]
    assert told.value["location"] == "LOST-1"
    assert told.reason == "dropped"
    fields = {field for field, _, reason in history(world, made.uid) if reason == "dropped"}
    assert {"location", "add_photo"} <= fields


async def test_a_dropped_photo_is_told_in_the_items_history(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(56)
    shop.work_offline(True)
    await shop.add_photos(item.uid, [_picture()])
    await shop.discard(shop.operations()[0].uuid)
    assert ("add_photo", "New photo Pasted photo.jpg", "dropped") in history(world, item.uid)


def _picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (64, 64), "teal").save(made, "JPEG")
    return made.getvalue()
