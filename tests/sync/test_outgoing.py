"""The list of waiting changes: put in another order, exported, looked back on."""

import csv
import errno
import io
import json
import os
import stat
import zipfile
from pathlib import Path

import msgspec
import pytest

from instica_desktop.core.errors import StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.system.logs import keep_secret
from tests.core.test_secrets import forms
from tests.sync.test_photos import picture
from tests.sync.world import World, until


async def some_items(world: World, first: int, number: int) -> list[str]:
    rows = await world.seen(Query(Entity.ITEM).with_ordering("created"))
    return [row.uid for row in (rows.row(first + at) for at in range(number)) if row]


async def test_records_are_sent_in_the_order_the_user_gave_them(world: World) -> None:
    world.pace = msgspec.structs.replace(world.pace, sends_at_once=1)
    shop = await world.open()
    a, b, c = await some_items(world, 60, 3)
    shop.work_offline(True)
    for uid in (a, b, c):
        await shop.edit(Entity.ITEM, uid, {"location": f"ORDER-{uid[:4]}"})
    assert await shop.outgoing.move((Entity.ITEM, c), -1)
    assert await shop.outgoing.move((Entity.ITEM, c), -1)
    assert not await shop.outgoing.move((Entity.ITEM, c), -1)
    assert await shop.outgoing.move((Entity.ITEM, a), 1)
    assert [uid for _, uid in shop.outgoing.objects()] == [c, b, a]
    await world.leave()

    shop = await world.enter()
    await world.delivered()
    sent = [line.split("/")[4] for line in world.proxy.requests if line.startswith("PATCH ")]
    assert sent == [c, b, a]
    assert shop.outgoing.sent_today() == 3
    assert [one.uid for one in shop.outgoing.deliveries()] == [a, b, c]


async def test_waiting_changes_are_exported_for_people_and_programs(world: World, tmp_path: Path) -> None:
    shop = await world.open()
    (uid,) = await some_items(world, 64, 1)
    shop.work_offline(True)
    (added,) = await shop.add_photos(uid, [picture("#646464")])
    await shop.edit(Entity.ITEM, uid, {"condition_notes": "=cmd", "location": "Ω-1"})
    told: list[tuple[int, int]] = []
    target = tmp_path / "waiting.zip"
    target.write_text("something older", "utf-8")
    assert await shop.outgoing.export(target, lambda done, of: told.append((done, of))) == 2
    await until(lambda: told[-1:] == [(2, 2)])
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        changes = json.loads(archive.read("changes.json"))["changes"]
        rows = list(csv.reader(io.StringIO(archive.read("changes.csv").decode("utf-8-sig"))))
        content = archive.read(changes[0]["photo"])
    assert content == world.store.blobs.path(added.sha256).read_bytes()
    assert {edit["field"]: edit["new"] for edit in changes[1]["edits"]} == {
        "condition_notes": "=cmd",
        "location": "Ω-1",
    }
    assert [row[0] for row in rows[:1]] == ["Made"]
    assert len(rows) == 3
    assert "Ω-1" in rows[2][3]
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert len(shop.operations()) == 2  # a copy takes nothing away


async def test_an_export_holds_no_key_in_any_form(world: World, tmp_path: Path) -> None:
    key = 'ik_live_0+/"<&9f-in-an-export'
    keep_secret(key)
    shop = await world.open()
    (uid,) = await some_items(world, 66, 1)
    shop.work_offline(True)
    written = list(dict.fromkeys(forms(key)))
    await shop.edit(Entity.ITEM, uid, {"condition_notes": "\n".join(written)})
    target = tmp_path / "waiting.zip"
    await shop.outgoing.export(target)
    with zipfile.ZipFile(target) as archive:
        texts = [archive.read(name).decode("utf-8") for name in ("changes.json", "changes.csv")]
    told = [texts[1], str(json.loads(texts[0]))]
    assert not [form for form in written if any(form in text for text in told)]
    assert told[1].count("•••") >= len(written)


async def test_an_export_that_cannot_be_written_leaves_what_was_there(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await world.open()
    (uid,) = await some_items(world, 65, 1)
    shop.work_offline(True)
    await shop.add_photos(uid, [picture("#656565")])

    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", no_room)
    target = tmp_path / "waiting.zip"
    target.write_text("something older", "utf-8")
    with pytest.raises(StoreError):
        await shop.outgoing.export(target)
    assert target.read_text("utf-8") == "something older"
    assert {name for name in os.listdir(tmp_path) if name.endswith(".zip") or "new" in name} == {
        "waiting.zip"
    }
