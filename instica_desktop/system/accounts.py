"""The list of shops this computer knows, kept in the settings. Keys are in the keyring, never here."""

import msgspec

from instica_desktop.core.accounts import Account
from instica_desktop.system.prefs import Prefs


class Accounts:
    """Known shops, the last used first."""

    def __init__(self, prefs: Prefs) -> None:
        self._prefs = prefs

    def all(self) -> list[Account]:
        """Return every known shop; entries that cannot be read are left out."""
        found: list[Account] = []
        for entry in self._prefs["accounts"]:
            try:
                found.append(msgspec.convert(entry, Account))
            except msgspec.ValidationError:
                continue
        return found

    def last(self) -> Account | None:
        """Return the shop that was open last, if it is still known."""
        return self.get(self._prefs["last_account"])

    def get(self, account_id: str) -> Account | None:
        """Return a shop by its id."""
        return next((account for account in self.all() if account.id == account_id), None)

    def find(self, base_url: str, key_digest: str) -> Account | None:
        """Return the shop that was last reached at this address with this key."""
        return next(
            (shop for shop in self.all() if shop.base_url == base_url and shop.key_digest == key_digest), None
        )

    def remember(self, account: Account, *, make_last: bool = True) -> None:
        """Add or replace a shop; with `make_last` it opens at the next start."""
        others = [known for known in self.all() if known.id != account.id]
        self._prefs["accounts"] = [msgspec.to_builtins(shop) for shop in (account, *others)]
        if make_last:
            self._prefs["last_account"] = account.id

    def forget(self, account_id: str) -> None:
        """Remove a shop from the list. Its folder is left to the caller."""
        self._prefs["accounts"] = [
            msgspec.to_builtins(known) for known in self.all() if known.id != account_id
        ]
        if self._prefs["last_account"] == account_id:
            self._prefs["last_account"] = ""
