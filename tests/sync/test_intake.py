"""What a person dropped: written down at once, kept in order, once each, over every end of the program."""

import os
import tempfile
from pathlib import Path

import pytest

from instica_desktop.core.acts import Step
from instica_desktop.core.errors import DiskFull
from instica_desktop.core.intake import Refusal
from instica_desktop.core.models.common import Entity
from instica_desktop.features.photo_steps import added_step
from instica_desktop.sync.intake import Added
from instica_desktop.sync.inverses.base import Irreversible
from instica_desktop.sync.photos import FULL
from instica_desktop.sync.sources import Source, is_lasting, name_of
from instica_desktop.sync.uploads import MOST_BYTES, prepare
from tests.sync.test_photos import picture
from tests.sync.world import World, until


def files(folder: Path, count: int, salt: int = 0) -> list[Path]:
    """Return real photos on the disk, each another one."""
    folder.mkdir(exist_ok=True)
    made = [folder / f"photo {number:03}.jpg" for number in range(count)]
    for number, path in enumerate(made):
        path.write_bytes(picture(f"#{number:02x}{salt:02x}{(number * 37) % 256:02x}", size=(160, 120)))
    return made


def digests(paths: list[Path]) -> list[str]:
    """Return what the photos are named by once they are kept."""
    import hashlib

    return [hashlib.sha256(prepare(path).content).hexdigest() for path in paths]


async def taken(world: World) -> None:
    """Wait until nothing is left to keep."""
    await until(lambda: not world.shop.taking_in(), lambda: f"left: {world.store.intake.all()}")


def refused(world: World, uid: str, entity: Entity = Entity.ITEM) -> list[Refusal]:
    return world.shop.intake.refusals(entity, uid)


async def empty_item(world: World, at: int) -> str:
    """Return an item without photos that is on this computer."""
    item = await world.an_item(at)
    for asset in item.assets:
        await world.admin.inventory.delete_asset(item.uid, asset.uid)
    await world.shop.refresh(Entity.ITEM, item.uid)
    return item.uid


async def on_server(world: World, uid: str) -> list[str | None]:
    return [asset.sha256 for asset in (await world.on_server(uid)).assets]


async def test_twenty_dropped_and_quit_at_once_arrive_in_order(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    uid = await empty_item(world, 60)
    dropped = files(tmp_path / "card", 20)
    shop.intake.take(Entity.ITEM, uid, dropped)
    assert shop.taking_in() == 20
    await world.leave()
    await world.enter()
    assert world.shop.taking_in() > 0, "all were kept before the end: it was not quick enough to tell"
    await taken(world)
    await world.delivered()
    assert await on_server(world, uid) == digests(dropped)
    assert not os.listdir(world.folder / "intake")


async def test_what_was_added_is_told_once_a_drop(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    told: list[Added] = []
    shop.on_added.append(told.append)
    uid = await empty_item(world, 61)
    first, second = files(tmp_path / "a", 3, 1), files(tmp_path / "b", 2, 2)
    shop.intake.take(Entity.ITEM, uid, first)
    shop.intake.take(Entity.ITEM, uid, second)
    await taken(world)
    await until(lambda: len(told) == 2)
    assert [(one.uid, list(one.photos)) for one in told] == [(uid, digests(first)), (uid, digests(second))]
    assert not world.store.intake.all()


async def test_a_drop_that_was_cut_in_two_is_told_as_one(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    uid = await empty_item(world, 62)
    dropped = files(tmp_path / "card", 12, 3)
    shop.intake.take(Entity.ITEM, uid, dropped)
    await until(lambda: shop.taking_in() <= 9)
    await world.leave()
    told: list[Added] = []
    await world.enter(online=False)
    world.shop.on_added.append(told.append)
    await until(lambda: told)
    assert [list(one.photos) for one in told] == [digests(dropped)]


async def test_a_file_that_goes_right_after_the_drop_was_copied(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    uid = await empty_item(world, 63)
    dropped = files(tmp_path / "archive manager", 6, 4)
    wanted = digests(dropped)
    large = tmp_path / "large.jpg"
    large.write_bytes(b"\xff" * (MOST_BYTES + 1))
    shop.intake.take(Entity.ITEM, uid, [*dropped, large])
    await until(lambda: len(os.listdir(world.folder / "intake")) >= 1)
    await until(lambda: all(one.copy for one in world.store.intake.all()[:6] if one.needs_source))
    for path in dropped:
        path.unlink()
    await taken(world)
    await world.delivered()
    assert await on_server(world, uid) == wanted
    assert [(one.names, "20 MB" in one.reason) for one in refused(world, uid)] == [(("large.jpg",), True)]


async def test_what_was_refused_is_there_again_until_it_is_dismissed(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    uid = await empty_item(world, 64)
    (good,) = files(tmp_path / "card", 1, 5)
    text, gone, folder = tmp_path / "notes.jpg", tmp_path / "gone.jpg", tmp_path / "scans"
    text.write_text("this is no photo", "utf-8")
    folder.mkdir()
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    shop.intake.take(Entity.ITEM, uid, [text, gone, folder, pipe, good, b"no picture"])
    await taken(world)
    await world.leave()
    await world.enter()
    said = {one.names: one.reason for one in refused(world, uid)}
    assert "not a photo" in said[("notes.jpg", "Pasted photo")]
    assert "still there" in said[("gone.jpg",)]
    assert "folder" in said[("scans",)]
    assert "no file" in said[("pipe.jpg",)]
    await world.shop.intake.dismiss(refused(world, uid)[0].uuids)
    gone.write_bytes(picture("#0a0b0c"))
    (again,) = (one for one in refused(world, uid) if one.names == ("gone.jpg",))
    await world.shop.intake.try_again(again.uuids)
    await taken(world)
    await world.leave()
    await world.enter()
    assert [one.names for one in refused(world, uid)] == [("scans",), ("pipe.jpg",)]
    await world.delivered()
    assert await on_server(world, uid) == digests([good, gone])


async def test_of_a_hundred_what_fits_is_added_and_the_rest_said_once(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    uid = await empty_item(world, 65)
    dropped = files(tmp_path / "card", 100, 6)
    shop.intake.take(Entity.ITEM, uid, dropped)
    await taken(world)
    await world.delivered()
    assert await on_server(world, uid) == digests(dropped[:24])
    (said,) = refused(world, uid)
    assert (said.names, said.reason) == (tuple(path.name for path in dropped[24:]), FULL)


async def test_forty_over_five_records_all_arrive(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    uids = [await empty_item(world, at) for at in range(66, 71)]
    drops = {uid: files(tmp_path / f"card{at}", 8, 10 + at) for at, uid in enumerate(uids)}
    for uid, dropped in drops.items():
        shop.intake.take(Entity.ITEM, uid, dropped)
    assert shop.taking_in() == 40
    await taken(world)
    await world.delivered()
    for uid, dropped in drops.items():
        assert await on_server(world, uid) == digests(dropped)


async def test_photos_that_are_there_are_said_once_in_passing(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    said: list[str] = []
    shop.on_words = said.append
    uid = await empty_item(world, 71)
    dropped = files(tmp_path / "card", 3, 20)
    shop.intake.take(Entity.ITEM, uid, dropped)
    await taken(world)
    shop.intake.take(Entity.ITEM, uid, dropped[:1])
    await until(lambda: said == ["photo 000.jpg is among the photos already."])
    shop.intake.take(Entity.ITEM, uid, dropped)
    await until(lambda: said[1:] == ["3 of these are among the photos already."])
    assert not refused(world, uid)
    assert not world.store.intake.all()
    await world.delivered()
    assert await on_server(world, uid) == digests(dropped)


async def test_cancelling_keeps_what_was_kept_and_adds_no_more(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    told: list[Added] = []
    shop.on_added.append(told.append)
    uid, other = await empty_item(world, 72), await empty_item(world, 73)
    dropped, more = files(tmp_path / "card", 24, 30), files(tmp_path / "more", 2, 31)
    shop.intake.take(Entity.ITEM, uid, dropped)
    shop.intake.take(Entity.ITEM, other, more)
    await until(lambda: (shop.intake.progress(Entity.ITEM, uid) or (0, 0))[0] >= 2)
    await shop.intake.cancel(Entity.ITEM, uid)
    assert shop.intake.progress(Entity.ITEM, uid) is None
    await taken(world)
    await world.delivered()
    there = await on_server(world, uid)
    assert 2 <= len(there) < 24
    assert there == digests(dropped[: len(there)])
    assert [list(one.photos) for one in told] == [there, digests(more)]
    assert await on_server(world, other) == digests(more)


async def test_a_full_disk_refuses_in_words_and_takes_it_later(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await world.open()
    said: list[str] = []
    shop.on_words = said.append
    uid = await empty_item(world, 74)
    (file,) = files(tmp_path / "card", 1, 40)

    async def full(*_: object) -> None:
        raise DiskFull("There is no room left on the disk. The change was not saved.")

    with monkeypatch.context() as patched:
        patched.setattr(world.store.intake, "note", full)
        shop.intake.take(Entity.ITEM, uid, [file, picture("#404142")])
        await until(lambda: said)
    (lost,) = refused(world, uid)
    assert lost.names == (file.name, "Pasted photo")
    assert "no room" in lost.reason
    assert not shop.taking_in()
    await shop.intake.try_again(lost.uuids)
    await taken(world)
    await world.delivered()
    assert len(await on_server(world, uid)) == 2
    assert not refused(world, uid)


async def test_a_disk_that_fills_meanwhile_loses_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await world.open()
    said: list[str] = []
    shop.on_words = said.append
    uid = await empty_item(world, 75)
    dropped = files(tmp_path / "card", 4, 41)

    tries = 0

    async def full(*_: object) -> str:
        nonlocal tries
        tries += 1
        raise DiskFull("There is no room left on the disk. The change was not saved.")

    with monkeypatch.context() as patched:
        patched.setattr(world.store.blobs, "put", full)
        shop.intake.take(Entity.ITEM, uid, dropped)
        await until(lambda: said and tries > 2, "it is tried again")
        assert shop.taking_in() == 4
    await taken(world)
    await world.delivered()
    assert await on_server(world, uid) == digests(dropped)
    assert len(said) == 1


async def test_a_record_that_is_being_deleted_takes_none_and_says_so(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    uid = await empty_item(world, 76)
    shop.work_offline(True)
    await shop.removal.delete(Entity.ITEM, [uid])
    shop.intake.take(Entity.ITEM, uid, files(tmp_path / "card", 2, 42))
    await taken(world)
    (said,) = refused(world, uid)
    assert "being deleted" in said.reason
    assert len(said.names) == 2


async def test_the_picture_of_a_product_is_kept_over_the_end(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    product = (await world.an_item(77)).product
    assert product is not None
    await shop.refresh(Entity.PRODUCT, product.uid)
    shop.work_offline(True)
    said: list[str] = []
    shop.on_words = said.append
    first, second = files(tmp_path / "covers", 2, 43)
    shop.intake.take(Entity.PRODUCT, product.uid, [first, second])
    assert len(said) == 1
    assert "first" in said[0]
    await world.leave()
    await world.enter(online=False)
    await taken(world)
    waiting = [one for one in world.shop.operations() if one.uid == product.uid]
    assert [one.payload["blob"] for one in waiting] == digests([first])
    world.shop.work_offline(False)
    await world.delivered()
    there = (await world.admin.products.get(product.uid)).record.data.product_image
    assert there
    assert (await world.admin.fetch(there)).content == prepare(first).content


async def test_what_waits_survives_a_damaged_file_of_edits(world: World, tmp_path: Path) -> None:
    shop = await world.open(online=False)
    world.shop.work_offline(False)
    await until(lambda: shop.state.can_read)
    uid = await empty_item(world, 78)
    shop.work_offline(True)
    shop.intake.take(Entity.ITEM, uid, [tmp_path / "gone.jpg"])
    await taken(world)
    await shop.care.mend_edits()
    await shop.care.confirm()
    await world.leave()
    await world.enter(online=False)
    assert [one.names for one in refused(world, uid)] == [("gone.jpg",)]


async def test_a_picture_dragged_out_of_a_browser_is_copied_before_all_else(
    world: World, tmp_path: Path
) -> None:
    shop = await world.open()
    uid, other = await empty_item(world, 79), await empty_item(world, 80)
    await shop.add_photos(other, [picture("#112244", size=(90, 70))])
    await world.delivered()
    (there,) = (await world.on_server(other)).assets
    assert there.image is not None
    address = world.through_proxy(there.image)
    dropped = files(tmp_path / "card", 8, 50)
    shop.intake.take(Entity.ITEM, uid, [*dropped, address])
    await until(lambda: any(one.address and one.copy for one in world.store.intake.all()))
    await taken(world)
    await world.delivered()
    assert await on_server(world, uid) == [*digests(dropped), there.sha256]
    shop.work_offline(True)
    shop.intake.take(Entity.ITEM, uid, [f"{address}-elsewhere.jpg"])
    await taken(world)
    (said,) = refused(world, uid)
    assert "cannot be fetched" in said.reason


def test_only_what_plainly_is_the_users_own_file_stays_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "home" / "tmp"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / "caches"))
    home = tmp_path / "home"
    lasting = {
        "Pictures/front.jpg": True,
        "front.jpg": True,
        ".cache/.fr-1x2/front.jpg": False,
        "caches/front.jpg": False,
        "tmp/front.jpg": False,
        "../elsewhere/front.jpg": False,
    }
    for name, wanted in lasting.items():
        assert is_lasting(home / name, home) is wanted, name
    home.joinpath("Pictures").mkdir(parents=True)
    (home / "Pictures" / "link").symlink_to(tmp_path / "elsewhere")
    assert not is_lasting(home / "Pictures" / "link" / "front.jpg", home)


def test_every_source_has_a_name() -> None:
    named: dict[Source, str] = {
        Path("/a/b c.jpg"): "b c.jpg",
        b"": "Pasted photo",
        "https://example.org/x/front%20side.jpg?w=9": "front side.jpg",
        "https://example.org/": "Picture from example.org",
    }
    assert {source: name_of(source) for source in named} == named


async def test_dropped_photos_sent_before_the_last_was_kept_can_be_added_again(
    world: World, tmp_path: Path
) -> None:
    shop = await world.open()
    told: list[Added] = []
    shop.on_added.append(told.append)
    uid = await empty_item(world, 64)
    dropped = files(tmp_path / "card", 4, 9)
    shop.intake.take(Entity.ITEM, uid, dropped)
    await until(lambda: told)
    await world.delivered()  # the step is made only now
    done = await added_step(shop, told[0])
    assert done is not None
    await shop.intake.let_go(told[0])
    step, _ = await shop.inverses.undo(done[0])
    await world.delivered()
    assert await on_server(world, uid) == []
    step, _ = await shop.inverses.redo(step)
    await world.delivered()
    assert await on_server(world, uid) == digests(dropped)
    await shop.inverses.forget(step)
    assert not any(world.store.blobs.is_held(name) for name in digests(dropped))


async def test_of_a_drop_nobody_asks_about_no_file_stays(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    uid = await empty_item(world, 65)
    dropped = files(tmp_path / "card", 2, 10)
    shop.intake.take(Entity.ITEM, uid, dropped)
    await taken(world)
    await world.delivered()
    await until(lambda: not any(world.store.blobs.is_held(name) for name in digests(dropped)))
    await until(lambda: not any(world.store.blobs.path(name).exists() for name in digests(dropped)))


async def test_photos_whose_files_are_gone_are_counted_and_none_is_added(
    world: World, tmp_path: Path
) -> None:
    shop = await world.open()
    uid = await empty_item(world, 66)
    results = await shop.add_photos(uid, files(tmp_path / "card", 3, 11))
    act = await shop.gallery.added(uid, [one.sha256 for one in results])
    assert act is not None
    await world.delivered()
    step, _ = await shop.inverses.undo(Step(words="3 photos of it", acts=(act,)))
    await world.delivered()
    for one in results[1:]:
        world.store.blobs.path(one.sha256).unlink()
    with pytest.raises(Irreversible, match="The files of 2 of these photos are no longer"):
        await shop.inverses.redo(step)
    assert shop.operations() == []
