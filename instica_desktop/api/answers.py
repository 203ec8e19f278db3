"""From an HTTP answer to one error of the tree, in words for a seller. The only place that reads statuses."""

from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import Any, cast

import msgspec

from instica_desktop.api.throttle import retry_after, throttled
from instica_desktop.api.transport import Response
from instica_desktop.core import errors, wire

_REQUEST_IDS = ("x-request-id", "request-id", "x-correlation-id", "x-amzn-trace-id", "cf-ray")
_LONGEST = 500
"""Characters of a server's text that are kept for “Details”."""

FOREIGN = (
    "Something other than Instica answers at this address. It may be the sign-in page of your network: "
    "open a browser to sign in there, or check the address of the server."
)
_WORDS = {
    401: "The server does not accept this key or sign-in. It may have been replaced; enter a current one.",
    402: "The subscription of this shop does not cover this. Renew it, and the app goes on.",
    403: "This account may not do that. Ask the owner of the shop for the right to do it.",
    404: "This is no longer on the server, or it belongs to another shop.",
    409: "This changed on the server since you last saw it. Look at both versions, then choose.",
    413: "The server does not take a file this large. Photos may have up to 20 MB.",
    415: "The server does not take a file of this kind. Photos are JPEG, PNG or WebP.",
    500: "The server ran into a fault of its own. Try again; if it stays, contact support with the details.",
    503: "The server is busy or being restarted. Your work is kept; the app tries again.",
    507: "The server has no room left to store this. Your work is kept here and is sent once there is room. "
    "Tell whoever looks after the server.",
}
_KINDS: dict[int, type[errors.Rejected]] = {
    401: errors.SignedOut,
    402: errors.PlanLapsed,
    403: errors.Forbidden,
    409: errors.Clash,
    412: errors.Clash,
    413: errors.TooLarge,
    415: errors.TooLarge,
}
_ONLY_JSON = frozenset({401, 402, 403, 409, 412})
"""Statuses that mean what they say only in an answer of Instica's own: others may come from a proxy."""


_LACKING = frozenset({404, 405, 501})


class Offer(Enum):
    """What a path leads to, which decides what it means when a server has nothing there."""

    WHO = auto()  # who is signed in: the address is not that of a server
    ROOT = auto()  # what every server has, such as the list of a kind of record
    PAGE = auto()  # a later page of such a list: past its end, if Instica says so itself
    RECORD = auto()  # one record of a list
    PART = auto()  # what belongs to a record, or changes it
    MAYBE = auto()  # names something of which nothing else tells: gone if Instica says so itself
    EXTRA = auto()  # names no record, and the app does without: this server lacks it


class Missing(errors.Rejected):
    """There is nothing at this path, or not for this method. What that means is for `verdict` to say.

    `own`: in Instica's own form, which a proxy's page is not.
    """

    def __init__(self, *, status: int, own: bool, details: str) -> None:
        super().__init__(_WORDS[404], status=status, details=details)
        self.own = own

    @property
    def gone(self) -> bool:
        """Whether Instica itself says that what was named is not there."""
        return self.own and self.status == 404

    def as_gone(self, *, part: bool = False) -> errors.NotFound:
        """Return that the record, or a `part` of it, is no longer there."""
        return errors.NotFound(_WORDS[404], status=404, details=self.details, part=part)


def error_for(response: Response, *, what: str, hide: Callable[[str], str] = str) -> errors.InsticaError:
    """Return the error of an answer that is no success; `Missing` has yet to be judged.

    `what` names the request for “Details”; `hide` masks secrets before anything is cut short.
    """
    status, detail = response.status, hide(_detail(response))
    details = _details(response, what, detail)
    if status == 429:
        return throttled(retry_after(response, detail), details)
    if status in (400, 422):
        return _validation(response, details)
    if status == 507:
        return errors.ServerFull(_WORDS[507], status=status, request_id=request_id(response), details=details)
    if status == 408 or (status >= 500 and status != 501):
        words = _WORDS[500 if status == 500 else 503]
        return errors.ServerTrouble(words, status=status, request_id=request_id(response), details=details)
    foreign = _body(response) is None
    if status in _LACKING:
        return Missing(status=status, own=not foreign, details=details)
    if not 400 <= status < 600 or status == 407 or (foreign and status in _ONLY_JSON):
        return errors.NotInstica(FOREIGN, details=details)
    return _rejected(response, detail, details)


def request_id(response: Response) -> str:
    """Return what support will ask for, or an empty string."""
    return next((response.headers[name] for name in _REQUEST_IDS if response.headers.get(name)), "")


def _rejected(response: Response, detail: str, details: str) -> errors.Rejected:
    status = response.status
    kind = _KINDS.get(status, errors.Rejected)
    fallback = _WORDS.get(409 if status == 412 else status, "The server refused this.")
    words = detail if status == 409 and detail else fallback
    if kind is errors.Clash:
        return errors.Clash(words, status=status, details=details, more=_beside(response))
    return kind(words, status=status, details=details)


def _beside(response: Response) -> dict[str, Any]:
    """Return what an error body holds beside its sentence."""
    body = _body(response)
    found = cast(dict[str, Any], body) if isinstance(body, dict) else {}
    return {name: value for name, value in found.items() if name != "detail"}


def _validation(response: Response, details: str) -> errors.ValidationFailed:
    body = _body(response)
    fields: dict[str, list[str]] = {}
    if isinstance(body, dict):
        for name, value in cast(dict[str, Any], body).items():
            fields["non_field_errors" if name == "detail" else name] = list(_texts(value))
    elif body is not None:
        fields["non_field_errors"] = list(_texts(body))
    return errors.ValidationFailed(
        {name: texts for name, texts in fields.items() if texts}, status=response.status, details=details
    )


def _texts(value: Any) -> Iterator[str]:
    """Yield every message in an error body, however deep it lies."""
    if isinstance(value, dict):
        value = list(cast(dict[str, Any], value).values())
    if isinstance(value, list):
        for part in cast(list[Any], value):
            yield from _texts(part)
    elif value is not None:
        yield str(value)


def _body(response: Response) -> Any:
    """Return the decoded body, or None when it is not JSON."""
    if "html" in response.media_type:
        return None
    try:
        return wire.plain(response.body)
    except msgspec.DecodeError:
        return None


def _detail(response: Response) -> str:
    """Return the sentence of an error body."""
    body = _body(response)
    found = cast(dict[str, Any], body).get("detail") if isinstance(body, dict) else None
    return found if isinstance(found, str) else ""


def _details(response: Response, what: str, detail: str) -> str:
    name = request_id(response)
    parts = [f"{what} → {response.status}", f"request id {name}" if name else "", detail[:_LONGEST]]
    return " · ".join(part for part in parts if part)
