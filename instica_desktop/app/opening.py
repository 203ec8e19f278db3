"""Which shop to open, and with which key: from the environment, or the settings and the keyring."""

import os

from instica_desktop.core.accounts import Account, AccountKind, account_id, key_digest
from instica_desktop.core.errors import AddressError, InsticaError
from instica_desktop.core.models import User
from instica_desktop.system.accounts import Accounts
from instica_desktop.system.credentials import Credentials, KeyringUnavailable
from instica_desktop.system.logs import keep_secret

NOT_TAKEN = "The keyring did not take the key. It is kept for this session only."


class NoShop(InsticaError):
    """No shop is connected, or its key is nowhere to be had."""


class NoKey(NoShop):
    """A shop is known, and its key cannot be had here: the keyring is silent, or has none."""


def environment_account() -> tuple[Account, str] | None:
    """Return the shop and key that INSTICA_BASE_URL and INSTICA_API_KEY name, or None when not set."""
    base_url = os.environ.get("INSTICA_BASE_URL", "").strip().rstrip("/")
    key = os.environ.get("INSTICA_API_KEY", "").strip()
    if not base_url or not key:
        return None
    keep_secret(key)
    digest = key_digest(key)
    return Account(id=f"env-{digest[:20]}", base_url=base_url, key_digest=digest), key


def known_account(accounts: Accounts, base_url: str, key: str) -> Account | None:
    """Return the shop last reached at this address with this key: what can be used without a network."""
    return accounts.find(address_of(base_url), key_digest(key))


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


async def key_of(account: Account, credentials: Credentials) -> str:
    """Return the key of a known shop from the keyring.

    Raises:
        NoKey: when there is none, or the keyring does not answer.
    """
    try:
        key = await credentials.load(account.id)
    except KeyringUnavailable as error:
        raise NoKey(
            "The system keyring does not answer, so the key of this shop cannot be read. "
            "Unlock the keyring, or connect again with the key.",
            details=str(error),
        ) from error
    if not key:
        raise NoKey("The key of this shop is not on this computer. Connect again with the key.")
    keep_secret(key)
    return key
