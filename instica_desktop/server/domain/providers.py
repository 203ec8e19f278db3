"""Providers a person signs in at, or connects, through the browser. Source: api contract, Browser sign-in.

A provider's page asks the person; what happens once the person has agreed is the provider's `exchange`.
`views/providers.py` lists them all.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Agreement:
    """What a person agreed to at a provider's page: this account there may be used here."""

    provider: str
    subject: str
    """The provider's lasting name of the account."""
    account_name: str
    """What the person calls the account: a mail address, or the name of a shop."""

    def facts(self) -> dict[str, str]:
        """Return it as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Provider:
    """A provider with its page at `/accounts/{slug}/login/`.

    With `signs_in` the page asks for an account with its password, and anybody may exchange the code: it
    opens an account of ours. Without, it asks for the name of a shop, and the code is exchanged by a caller
    with a key or token, to whom the connection then belongs.

    `exchange(request, agreement)` runs in a write transaction and returns the answer of
    `POST /api/auth/{slug}/`; `request.user` is the caller, None for one who only now signs in.
    """

    slug: str
    name: str
    signs_in: bool
    exchange: Callable[[Any, Agreement], Any]
