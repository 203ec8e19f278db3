"""A shop connects once what is on this computer is shown: nothing holds up the first paint."""

import pytest

from instica_desktop.app import application
from instica_desktop.app.container import OpenShop
from instica_desktop.core.models.common import Entity
from instica_desktop.features.inventory.detail import ItemDetail
from instica_desktop.features.inventory.view import InventoryView
from tests.app.shops.conftest import Program, Run
from tests.features.conftest import until
from tests.server.fixture import RunningServer


async def copied(program: Program, items: int) -> None:
    """Wait until the whole shop is on this computer."""
    await until(lambda: program.open.shop.mirror.complete(Entity.ITEM), "not copied")
    assert program.open.shop.known(Entity.ITEM) == items


async def test_rows_their_number_and_the_pane_are_there_first(
    run: Run, north: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = OpenShop.start
    shown: list[tuple[int | None, bool]] = []

    async def watched(shop: OpenShop) -> None:
        screen = program.window.screens.current()
        assert isinstance(screen, InventoryView)
        shown.append((screen.browser.table.table_model.count, bool(screen.findChildren(ItemDetail))))
        await start(shop)

    async with run() as program:
        account = await program.connect(north)
        await copied(program, 40)
        monkeypatch.setattr(OpenShop, "start", watched)
        await program.app.open_account(account)
        await until(lambda: shown, "not started")
        assert shown == [(40, True)]


async def test_a_screen_that_is_never_complete_keeps_nobody_from_connecting(
    run: Run, north: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "PAINTED_WITHIN", 0.0)
    async with run() as program:
        await program.connect(north)
