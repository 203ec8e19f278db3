"""What the first run asks of the program: to check a key, and to open a shop."""

from typing import Protocol

import msgspec

from instica_desktop.core.accounts import Account


class Checked(msgspec.Struct, frozen=True):
    """Whose key it is: the address as it was understood, the shop, and how many items it has."""

    base_url: str
    account: Account
    items: int


class Connector(Protocol):
    """Opens shops. Every method raises InsticaError in plain words; then nothing has changed.

    Opening goes on where whoever asked for it goes before it ends; only `check` ends with them.
    """

    async def check(self, base_url: str, key: str) -> Checked:
        """Ask a server whose key this is."""
        ...

    async def connect_to(self, base_url: str, key: str, *, keep: bool) -> None:
        """Open the shop of a key; `keep` puts the key into the keyring, and says where that took it not."""
        ...

    async def open_local(self, *, demo: bool) -> None:
        """Open the local shop; with `demo` an empty one is filled with sample records."""
        ...

    async def open_account(self, account: Account) -> None:
        """Open a shop this computer knows."""
        ...
