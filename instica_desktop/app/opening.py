"""Which shop to open, and with which key: from the environment, or the settings and the keyring."""

import os
from collections.abc import Awaitable, Callable

from instica_desktop.core.accounts import Account, AccountKind, account_id, key_digest
from instica_desktop.core.addresses import origin_of
from instica_desktop.core.errors import AddressError, InsticaError
from instica_desktop.core.models import User
from instica_desktop.system.accounts import Accounts
from instica_desktop.system.credentials import Credentials, KeptKey, KeyringUnavailable
from instica_desktop.system.logs import keep_secret

Agrees = Callable[[str, str], Awaitable[bool]]
"""Asks the person, with a heading and a sentence, whether a key may be sent."""
UNPROVEN = (
    "This key was kept before keys were bound to an address, and the address of this shop may have been "
    "changed since. Send it only if this is the address of the shop’s own server."
)
NOT_TAKEN = "The keyring did not take the key. It is kept for this session only."


class NoShop(InsticaError):
    """No shop is connected, or its key is nowhere to be had."""


class NoKey(NoShop):
    """A shop is known, and its key cannot be had here: the keyring is silent, or has none."""


def environment_account() -> tuple[Account, str] | None:
    """Return the shop and key that INSTICA_BASE_URL and INSTICA_API_KEY name, or None when not set.

    The key is for that address: neither variable goes with what the keyring or the list of shops holds.
    """
    base_url = address_of(os.environ.get("INSTICA_BASE_URL", "").strip())
    key = os.environ.get("INSTICA_API_KEY", "").strip()
    if not base_url or not key:
        return None
    keep_secret(key)
    digest = key_digest(key)
    return Account(id=f"env-{digest[:20]}", base_url=base_url, key_digest=digest), key


def known_account(accounts: Accounts, base_url: str, key: str) -> Account | None:
    """Return the shop last reached at this address (as of `address_of`) with this key, to use offline."""
    return accounts.find(base_url, key_digest(key))


def address_of(typed: str) -> str:
    """Return an address as shops are remembered by it, however it was typed."""
    from instica_desktop.api.address import Address

    try:
        return Address.parse(typed).base
    except AddressError:
        return typed.rstrip("/")


def confirmed_account(base_url: str, key: str, user: User) -> Account:
    """Return the shop of a user the server has just told us about."""
    shop = user.organization.display_name if user.organization else ""
    return Account(
        id=account_id(base_url, user.uid),
        base_url=base_url,
        label=shop or user.username or user.email,
        kind=AccountKind.REMOTE,
        user_uid=user.uid,
        key_digest=key_digest(key),
    )


async def key_of(account: Account, credentials: Credentials, agrees: Agrees | None = None) -> str:
    """Return the key of a known shop, for the one origin it was given for: every way in takes it here.

    The list of shops is a file anybody may edit; the origin stands beside the key in the keyring. A key kept
    before origins were noted gets the one of its account, once: the account's id proves that address. Where
    it does not, `agrees` is asked, in the words of a heading and a sentence; without it the key stays.

    Raises:
        NoKey: there is none, it is not for this address, or the keyring does not answer.
        AddressError: the account's address is none.
    """
    origin = origin_of(account.base_url)
    kept = await _kept(account, credentials)
    keep_secret(kept.key)
    if not kept.origin:
        await _note_origin(account, origin, kept.key, credentials, agrees)
    elif kept.origin != origin:
        raise NoKey(
            f"The key of {_name(account)} was given for {kept.origin}, and the list of shops names {origin}. "
            "It is not sent there. Connect again with a key of that server."
        )
    return kept.key


async def _kept(account: Account, credentials: Credentials) -> KeptKey:
    try:
        kept = await credentials.load(account.id)
    except KeyringUnavailable as error:
        raise NoKey(
            "The system keyring does not answer, so the key of this shop cannot be read. "
            "Unlock the keyring, or connect again with the key.",
            details=str(error),
        ) from error
    if kept is None:
        raise NoKey("The key of this shop is not on this computer. Connect again with the key.")
    return kept


async def _note_origin(
    account: Account, origin: str, key: str, credentials: Credentials, agrees: Agrees | None
) -> None:
    name = _name(account)
    if account.id != account_id(account.base_url, account.user_uid):
        if agrees is None:
            raise NoKey(
                f"Whether the key of {name} was given for {origin} cannot be told here. Open the shop in the "
                "window, which asks you, or connect again with the key."
            )
        if not await agrees(f"Send the key of {name} to {origin}?", UNPROVEN):
            raise NoKey(
                f"The key of {name} was not sent to {origin}. Connect again with a key of that server."
            )
    await credentials.save(account.id, origin, key)


def _name(account: Account) -> str:
    return account.label or "this shop"
