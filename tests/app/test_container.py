"""Opening a shop."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.app import container
from instica_desktop.app.container import open_remote
from instica_desktop.core.accounts import Account
from instica_desktop.core.errors import StoreError
from instica_desktop.system.paths import Profile


def test_a_shop_that_could_not_be_opened_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*parts: Any) -> None:
        raise StoreError("The disk failed just then.")

    async def twice() -> None:
        opening = open_remote(Profile.at(tmp_path), Account(id="a", base_url="http://127.0.0.1:1"), "a-key")
        with monkeypatch.context() as failing:
            failing.setattr(container, "Shop", unreadable)
            with pytest.raises(StoreError, match="failed just then"):
                opening()
        await opening().close()

    asyncio.run(twice())


def test_a_shop_that_is_left_while_it_starts_stays_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leave_early() -> list[str]:
        shop = open_remote(Profile.at(tmp_path), Account(id="a", base_url="http://127.0.0.1:1"), "a-key")()
        begun, writing = asyncio.Event(), asyncio.Event()
        recover = shop.shop._upkeep.recover

        async def slowly(*parts: Any) -> None:
            begun.set()
            await writing.wait()
            await recover(*parts)

        monkeypatch.setattr(shop.shop._upkeep, "recover", slowly)
        starting = asyncio.create_task(shop.start())
        await begun.wait()
        closing = asyncio.create_task(shop.close())
        await asyncio.sleep(0)
        writing.set()
        await closing
        ended = await asyncio.gather(starting, return_exceptions=True)
        assert isinstance(ended[0], asyncio.CancelledError)
        return [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]

    assert asyncio.run(leave_early()) == []


def test_a_shop_that_is_left_before_it_starts_stays_closed(tmp_path: Path) -> None:
    async def leave_first() -> list[str]:
        shop = open_remote(Profile.at(tmp_path), Account(id="a", base_url="http://127.0.0.1:1"), "a-key")()
        await shop.close()
        with pytest.raises(asyncio.CancelledError):
            await shop.start()
        return [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()]

    assert asyncio.run(leave_first()) == []


def test_the_waiting_edits_are_looked_over_between_the_backups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def until_looked_over() -> None:
        shop = open_remote(Profile.at(tmp_path), Account(id="a", base_url="http://127.0.0.1:1"), "a-key")()
        looked = asyncio.Event()

        async def look() -> None:
            looked.set()

        monkeypatch.setattr(container, "BACK_UP_EVERY", 0.0)
        monkeypatch.setattr(shop.store, "look_over", look)
        await shop.start()
        await looked.wait()
        assert list(shop.store.backups.glob("outbox-*.db"))
        await shop.close()

    asyncio.run(until_looked_over())


@pytest.mark.allow_log("The waiting edits could not be looked over")
def test_a_look_that_fails_does_not_end_the_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def until_looked_again() -> None:
        shop = open_remote(Profile.at(tmp_path), Account(id="a", base_url="http://127.0.0.1:1"), "a-key")()
        again, looks = asyncio.Event(), list[str]()

        async def look() -> None:
            looks.append("look")
            if len(looks) == 1:
                raise RuntimeError("of ours")
            again.set()

        monkeypatch.setattr(container, "BACK_UP_EVERY", 0.0)
        monkeypatch.setattr(shop.store, "look_over", look)
        await shop.start()
        async with asyncio.timeout(30):
            await again.wait()
        await shop.close()

    asyncio.run(until_looked_again())


@pytest.mark.allow_log("Closing a shop failed in ")
@pytest.mark.parametrize("part", ["shop.close", "client.aclose"])
def test_a_part_that_does_not_close_leaves_no_files_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    async def twice() -> None:
        opening = open_remote(Profile.at(tmp_path), Account(id="a", base_url="http://127.0.0.1:1"), "a-key")
        shop = opening()
        owner, _, name = part.partition(".")

        async def fails() -> None:
            raise RuntimeError("of ours")

        with monkeypatch.context() as failing:
            failing.setattr(getattr(shop, owner), name, fails)
            await shop.close()
        await opening().close()  # the folder is free

    asyncio.run(twice())
