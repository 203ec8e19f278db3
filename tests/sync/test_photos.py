"""Photos: checked, stripped, kept durably, sent once, shown at once."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from tests.support.fault_proxy import Fault
from tests.sync.world import World, until


def picture(colour: str = "teal", kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """Return a real picture file."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


async def test_a_photo_is_shown_at_once_and_arrives_unchanged(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    item = await world.an_item(30)
    original = picture()
    file = tmp_path / "front.jpeg"
    file.write_bytes(original)
    shop.work_offline(True)
    told: list[tuple[int, int]] = []
    results = await shop.add_photos(item.uid, [file], "container", lambda done, of: told.append((done, of)))
    assert [one.ok for one in results] == [True]
    assert told == [(1, 1)]
    shown = world.item(item.uid)[0].assets[-1]
    assert shown.image is not None
    assert await shop.image(shown.image) == world.store.blobs.path(results[0].sha256).read_bytes()
    assert file.read_bytes() == original

    shop.work_offline(False)
    await world.delivered()
    there = (await world.on_server(item.uid)).assets[-1]
    assert (there.sha256, there.kind) == (results[0].sha256, "container")
    assert world.item(item.uid)[0].assets[-1].uid == there.uid
    assert there.thumbnail is not None
    fetched = await shop.image(world.through_proxy(there.thumbnail))
    assert fetched
    assert Image.open(io.BytesIO(fetched)).size[0] > 0


@pytest.mark.parametrize("fault", [Fault.DROP_REPLY, Fault.RESET])
async def test_a_photo_is_never_doubled(world: World, fault: Fault) -> None:
    shop = await world.open()
    item = await world.an_item(31)
    before = len(item.assets)
    world.proxy.fail("POST ", fault)
    await shop.add_photos(item.uid, [picture(f"#{fault.value}{fault.value}4455")])
    await world.delivered()
    assert len((await world.on_server(item.uid)).assets) == before + 1
    assert world.proxy.seen("POST ") == (1 if fault is Fault.DROP_REPLY else 2)


async def test_the_same_photo_twice_is_one(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(32)
    shop.work_offline(True)
    results = await shop.add_photos(item.uid, [picture("navy"), picture("navy")])
    assert [one.duplicate for one in results] == [False, True]
    shop.work_offline(False)
    await world.delivered()
    again = await shop.add_photos(item.uid, [picture("navy")])
    assert again[0].duplicate
    digests = [asset.sha256 for asset in (await world.on_server(item.uid)).assets]
    assert digests.count(results[0].sha256) == 1


async def test_bad_files_are_refused_in_words_and_the_good_ones_kept(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    item = await world.an_item(33)
    shop.work_offline(True)
    text = tmp_path / "notes.jpg"
    text.write_text("this is no photo", "utf-8")
    results = await shop.add_photos(item.uid, [text, picture("red"), tmp_path / "missing.jpg", b""])
    assert [one.ok for one in results] == [False, True, False, False]
    assert results[0].error is not None
    assert "not a photo" in results[0].error.message
    assert len(shop.operations()) == 1


async def test_an_item_takes_no_more_than_24_photos(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(34)
    shop.work_offline(True)
    room = 24 - len(item.assets)
    photos = [picture(f"#{at:02x}80{at:02x}", "PNG") for at in range(room + 1)]
    results = await shop.add_photos(item.uid, photos)
    assert [one.ok for one in results] == [True] * room + [False]
    assert results[-1].error is not None
    assert "24 photos" in results[-1].error.message


async def test_photos_are_reordered_chosen_and_removed_before_they_are_sent(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(35)
    shop.work_offline(True)
    added = await shop.add_photos(item.uid, [picture("#111111"), picture("#222222"), picture("#333333")])
    one, two, three = (asset.uid for asset in world.item(item.uid)[0].assets[-3:])
    old = [asset.uid for asset in item.assets]
    await shop.order_photos(item.uid, [three, one, two, *old])
    await shop.primary_photo(item.uid, one)
    await shop.remove_photo(item.uid, two)
    assert [asset.uid for asset in world.item(item.uid)[0].assets] == [three, one, *old]
    shop.work_offline(False)
    await world.delivered()
    there = (await world.on_server(item.uid)).assets
    wanted = [added[2].sha256, added[0].sha256]
    assert [asset.sha256 for asset in there[:2]] == wanted
    assert [asset.sha256 for asset in there if asset.is_primary] == [added[0].sha256]
    await shop.remove_photo(item.uid, there[0].uid)
    await world.delivered()
    assert [asset.sha256 for asset in (await world.on_server(item.uid)).assets[:1]] == wanted[1:]


async def test_the_progress_of_an_upload_is_told(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(36)
    seen: set[tuple[int, int]] = set()

    def watch() -> None:
        for operation in shop.operations():
            if (progress := shop.upload_progress(operation.uuid)) is not None:
                seen.add(progress)

    shop.on_state.append(watch)
    noise = Image.effect_noise((900, 900), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG")
    await shop.add_photos(item.uid, [out.getvalue()])
    await world.delivered()
    assert seen
    assert max(sent for sent, _ in seen) == max(of for _, of in seen)


async def test_a_photo_missing_from_this_computer_says_so_and_blocks_nothing(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(37)
    shop.work_offline(True)
    (added,) = await shop.add_photos(item.uid, [picture("#abcdef")])
    world.store.blobs.path(added.sha256).unlink()
    await shop.edit(Entity.ITEM, item.uid, {"location": "PAST IT"})
    shop.work_offline(False)
    await world.stuck(OpState.REFUSED)
    assert "no longer on this computer" in shop.operations()[0].message
    await until(lambda: world.item(item.uid)[1].fields == {"assets"})
    assert (await world.on_server(item.uid)).location == "PAST IT"


async def test_a_picture_is_fetched_once_and_then_from_this_computer(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(38)
    await shop.add_photos(item.uid, [picture("#0f0f0f")])
    await world.delivered()
    there = (await world.on_server(item.uid)).assets[-1].image
    assert there is not None
    url = world.through_proxy(there)
    content = await shop.image(url)
    assert content is not None
    assert hashlib.sha256(content).hexdigest() == world.item(item.uid)[0].assets[-1].sha256
    shop.work_offline(True)
    assert await shop.image(url) == content
    assert await shop.image(url + "not-seen") is None
    assert await shop.image("blob:" + "0" * 64) is None
    assert await shop.image("") is None
