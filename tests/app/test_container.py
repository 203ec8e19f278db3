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
