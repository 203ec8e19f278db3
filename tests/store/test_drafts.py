"""What is being typed outlives the window: kept a moment later, found by whatever the record goes by then."""

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.store import drafts as module
from instica_desktop.store.drafts import Drafts

ITEM = Entity.ITEM


async def in_files(work: Callable[..., Any], *arguments: Any) -> Any:
    return await asyncio.to_thread(work, *arguments)


def opened(path: Path, renamed: dict[str, str] | None = None) -> Drafts:
    return Drafts(path, in_files, lambda uid: (renamed or {}).get(uid, uid))


def texts(drafts: Drafts, uid: str) -> dict[str, str]:
    return {field: draft.text for field, draft in drafts.of(ITEM, uid).items()}


def test_a_text_is_there_at_the_next_start_with_its_base(tmp_path: Path) -> None:
    path = tmp_path / "drafts.json"

    async def type_and_quit() -> None:
        drafts = opened(path)
        drafts.keep(ITEM, "a", "location", "B-0", "A-1")
        drafts.keep(ITEM, "a", "location", "B-02", "A-1")
        drafts.keep(ITEM, "b", "tags", "jazz", ["dub"])
        drafts.drop(ITEM, "b", "tags")
        await drafts.close()

    asyncio.run(type_and_quit())
    found = opened(path).of(ITEM, "a")["location"]
    assert (found.text, found.base) == ("B-02", "A-1")
    assert opened(path).of(ITEM, "b") == {}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_text_is_on_the_disk_a_moment_later_without_being_asked(tmp_path: Path) -> None:
    path = tmp_path / "drafts.json"

    async def type_on() -> None:
        opened(path).keep(ITEM, "a", "location", "B-02")
        while not path.exists():  # noqa: ASYNC110  the file is what counts
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(type_on(), 10))
    assert texts(opened(path), "a") == {"location": "B-02"}


def test_a_text_follows_its_record_to_its_own_uid(tmp_path: Path) -> None:
    async def work() -> None:
        names: dict[str, str] = {}
        drafts = opened(tmp_path / "drafts.json", names)
        drafts.keep(ITEM, "tmp-1", "location", "B")
        names["tmp-1"] = "real"
        assert texts(drafts, "real") == texts(drafts, "tmp-1") == {"location": "B"}
        drafts.keep(ITEM, "real", "location", "B-02")
        assert texts(drafts, "tmp-1") == {"location": "B-02"}
        drafts.drop(ITEM, "real", "location")
        assert texts(drafts, "tmp-1") == {}
        await drafts.close()

    asyncio.run(work())


def test_the_oldest_texts_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)

    async def work() -> None:
        drafts = opened(tmp_path / "drafts.json")
        for uid in ("a", "b", "c"):
            drafts.keep(ITEM, uid, "location", uid)
        assert [texts(drafts, uid) for uid in ("a", "b", "c")] == [{}, {"location": "b"}, {"location": "c"}]
        await drafts.close()

    asyncio.run(work())


@pytest.mark.parametrize("content", [b"", b"{", b'[{"entity":"stars"}]', b"\xff"])
def test_a_spoilt_file_stands_in_nobodys_way(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "drafts.json").write_bytes(content)
    assert opened(tmp_path / "drafts.json").of(ITEM, "a") == {}


def _typed(path: Path) -> None:
    async def type_and_quit() -> None:
        drafts = opened(path)
        drafts.keep(ITEM, "a", "location", "B-02", "A-1")
        drafts.keep(ITEM, "b", "location", "C-03", "A-1")
        await drafts.close()

    asyncio.run(type_and_quit())


@pytest.mark.parametrize("wrong", [b"B-08", b"B-\xff2", b'B"02'])
def test_a_spoilt_text_is_not_taken_for_what_was_typed(tmp_path: Path, wrong: bytes) -> None:
    path = tmp_path / "drafts.json"
    _typed(path)
    spoilt = path.read_bytes().replace(b"B-02", wrong)
    path.write_bytes(spoilt)
    drafts = opened(path)
    assert (drafts.of(ITEM, "a"), texts(drafts, "b"), drafts.spoilt) == ({}, {"location": "C-03"}, 1)
    aside = tmp_path / module.SPOILT
    assert aside.read_bytes() == spoilt
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    asyncio.run(drafts.close())
    assert opened(path).spoilt == 0  # it is said once


def test_texts_of_an_earlier_version_are_read(tmp_path: Path) -> None:
    path = tmp_path / "drafts.json"
    path.write_bytes(
        b'[{"entity":"inventory","uid":"a","field":"location","text":"B-02","base":"A-1","at":1.5}]'
    )
    drafts = opened(path)
    assert (texts(drafts, "a"), drafts.spoilt) == ({"location": "B-02"}, 0)


def test_a_disk_that_takes_nothing_loses_nothing_before_the_quit(tmp_path: Path) -> None:
    async def work() -> None:
        drafts = opened(tmp_path / "gone" / "drafts.json")
        drafts.keep(ITEM, "a", "location", "B")
        await drafts.close()
        assert texts(drafts, "a") == {"location": "B"}

    asyncio.run(work())


def test_a_text_that_gave_way_to_newer_ones_is_new_when_it_is_typed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 1)

    async def type_on() -> None:
        drafts = opened(tmp_path / "drafts.json")
        drafts.keep(ITEM, "a", "location", "A-1")
        assert drafts.put_aside(ITEM, "a", "location")
        drafts.keep(ITEM, "b", "location", "B-1")  # there is room for one
        drafts.keep(ITEM, "a", "location", "A-2")
        assert drafts.aside() == []  # it is being typed
        assert drafts.put_aside(ITEM, "a", "location")
        await drafts.close()

    asyncio.run(type_on())
