"""A profile with a local shop in it, and the whole of it copied, as after some days of use."""

import asyncio
from pathlib import Path

from instica_desktop.api import InsticaClient
from instica_desktop.core.accounts import LOCAL_ID, Account, AccountKind
from instica_desktop.store.store import Store
from instica_desktop.sync import Shop
from instica_desktop.system.accounts import Accounts
from instica_desktop.system.paths import Profile
from instica_desktop.system.prefs import Prefs
from tests.server.fixture import start_server

ITEMS = 100_000


def account_folder(profile: Path) -> Path:
    """Return the folder of the copy."""
    return Profile.at(profile).account_folder(LOCAL_ID)


def fill_profile(folder: Path, items: int) -> None:
    """Fill a profile, unless it holds a local shop already."""
    profile = Profile.at(folder)
    if not profile.settings_file.exists():
        asyncio.run(_fill(profile.create(), items))


async def _fill(profile: Profile, items: int) -> None:
    account = Account(id=LOCAL_ID, base_url="", label="Local shop", kind=AccountKind.LOCAL)
    with start_server(profile.local_shop, items=items) as server:
        store = Store.open(profile.account_folder(account.id))
        client = InsticaClient(server.base_url, server.api_key)
        shop = Shop(account, client, store, lambda changes: None)
        await shop.start()
        while not shop.state.can_read:  # noqa: ASYNC110  a measurement may look
            await asyncio.sleep(0.01)
        shop.mirror.start()
        await shop.mirror.settled()
        await shop.close()
        await client.aclose()
        await store.close()
    Accounts(Prefs(profile.settings_file)).remember(account)
