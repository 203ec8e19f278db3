"""Whose copy this is: written at the first connection, compared before anything is read or sent."""

from urllib.parse import urlsplit

from instica_desktop.core.errors import InsticaError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class OtherAccount(InsticaError):
    """The server says that we are somebody else than the one this copy and its unsent edits belong to."""


def owner_of(base_url: str, user_uid: str) -> str:
    """Return the words in which an owner is kept. On this computer ports come and go; the user stays."""
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
