"""Photos from the hand to the server: whatever the hand does next, what it dropped arrives."""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instica_desktop.app.tour.hands import drop_files
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.sync.uploads import prepare
from tests.features.conftest import Desk, until
from tests.features.inventory.test_inventory import item, ready, shown
from tests.support.held_photos import Held


def photos(folder: Path, count: int, salt: int) -> list[Path]:
    """Return real JPEGs, each another one."""
    folder.mkdir()
    made = [folder / f"{number:03}.jpg" for number in range(count)]
    noise = Image.effect_noise((320, 240), 60).convert("RGB")
    for number, path in enumerate(made):
        noise.paste((number * 2 % 256, salt, 7), (0, 0, 100, 80))
        noise.save(path, "JPEG", quality=80)
    return made


def digests(files: list[Path]) -> list[str]:
    """Return what the photos are named by once they are kept."""
    import hashlib

    return [hashlib.sha256(prepare(file).content).hexdigest() for file in files]


async def bare(context: Context, view: InventoryView, at: int) -> str:
    """Stand on an item that has no photos; return its uid."""
    view.browser.table.go_to(at)
    uid = item(view).uid
    client = context.shop._client  # pyright: ignore[reportPrivateUsage]
    for asset in await client.inventory.list_assets(uid):
        await client.inventory.delete_asset(uid, asset.uid)
    await context.shop.refresh(Entity.ITEM, uid)
    await until(lambda: not item(view).assets, "no photos")
    return uid


async def waited(condition: Callable[[], object], what: str) -> None:
    """Wait as long as twenty photos after another may take where others work, too."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(45):
            while not condition():  # noqa: ASYNC110  what is waited for tells nobody
                await asyncio.sleep(0.02)
    assert condition(), what


async def settled(context: Context) -> None:
    """Wait until all is on the server."""
    await waited(lambda: not context.shop.taking_in() and not context.shop.operations(), "sent")


async def there(context: Context, uid: str) -> list[str | None]:
    client = context.shop._client  # pyright: ignore[reportPrivateUsage]
    return [asset.sha256 for asset in await client.inventory.list_assets(uid)]


async def test_twenty_photos_dropped_right_before_the_end_arrive(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    files = photos(tmp_path / "card", 20, 1)
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = await bare(context, view, 1)
        drop_files(view.detail.photos.strip, files)
        view.leave()
    async with desk() as context:
        await settled(context)
        assert await there(context, uid) == digests(files)


async def test_many_dropped_while_going_on_to_the_next_record_all_arrive(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        drops: dict[str, list[Path]] = {}
        for at in range(2, 7):
            uid = await bare(context, view, at)
            drops[uid] = photos(tmp_path / f"card {at}", 8, at)
            drop_files(view.detail.photos.strip, drops[uid])
            view.detail.go_on()
        await until(lambda: context.shop.operations(), "the first of them is kept")
        view.leave()
    async with desk() as context:
        await settled(context)
        for uid, files in drops.items():
            assert await there(context, uid) == digests(files)


async def test_a_refusal_waits_at_its_record_until_it_is_dismissed(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    text = tmp_path / "letter.jpg"
    text.write_text("this is a letter, not a picture")
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = await bare(context, view, 7)
        drop_files(view.detail.photos.strip, [text, *photos(tmp_path / "card", 3, 9)])
        view.detail.go_on()
        await until(lambda: item(view).uid != uid)
        await settled(context)
        assert not view.detail.photos.trouble
        view.leave()
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        view.browser.table.go_to(7)
        await until(lambda: item(view).uid == uid)
        view.activateWindow()
        assert "letter.jpg" in view.detail.photos.trouble
        (line,) = view.detail.photos.notes.lines
        assert line.dismiss.accessibleName() == "Dismiss letter.jpg"
        text.write_bytes(b"still none")
        QTest.mouseClick(line.again, Qt.MouseButton.LeftButton)
        await until(lambda: view.detail.photos.notes.lines and view.detail.photos.notes.lines[0] is not line)
        (line,) = view.detail.photos.notes.lines
        line.dismiss.setFocus()
        QTest.keyClick(line.dismiss, Qt.Key.Key_Space)
        await until(lambda: not view.detail.photos.trouble, "dismissed")
        assert not view.detail.photos.notes.isVisible()
        view.leave()
    async with desk() as context:
        assert not context.shop.has_intake


async def test_a_large_drop_shows_at_once_and_can_be_cancelled(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(monkeypatch)
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = await bare(context, view, 8)
        notes = view.detail.photos.notes
        drop_files(view.detail.photos.strip, photos(tmp_path / "card", 24, 10))
        assert notes.said.text() == "Adding 1 of 24 photos…", "said before the drop has even returned"
        assert notes.cancel.isVisible()
        held.let(3)
        await until(lambda: notes.said.text() == "Adding 4 of 24 photos…", "progress")
        QTest.mouseClick(notes.cancel, Qt.MouseButton.LeftButton)
        held.let(24)
        await until(lambda: not notes.isVisible(), "cancelled")
        await settled(context)
        assert 3 <= len(await there(context, uid)) < 24
        assert len(item(view).assets) == len(await there(context, uid))
        view.leave()


async def test_what_is_there_already_is_said_in_passing(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    async with desk() as context:
        said: list[str] = []
        context.shop.on_words = said.append
        view = shown(qtbot, context)
        await ready(view)
        await bare(context, view, 9)
        files = photos(tmp_path / "card", 1, 11)
        drop_files(view.detail.photos.strip, files)
        await until(lambda: len(item(view).assets) == 1)
        drop_files(view.detail.photos.strip, files)
        await until(lambda: said == ["000.jpg is among the photos already."])
        assert not view.detail.photos.trouble
        view.leave()


async def test_a_drop_is_one_step_of_undo(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = await bare(context, view, 10)
        files = photos(tmp_path / "card", 3, 12)
        drop_files(view.detail.photos.strip, files)
        view.detail.go_on()
        await until(lambda: context.undo.next_undo, "a step")
        step = context.undo.next_undo
        assert step is not None
        assert step.words.startswith("3 photos of ")
        await context.undo.undo()
        assert context.undo.next_undo is None
        await settled(context)  # one that was just being sent goes once it has arrived
        assert await there(context, uid) == []
        await context.undo.redo()
        await settled(context)
        assert await there(context, uid) == digests(files)
        view.leave()


async def test_files_that_are_chosen_go_to_the_record_they_were_chosen_for(
    qtbot: QtBot, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: asyncio.Future[list[Path]] = asyncio.get_running_loop().create_future()

    async def choose(*_: object) -> list[Path]:
        return await chosen

    monkeypatch.setattr("instica_desktop.features.inventory.photos.dialogs.open_files", choose)
    async with desk() as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = await bare(context, view, 11)
        view.detail.photos.strip.add_requested.emit()
        await asyncio.sleep(0)
        view.detail.go_on()
        await until(lambda: item(view).uid != uid)
        files = photos(tmp_path / "card", 1, 13)
        chosen.set_result(files)
        await until(lambda: context.shop.operations(), "kept")
        await settled(context)
        assert await there(context, uid) == digests(files)
        view.leave()
