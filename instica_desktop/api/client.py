"""The client of one Instica server: one section per part of the API reference, over one pipeline."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import TYPE_CHECKING

from instica_desktop import __version__
from instica_desktop.api.address import Address
from instica_desktop.api.offered import Offered
from instica_desktop.api.redact import Credential, Secret

if TYPE_CHECKING:
    from instica_desktop.api.pipeline import FetchedFile, Pipeline
    from instica_desktop.api.retry import RetryPolicy
    from instica_desktop.api.sections.account import AccountSection
    from instica_desktop.api.sections.auth import AuthSection
    from instica_desktop.api.sections.health import HealthSection
    from instica_desktop.api.sections.inventory import InventorySection
    from instica_desktop.api.sections.keys import KeysSection
    from instica_desktop.api.sections.marketplace import MarketplaceSection
    from instica_desktop.api.sections.orders import OrdersSection
    from instica_desktop.api.sections.organization import OrganizationSection
    from instica_desktop.api.sections.platforms import PlatformsSection
    from instica_desktop.api.sections.products import ProductsSection
    from instica_desktop.api.sections.subscriptions import SubscriptionsSection
    from instica_desktop.api.transport import Transport

USER_AGENT = f"instica-desktop/{__version__}"


class InsticaClient:
    """Speaks to one server with one key or token, on one event loop. Close it with `aclose()`.

    Raises:
        AddressError: for an address that cannot be used, such as plain http to another machine.
        InputError: for a key that cannot be one.
    """

    def __init__(
        self,
        base_url: str,
        key: str | None,
        *,
        credential: Credential = Credential.KEY,
        transport: "Transport | None" = None,
        user_agent: str = USER_AGENT,
        retry: "RetryPolicy | None" = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        patience: float | None = None,
    ) -> None:
        """Make a client. `credential` says what `key` is: a key, or a token from signing in.

        `clock` counts seconds; `patience` is how long one call lets itself be throttled.
        """
        self._address = Address.parse(base_url)
        self._secret = Secret(key, credential)
        self._transport = transport
        self._user_agent = user_agent
        self._retry = retry
        self._clock, self._sleep, self._patience = clock, sleep, patience
        self._offered = Offered(clock)
        self.waits: list[Callable[[float], None]] = []
        """Told how many seconds each read took to begin to be answered."""

    @cached_property
    def _pipeline(self) -> "Pipeline":
        """The way of every request. Made for the first one, as the sections are: no start waits for them."""
        from instica_desktop.api.pipeline import PATIENCE, Pipeline
        from instica_desktop.api.retry import Retries
        from instica_desktop.api.transport import HttpxTransport

        self._transport = self._transport or HttpxTransport()
        return Pipeline(
            self._address,
            self._secret,
            self._transport,
            user_agent=self._user_agent,
            retry=self._retry or Retries(),
            offered=self._offered,
            clock=self._clock,
            sleep=self._sleep,
            patience=PATIENCE if self._patience is None else self._patience,
            waits=self.waits,
        )

    @cached_property
    def health(self) -> "HealthSection":
        """Whether the server is there."""
        from instica_desktop.api.sections.health import HealthSection

        return HealthSection(self._pipeline)

    @cached_property
    def auth(self) -> "AuthSection":
        """Registering, signing in and out."""
        from instica_desktop.api.sections.auth import AuthSection

        return AuthSection(self._pipeline)

    @cached_property
    def account(self) -> "AccountSection":
        """Who is signed in."""
        from instica_desktop.api.sections.account import AccountSection

        return AccountSection(self._pipeline)

    @cached_property
    def keys(self) -> "KeysSection":
        """API keys."""
        from instica_desktop.api.sections.keys import KeysSection

        return KeysSection(self._pipeline)

    @cached_property
    def products(self) -> "ProductsSection":
        """Releases."""
        from instica_desktop.api.sections.products import ProductsSection

        return ProductsSection(self._pipeline)

    @cached_property
    def inventory(self) -> "InventorySection":
        """Copies in stock."""
        from instica_desktop.api.sections.inventory import InventorySection

        return InventorySection(self._pipeline)

    @cached_property
    def orders(self) -> "OrdersSection":
        """Orders and their shipments."""
        from instica_desktop.api.sections.orders import OrdersSection

        return OrdersSection(self._pipeline)

    @cached_property
    def platforms(self) -> "PlatformsSection":
        """Marketplaces."""
        from instica_desktop.api.sections.platforms import PlatformsSection

        return PlatformsSection(self._pipeline)

    @cached_property
    def organization(self) -> "OrganizationSection":
        """The organization, its team and addresses."""
        from instica_desktop.api.sections.organization import OrganizationSection

        return OrganizationSection(self._pipeline)

    @cached_property
    def subscriptions(self) -> "SubscriptionsSection":
        """Plans and the subscription."""
        from instica_desktop.api.sections.subscriptions import SubscriptionsSection

        return SubscriptionsSection(self._pipeline)

    @cached_property
    def marketplace(self) -> "MarketplaceSection":
        """Accounts on marketplaces, and imports from them."""
        from instica_desktop.api.sections.marketplace import MarketplaceSection

        return MarketplaceSection(self._pipeline)

    def __repr__(self) -> str:
        """Show the server, never the key."""
        return f"InsticaClient({self.base_url!r})"

    @property
    def base_url(self) -> str:
        """The server's address, without a slash at its end."""
        return self._address.base

    @property
    def origin(self) -> str:
        """Scheme, host and port: where the key may go, and nowhere else."""
        return self._address.origin

    @property
    def loopback(self) -> bool:
        """Whether the server runs on this computer."""
        return self._address.loopback

    @property
    def throttled_until(self) -> float | None:
        """The time by the client's clock (`time.monotonic`) until which the server wants no requests."""
        return self._pipeline.host(self.origin).throttled_until

    @property
    def notice(self) -> str:
        """What the server last said about the end of this version of its API; empty for nothing."""
        return self._pipeline.notice

    def ask_again(self) -> None:
        """Ask the server again for what it did not offer a short while ago, as soon as somebody wants it."""
        self._offered.ask_again()

    async def fetch(self, url: str) -> "FetchedFile":
        """Fetch a picture of at most 25 MB by its URL, absolute or relative to the server.

        The key goes along to the server's own origin only; redirects are not followed.

        Raises:
            AddressError: when the URL is not http(s), not encrypted, or leads back into this computer.
            InsticaError: when it cannot be had.
        """
        return await self._pipeline.fetch(url)

    async def aclose(self) -> None:
        """Close all connections. Calls still under way fail as ReplyLost."""
        if self._transport:
            await self._transport.aclose()
