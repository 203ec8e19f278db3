"""Whose copy this is: written at the first connection, compared before anything is read or sent."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.errors import InsticaError, StoreError
from instica_desktop.core.models import User
from instica_desktop.store.outbox import Outbox
from instica_desktop.store.store import Store

if TYPE_CHECKING:
    from instica_desktop.store.care import Care

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
USER = "user"
"""The key under which the copy keeps who was signed in last."""

LOCAL_SHOP = "local shop"
"""Where the owner of the local shop's records is: they are on this computer, whatever their server's port."""
OTHER_SHOP = (
    "The local shop’s data is not what the waiting edits on this computer were made for: it was put back "
    "from elsewhere, or begun anew. Export or drop these edits in Activity, then connect again."
)


class OtherAccount(InsticaError):
    """The server says that we are somebody else than the one this copy and its unsent edits belong to."""


def owner_of(base_url: str, user_uid: str) -> str:
    """Return the words in which an owner is kept. On this computer ports come and go; the user stays.

    No address at all is that of the local shop.
    """
    if not base_url:
        return f"{LOCAL_SHOP}\n{user_uid}"
    address = urlsplit(base_url)
    host = address.hostname or ""
    place = host if host in LOOPBACK else f"{address.scheme}://{address.netloc}"
    return f"{place}\n{user_uid}"


def check_owner(known: str, answering: str, name: str = "") -> None:
    """Compare the owner of the copy with who answers; an empty one is not known yet.

    Raises:
        OtherAccount: they differ.
    """
    if known and answering and known != answering:
        who = f"The server takes us for {name}, who is" if name else "The server takes us for somebody who is"
        raise OtherAccount(f"{who} not the one this computer’s copy belongs to.")


class Owner:
    """Compares who answers with whose copy and edits lie here."""

    def __init__(self, account: Account, outbox: Outbox, care: Callable[[], "Care"]) -> None:
        self._outbox = outbox
        self._care = care
        self._local = account.kind is AccountKind.LOCAL
        self._place = "" if self._local else account.base_url
        self._known = "" if self._local or not account.user_uid else owner_of(self._place, account.user_uid)

    def check_known(self) -> None:
        """Compare what the account itself says, before anything is asked.

        Raises:
            OtherAccount: the copy is somebody else's.
        """
        check_owner(self._outbox.owner, self._known)

    async def check(self, user: User) -> None:
        """Compare who answers; the first to connect owns the copy.

        Raises:
            OtherAccount: it is somebody else's.
        """
        answering = owner_of(self._place, user.uid)
        if self._local and self._outbox.owner and self._outbox.owner != answering:
            await self._other_data(answering)
        check_owner(self._outbox.owner or self._known, answering, user.username or user.email)
        if not self._outbox.owner:
            with suppress(StoreError):  # no room: the next connection writes it down
                await self._outbox.own(answering)

    async def _other_data(self, answering: str) -> None:
        """The local shop has other data than before: with nothing unsent, its copy begins anew."""
        if self._outbox.all():
            raise OtherAccount(OTHER_SHOP)
        if await self._care().reset():
            await self._outbox.own(answering, instead=True)


def remembered(store: Store) -> User | None:
    """Return who was signed in last; only a convenience, which an unreadable copy does without."""
    try:
        raw = store.cache.get_meta(USER)
        return msgspec.json.decode(raw, type=User) if raw else None
    except (StoreError, msgspec.DecodeError):
        return None
