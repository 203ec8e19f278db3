"""How a simulated marketplace is made to fail: by a marker in the title of the offer.

`[simulate: photo_required]` makes listing fail with that code, `[simulate: delist_refused]` makes delisting
fail, `[simulate: sold]` lets a buyer come at the next synchronization. The rest of the title does not matter,
so anybody can provoke each case, and it ends as soon as the title is changed. In the name of the account
`[simulate: platform_unavailable]` makes each synchronization fail.
"""

import re
from typing import NamedTuple

_MARKER = re.compile(r"\[simulate:\s*([a-z_]+)\s*\]", re.IGNORECASE)

LIST_FAILURES: dict[str, str] = {
    "shipping_policy_missing": "The account has no shipping policy for this weight.",
    "photo_required": "This marketplace needs at least one photo of the record itself.",
    "release_not_found": "The release is not in this marketplace's catalogue.",
    "title_too_long": "The title is longer than this marketplace allows.",
    "rate_limited": "The marketplace asks to slow down. Try again later.",
}
DELIST_FAILURES: dict[str, str] = {
    "delist_refused": "The marketplace did not end the offer: a buyer is paying for it right now.",
    "platform_unavailable": "The marketplace does not answer. Try again later.",
}
EXPIRED = "connection_expired"
NOT_CONNECTED = "not_connected"
BY_HAND = "manual_delist_needed"
QUANTITY_BY_HAND = "manual_quantity_needed"
LIST_BY_HAND = "manual_list_needed"
PLAN_LIMIT = "plan_limit_reached"
WORDS: dict[str, str] = {
    **LIST_FAILURES,
    **DELIST_FAILURES,
    EXPIRED: "The marketplace no longer accepts this connection. Connect the account again.",
    NOT_CONNECTED: "The shop is not connected to this marketplace. Connect the account, then try again.",
    BY_HAND: "This marketplace has no interface for it. End the offer there by hand, then delist it here.",
    LIST_BY_HAND: "This marketplace has no interface for it. Offer it there by hand, then list it here.",
    PLAN_LIMIT: "Your plan covers no more offers. Choose a larger plan, then list it again.",
    QUANTITY_BY_HAND: "This marketplace has no interface for it. Set the number of copies there by hand.",
}
"""Every error code a listing or a connection may carry, with its message."""


class Failure(NamedTuple):
    """Why a marketplace refused."""

    code: str
    message: str


def failure(code: str) -> Failure:
    """Return a failure with its message."""
    return Failure(code, WORDS[code])


def marked(title: str, *codes: str) -> str:
    """Return the first of `codes` for which the title holds a marker, empty for none."""
    found = {match.lower() for match in _MARKER.findall(title)}
    return next((code for code in codes if code in found), "")


def list_failure(title: str) -> Failure | None:
    """Return why listing or revising an offer of this title fails, None when it succeeds."""
    code = marked(title, EXPIRED, "platform_unavailable", *LIST_FAILURES)
    return failure(code) if code else None


def delist_failure(title: str) -> Failure | None:
    """Return why ending an offer of this title fails, None when it succeeds."""
    code = marked(title, EXPIRED, *DELIST_FAILURES)
    return failure(code) if code else None


def account_failure(account_name: str) -> Failure | None:
    """Return why synchronizing an account of this name fails, None when it succeeds."""
    code = marked(account_name, "platform_unavailable")
    return failure(code) if code else None


def wants_buyer(title: str) -> bool:
    """Tell whether a buyer comes for this offer at the next synchronization."""
    return bool(marked(title, "sold"))
