"""The list of shops this computer knows, kept in the settings. Keys are in the keyring, never here."""

from typing import Any

import msgspec

from instica_desktop.core.accounts import Account
from instica_desktop.system.prefs import Prefs


class Accounts:
    """Known shops, in the order they were first connected; one that is forgotten leaves its place."""

    def __init__(self, prefs: Prefs) -> None:
        self._prefs = prefs

    def all(self) -> list[Account]:
        """Return every shop known by now; entries that cannot be read are left out."""
        return _readable(self._prefs.fresh("accounts"))

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
        self._prefs.change("accounts", lambda entries: _with(entries, account))
        if make_last:
            self._prefs["last_account"] = account.id

    def sign_out(self, account: Account) -> None:
        """Note that the key of a shop is gone from here; it stays in the list and does not open at start."""
        self.remember(msgspec.structs.replace(account, key_digest=""), make_last=False)
        self._do_not_open(account.id)

    def forget(self, account_id: str) -> None:
        """Remove a shop from the list. Its folder is left to the caller."""
        self._prefs.change("accounts", lambda entries: _but(entries, account_id))
        self._do_not_open(account_id)

    def _do_not_open(self, account_id: str) -> None:
        if self._prefs["last_account"] == account_id:
            self._prefs["last_account"] = ""


def _with(entries: list[Any], account: Account) -> list[Any]:
    """Return the entries with a shop in its place, or at the end when it is new."""
    new = msgspec.to_builtins(account)
    at = next((at for at, entry in enumerate(entries) if _is(entry, account.id)), len(entries))
    return [*_but(entries[:at], account.id), new, *_but(entries[at:], account.id)]


def _is(entry: Any, account_id: str) -> bool:
    return isinstance(entry, dict) and bool(entry.get("id") == account_id)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


def _but(entries: list[Any], account_id: str) -> list[Any]:
    """Return all entries but one shop's; what a newer version wrote into the others stays in them."""
    return [entry for entry in entries if not _is(entry, account_id)]


def _readable(entries: list[Any]) -> list[Account]:
    found: list[Account] = []
    for entry in entries:
        try:
            found.append(msgspec.convert(entry, Account))
        except msgspec.ValidationError:
            continue
    return found
