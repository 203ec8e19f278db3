"""What an open shop consists of, built once and taken down once: server, client, store, shop, screens."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from instica_desktop.api import InsticaClient
from instica_desktop.app.copying import Copying
from instica_desktop.core.accounts import Account
from instica_desktop.core.errors import InUse, StoreError
from instica_desktop.core.models import User
from instica_desktop.features.context import Context, Screen, ScreenWidget, UiServices
from instica_desktop.qtkit.bus import Bus
from instica_desktop.store.store import Store
from instica_desktop.sync import Shop
from instica_desktop.system.logs import keep_secret
from instica_desktop.system.paths import Profile
from instica_desktop.system.prefs import Prefs

if TYPE_CHECKING:
    from instica_desktop.app.local_server import LocalServer

log = logging.getLogger(__name__)

BACK_UP_EVERY = 3600.0
"""Seconds between copies of the outbox while a shop is open."""
WAITS = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between the tries to start the local server while another process has the local shop."""
LOOKS = 12
"""How often the outbox is looked over in between: damage of it shows within five minutes."""


class OpenShop:
    """One open shop. Made without waiting for anything; `start` brings its server and connection up."""

    def __init__(
        self, account: Account, client: InsticaClient, store: Store, bus: Bus, server: "LocalServer | None"
    ) -> None:
        self.account = account
        self.client = client
        self.store = store
        self.bus = bus
        self.server = server
        self.shop = Shop(account, client, store, bus.publish)
        self.on_words: Callable[[str], None] = _nobody
        self.shop.on_words = self._shop_says
        self._backups: asyncio.Task[None] | None = None
        self._starting: asyncio.Task[None] | None = None
        self._closed = False
        self._context: Context | None = None
        self._copying: Copying | None = None

    def context(self, ui: UiServices, prefs: Prefs) -> Context:
        """Return what every screen is given."""
        self._context = Context(self.account, self.shop, self.bus, prefs, ui)
        self._copying = Copying(self.shop, self.store, prefs)
        return self._context

    @property
    def pictures_on_their_way(self) -> bool:
        """Whether the screens still wait for pictures."""
        return self._context is not None and self._context.images.busy

    def screens(self) -> tuple[Screen, ...]:
        """Return the screens there are, in the order of the rail."""
        return SCREENS

    async def start(self) -> None:
        """Start the local server if this is the local shop, then connect.

        Raises:
            StoreError: the local server does not start; what is on this computer can be used all the same.
            CancelledError: the shop was closed before it was up.
        """
        if self._closed:  # nothing may begin once the files are closed
            raise asyncio.CancelledError
        self._starting = asyncio.create_task(self._start(), name="start shop")
        await self._starting

    async def _start(self) -> None:
        try:
            if self.server:
                self.server.on_event = self._server_says
                self.server.on_preparing = self.shop.preparing
                await _started(self.server)
        finally:
            if not self._closed:  # left again before its server answered
                await self.shop.start()
                if self._copying:
                    self._copying.start()
                self._backups = asyncio.create_task(self._back_up(), name="backups")

    async def close(self) -> None:
        """Let what is being sent end, close the files, end the server. A step that fails keeps no other."""
        self._closed = True
        steps = [self._stop_work, self.shop.close, self.client.aclose, self.store.close]
        if self.server:
            steps.append(self.server.stop)
        for step in steps:
            try:
                await step()
            except Exception:
                log.exception("Closing a shop failed in %s", step)

    async def _stop_work(self) -> None:
        if self._starting:
            self._starting.cancel()
            await asyncio.wait({self._starting})
        if self._backups:
            self._backups.cancel()
            await asyncio.wait({self._backups})
        if self._copying:
            await self._copying.close()
        if self._context:
            self._context.close()
            await self._context.finish()

    def user(self) -> User | None:
        """Return who is signed in, once the server has said so."""
        return self.shop.user

    def _shop_says(self, words: str) -> None:
        self.on_words(words)

    def _server_says(self, words: str) -> None:
        self.on_words(words)
        self.shop.try_now()

    async def _back_up(self) -> None:
        while True:
            await _kept_up(self.store.back_up(), "The waiting edits could not be backed up")
            await _kept_up(self.store.blobs.sweep(set()), "Sent photos could not be dropped")
            for _ in range(LOOKS):
                await asyncio.sleep(BACK_UP_EVERY / LOOKS)
                await _kept_up(self.store.look_over(), "The waiting edits could not be looked over")


async def _kept_up(work: Awaitable[object], trouble: str) -> None:
    """Do what is done again later anyway; what goes wrong with it once does not end that."""
    try:
        await work
    except StoreError as error:
        log.info("%s: %s %s", trouble, error.message, error.details)
    except Exception:
        log.exception("%s", trouble)


async def _started(server: "LocalServer") -> None:
    """Start the local server. A script that has the shop for a moment, such as `list`, is waited for."""
    for delay in WAITS:
        try:
            await server.start()
        except InUse:
            await asyncio.sleep(delay)
        else:
            return
    await server.start()


def _inventory(context: Context, parent: QWidget) -> ScreenWidget:
    from instica_desktop.features.inventory.view import InventoryView

    return InventoryView(context, parent)


def _products(context: Context, parent: QWidget) -> ScreenWidget:
    from instica_desktop.features.products.view import ProductsView

    return ProductsView(context, parent)


def _orders(context: Context, parent: QWidget) -> ScreenWidget:
    from instica_desktop.features.orders.view import OrdersView

    return OrdersView(context, parent)


def _storage(context: Context, parent: QWidget) -> ScreenWidget:
    from instica_desktop.features.storage.view import StorageView

    return StorageView(context, parent)


def _settings(context: Context, parent: QWidget) -> ScreenWidget:
    from instica_desktop.features.settings.view import SettingsView

    return SettingsView(context, parent)


# Each screen's code is read when it is first visited: the first paint does not wait for the others.
SCREENS: tuple[Screen, ...] = (
    Screen("inventory", "Inventory", "library", _inventory),
    Screen("products", "Products", "disc-3", _products),
    Screen("orders", "Orders", "package", _orders),
    Screen("storage", "Storage and backups", "hard-drive", _storage, in_rail=False),
    Screen("settings", "Settings", "settings", _settings, in_rail=False),
)


def open_remote(profile: Profile, account: Account, key: str) -> Callable[[], OpenShop]:
    """Return what opens a shop on a server."""
    keep_secret(key)
    return lambda: _open(profile, account, account.base_url, key, None)


def open_local(profile: Profile, account: Account, *, demo: bool) -> Callable[[], OpenShop]:
    """Return what opens the local shop; its server is started by `OpenShop.start`."""

    def opening() -> OpenShop:
        from instica_desktop.app.local_server import LocalServer  # a shop elsewhere does without

        server = LocalServer(profile.local_shop, profile.logs, demo=demo)
        return _open(profile, account, server.address.base_url, server.address.api_key, server)

    return opening


def _open(
    profile: Profile, account: Account, base_url: str, key: str, server: "LocalServer | None"
) -> OpenShop:
    bus = Bus()
    store = Store.open(profile.account_folder(account.id), bus.publish)
    client = InsticaClient(base_url, key)
    try:
        return OpenShop(account, client, store, bus, server)
    except StoreError:
        store.let_go()  # the next try must not find the shop open in another window: this one
        raise


def _nobody(words: str) -> None:
    """Stand in until somebody listens."""
