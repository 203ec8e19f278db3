"""A text that was saved is noted with what it was saved as: no kill makes it look as if it was not."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.store import saved_texts as module
from instica_desktop.store.checking import examine
from instica_desktop.store.drafts import FILE, Drafts
from instica_desktop.store.settlement import Settlement
from instica_desktop.store.store import Store
from tests.store.support import reseal, update

ITEM = Entity.ITEM
PLACE = (ITEM, "a", "location")


def drafts_of(store: Store) -> Drafts:
    return Drafts(store.folder / FILE, store.in_files, store.outbox.real, store.outbox.saved_texts())


async def typed(drafts: Drafts, text: str) -> None:
    """Type a text and wait until it is on the disk."""
    drafts.keep(*PLACE, text, "A-1")
    await drafts.close()


def kill_and_start(folder: Path, life: Callable[[Store], Any]) -> list[str]:
    """Live until something is kept, end without another word, and return the texts of the next start."""

    async def first() -> None:
        store = Store.open(folder)
        await life(store)
        await store.close()

    async def next_start() -> list[str]:
        store = Store.open(folder)
        drafts = drafts_of(store)
        found = [draft.text for draft in drafts.of(ITEM, "a").values()]
        await drafts.close()
        await store.close()
        return found

    asyncio.run(first())
    return asyncio.run(next_start())


@pytest.mark.parametrize("how", ["add", "settle"])
def test_a_text_whose_act_is_kept_is_not_there_after_a_kill(tmp_path: Path, how: str) -> None:
    async def life(store: Store) -> None:
        drafts = drafts_of(store)
        await typed(drafts, "B-2")
        with drafts.saving([PLACE]):
            if how == "add":
                await store.outbox.add(update("a", "location", "A-1", "B-2"))
            else:
                await store.outbox.settle(Settlement(add=(update("a", "location", "A-1", "B-2"),)))

    assert kill_and_start(tmp_path, life) == []


def test_the_half_of_a_text_that_was_on_the_disk_goes_as_well(tmp_path: Path) -> None:
    async def life(store: Store) -> None:
        drafts = drafts_of(store)
        await typed(drafts, "B")
        drafts.keep(*PLACE, "B-2", "A-1")  # the file does not know of it any more
        with drafts.saving([PLACE]):
            await store.outbox.add(update("a", "location", "A-1", "B-2"))

    assert kill_and_start(tmp_path, life) == []


def test_what_was_typed_after_the_act_is_there(tmp_path: Path) -> None:
    async def life(store: Store) -> None:
        drafts = drafts_of(store)
        drafts.keep(*PLACE, "B-2", "A-1")
        with drafts.saving([PLACE]):
            await store.outbox.add(update("a", "location", "A-1", "B-2"))
        drafts.drop(*PLACE)
        await typed(drafts, "B-2")  # the same once more

    assert kill_and_start(tmp_path, life) == ["B-2"]


def test_a_text_whose_act_was_not_kept_is_there(tmp_path: Path) -> None:
    async def life(store: Store) -> None:
        drafts = drafts_of(store)
        await typed(drafts, "B-2")
        with pytest.raises(KeyError), drafts.saving([PLACE]):
            await store.outbox.settle(
                Settlement(add=(update("a", "location", "A-1", "B-2"),), drop=("not here",))
            )
        with drafts.saving([PLACE], "another text"):
            await store.outbox.add(update("a", "location", "A-1", "C-3"))
        await store.outbox.add(update("b", "location", "A-1", "C-4"))

    assert kill_and_start(tmp_path, life) == ["B-2"]


def test_only_the_last_texts_stay_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NOTED", 2)

    async def work() -> None:
        store = Store.open(tmp_path)
        drafts = drafts_of(store)
        for number in range(4):
            drafts.keep(*PLACE, f"B-{number}", "A-1")
            with drafts.saving([PLACE]):
                await store.outbox.add(update("a", "location", "A-1", f"B-{number}"))
            drafts.drop(*PLACE)
        assert len(store.outbox.saved_texts()) == 2
        await drafts.close()
        await store.close()

    asyncio.run(work())


@pytest.mark.parametrize("spoilt", [True, False])
def test_what_is_noted_of_saved_texts_holds_nothing_up(tmp_path: Path, spoilt: bool) -> None:
    """Spoilt it goes, and written by another version it says nothing: somebody is asked once more."""

    async def work() -> None:
        store = Store.open(tmp_path)
        drafts = drafts_of(store)
        drafts.keep(*PLACE, "B-2", "A-1")
        with drafts.saving([PLACE]):
            await store.outbox.add(update("a", "location", "A-1", "B-2"))
        await drafts.close()
        await store.close()
        writer = apsw.Connection(str(tmp_path / "outbox.db"))
        writer.execute("UPDATE meta SET value='[[\"item\"]]' WHERE key='saved_texts'")
        writer.close()
        if spoilt:
            (finding,) = examine(tmp_path).findings
            assert "you may be asked about a typed text" in finding.message
        else:
            reseal(tmp_path / "outbox.db")
        store = Store.open(tmp_path)
        assert store.outbox.saved_texts() == ()
        assert not store.outbox.needs_confirmation
        assert [one.state for one in store.outbox.all()] == [OpState.QUEUED]
        drafts = drafts_of(store)
        with drafts.saving([PLACE]):
            drafts.keep(*PLACE, "C-3", "A-1")
        with drafts.saving([PLACE]):
            await store.outbox.add(update("a", "location", "B-2", "C-3"))
        assert len(store.outbox.saved_texts()) == 1
        await drafts.close()
        await store.close()

    asyncio.run(work())
