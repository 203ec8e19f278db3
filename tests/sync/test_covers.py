"""The picture of a product: shown at once, sent once, compared with the one that was seen, taken back."""

import hashlib
from pathlib import Path

import msgspec
import pytest

from instica_desktop.core.acts import Step
from instica_desktop.core.errors import InputError
from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from tests.support.fault_proxy import Fault
from tests.sync.test_photos import picture
from tests.sync.world import FAST, World, until


async def a_product(world: World, title: str) -> str:
    """Return a product of this test alone, without a picture, known on this computer."""
    world.fetch_through_proxy()
    made = (await world.admin.products.create({"title": title})).record.data
    assert await world.shop.refresh(Entity.PRODUCT, made.uid)
    return made.uid


def shown(world: World, uid: str) -> Product:
    row = world.shop.row(Entity.PRODUCT, uid)
    assert row is not None
    assert isinstance(row.data, Product)
    return row.data


async def on_server(world: World, uid: str) -> bytes | None:
    """Return the picture the server has, or None."""
    address = (await world.admin.products.get(uid)).record.data.product_image
    return (await world.admin.fetch(address)).content if address else None


async def test_a_picture_shows_at_once_is_replaced_and_goes_out_once(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    uid = await a_product(world, "Seen")
    file = tmp_path / "front.png"
    file.write_bytes(picture("teal", "PNG"))
    shop.work_offline(True)
    await shop.covers.set(uid, file)
    first = shown(world, uid).product_image
    assert first
    assert await shop.image(first)
    await shop.covers.set(uid, picture("navy"))
    (operation,) = shop.operations()
    shop.work_offline(False)
    await world.delivered()
    sent = await on_server(world, uid)
    assert sent is not None
    assert hashlib.sha256(sent).hexdigest() == operation.payload["blob"]
    assert world.proxy.seen("POST ") == 1
    shop.work_offline(True)
    address = shown(world, uid).product_image
    assert address is not None
    assert await shop.image(address) == sent  # without having been fetched


async def test_a_picture_shows_on_the_copies_as_well(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(3)
    assert item.product is not None
    assert await shop.refresh(Entity.PRODUCT, item.product.uid)
    shop.work_offline(True)
    await shop.covers.set(item.product.uid, picture("gold"))
    product = world.item(item.uid)[0].product
    assert product is not None
    assert product.product_image == shown(world, item.product.uid).product_image
    assert product.product_image is not None
    assert product.product_image.startswith("blob:")


@pytest.mark.parametrize("fault", [Fault.DROP_REPLY, Fault.RESET])
@pytest.mark.parametrize("removing", [False, True])
async def test_it_arrives_once_when_an_answer_is_lost(world: World, fault: Fault, removing: bool) -> None:
    shop = await world.open()
    uid = await a_product(world, f"Answer {fault.name} {removing}")
    if removing:
        await world.admin.products.upload_image(uid, picture("red"), "red.jpg")
        await shop.refresh(Entity.PRODUCT, uid)
    begins = "DELETE " if removing else "POST "
    world.proxy.fail(begins, fault)
    if removing:
        await shop.covers.remove(uid)
    else:
        await shop.covers.set(uid, picture("olive"))
    await world.delivered()
    assert (await on_server(world, uid) is None) is removing
    assert (shown(world, uid).product_image is None) is removing
    assert world.proxy.seen(begins) == (1 if fault is Fault.DROP_REPLY else 2)


async def test_set_and_removed_before_it_was_sent_leaves_nothing(world: World) -> None:
    shop = await world.open()
    uid = await a_product(world, "Nothing left")
    shop.work_offline(True)
    await shop.covers.set(uid, picture("pink"))
    await shop.covers.remove(uid)
    assert shop.operations() == []
    assert shown(world, uid).product_image is None
    new = await shop.making.product({"title": "Made here"})
    await shop.covers.set(new.uid, picture("plum"))
    await shop.covers.remove(new.uid)
    assert len(shop.operations()) == 1
    await shop.covers.set(new.uid, picture("plum"))
    shop.work_offline(False)
    await world.delivered()
    assert await on_server(world, shown(world, new.uid).uid)


async def test_another_picture_chosen_while_one_is_sent_follows_it(world: World) -> None:
    world.pace = msgspec.structs.replace(FAST, closing=0.05)
    shop = await world.open(silence=30.0)
    uid = await a_product(world, "One after the other")
    world.proxy.fail("POST ", Fault.SILENCE)
    await shop.covers.set(uid, picture("tan"))
    await until(lambda: world.proxy.seen("POST ") == 1)
    await shop.covers.set(uid, picture("lime"))
    wanted = shop.operations()[-1].payload["blob"]
    assert len(shop.operations()) == 2
    await world.leave()
    world.proxy.heal()
    shop = await world.enter(online=False)
    world.fetch_through_proxy()
    shop.work_offline(False)
    await world.delivered()
    sent = await on_server(world, uid)
    assert sent is not None
    assert hashlib.sha256(sent).hexdigest() == wanted


@pytest.mark.parametrize("choice", ["mine", "theirs", "another"])
async def test_a_picture_somebody_else_has_set_is_not_overwritten(world: World, choice: str) -> None:
    shop = await world.open()
    uid = await a_product(world, f"Two pictures {choice}")
    shop.work_offline(True)
    await shop.covers.set(uid, picture("gray"))
    await world.admin.products.upload_image(uid, picture("cyan"), "cyan.jpg")
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    (operation,) = shop.operations()
    wanted = picture("cyan") if choice == "theirs" else picture("gray")
    if choice == "another":
        wanted = picture("coral")
        await shop.covers.set(uid, wanted)
    else:
        await shop.resolve(operation.uuid, {"product_image": "mine" if choice == "mine" else "theirs"})
    await world.delivered()
    sent = await on_server(world, uid)
    assert sent is not None
    assert hashlib.sha256(sent).digest() == hashlib.sha256(wanted).digest()


async def test_the_same_picture_set_by_somebody_else_is_no_conflict(world: World) -> None:
    shop = await world.open()
    uid = await a_product(world, "The same")
    shop.work_offline(True)
    await shop.covers.set(uid, picture("beige"))
    await world.admin.products.upload_image(uid, picture("beige"), "beige.jpg")
    shop.work_offline(False)
    await world.delivered()
    assert world.proxy.seen("POST ") == 0


async def test_the_picture_before_comes_back_unsent_or_sent(world: World) -> None:
    shop = await world.open()
    uid = await a_product(world, "Back again")
    await shop.covers.set(uid, picture("brown"))
    await world.delivered()
    first, brown = shown(world, uid).product_image, await on_server(world, uid)
    shop.work_offline(True)
    step = Step(words="picture", acts=(await shop.covers.set(uid, picture("ivory")),))
    step, _ = await shop.inverses.undo(step)
    assert shop.operations() == []  # nothing was sent, so nothing is
    assert shown(world, uid).product_image == first
    step, _ = await shop.inverses.redo(step)
    shop.work_offline(False)
    await world.delivered()
    await shop.inverses.undo(step)
    await world.delivered()
    assert await on_server(world, uid) == brown


async def test_what_is_no_picture_is_refused_in_words(world: World, tmp_path: Path) -> None:
    shop = await world.open(online=False)
    new = await shop.making.product({"title": "Text"})
    text = tmp_path / "notes.jpg"
    text.write_text("this is no photo", "utf-8")
    with pytest.raises(InputError, match="not a photo"):
        await shop.covers.set(new.uid, text)
    assert len(shop.operations()) == 1
