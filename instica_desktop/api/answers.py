"""From an HTTP answer to one error of the tree, in words for a seller. The only place that reads statuses."""

from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import Any, cast

import msgspec

from instica_desktop.api.throttle import retry_after, throttled
from instica_desktop.api.transport import Response
from instica_desktop.core import errors

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
    405: "This server does not offer that. Everything else goes on working.",
    409: "This changed on the server since you last saw it. Look at both versions, then choose.",
    413: "The server does not take a file this large. Photos may have up to 20 MB.",
    415: "The server does not take a file of this kind. Photos are JPEG, PNG or WebP.",
    500: "The server ran into a fault of its own. Try again; if it stays, contact support with the details.",
    503: "The server is busy or being restarted. Your work is kept; the app tries again.",
}
_KINDS: dict[int, type[errors.Rejected]] = {
    401: errors.SignedOut,
    402: errors.PlanLapsed,
    403: errors.Forbidden,
    405: errors.NotOffered,
    501: errors.NotOffered,
    409: errors.Clash,
    412: errors.Clash,
    413: errors.TooLarge,
    415: errors.TooLarge,
}
_ONLY_JSON = frozenset({401, 402, 403, 409, 412})
"""Statuses that mean what they say only in an answer of Instica's own: others may come from a proxy."""


class Offer(Enum):
    """Whether every server has an endpoint, which decides what a 404 means."""

    ROOT = auto()  # published, and names no record: the address is not that of a server
    ALWAYS = auto()  # published, and names a record: it is gone if Instica says so itself
    MAYBE = auto()  # assumed, and names a record: the record is gone, or this server lacks the endpoint
    EXTRA = auto()  # assumed, and names no record: this server lacks it


def error_for(
    response: Response, *, what: str, offer: Offer, hide: Callable[[str], str] = str
) -> errors.InsticaError:
    """Return the error of an answer that is no success.

    `what` names the request for “Details”; `hide` masks secrets before anything is cut short.
    """
    status, detail = response.status, hide(_detail(response))
    details = _details(response, what, detail)
    if status == 429:
        return throttled(retry_after(response, detail), details)
    if status in (400, 422):
        return _validation(response, details)
    if status == 408 or (status >= 500 and status != 501):
        words = _WORDS[500 if status == 500 else 503]
        return errors.ServerTrouble(words, status=status, request_id=request_id(response), details=details)
    foreign = _body(response) is None
    if status == 404:
        return _missing(foreign, offer, details)
    if not 400 <= status < 600 or status == 407 or (foreign and status in _ONLY_JSON):
        return errors.NotInstica(FOREIGN, details=details)
    return _rejected(response, detail, details)


def request_id(response: Response) -> str:
    """Return what support will ask for, or an empty string."""
    return next((response.headers[name] for name in _REQUEST_IDS if response.headers.get(name)), "")


def _rejected(response: Response, detail: str, details: str) -> errors.Rejected:
    status = response.status
    kind = _KINDS.get(status, errors.Rejected)
    fallback = {501: 405, 412: 409}.get(status, status)
    words = detail if status == 409 and detail else _WORDS.get(fallback, "The server refused this.")
    if kind is errors.Clash:
        return errors.Clash(words, status=status, details=details, more=_beside(response))
    return kind(words, status=status, details=details)


def _beside(response: Response) -> dict[str, Any]:
    """Return what an error body holds beside its sentence."""
    body = _body(response)
    found = cast(dict[str, Any], body) if isinstance(body, dict) else {}
    return {name: value for name, value in found.items() if name != "detail"}


def _missing(foreign: bool, offer: Offer, details: str) -> errors.InsticaError:
    """Tell “this record is gone” (Instica says so itself) from “there is nothing at this path”."""
    if not foreign and offer in (Offer.ALWAYS, Offer.MAYBE):
        return errors.NotFound(_WORDS[404], status=404, details=details)
    if offer in (Offer.ROOT, Offer.ALWAYS):
        return errors.NotInstica(FOREIGN, details=details)
    return errors.NotOffered(_WORDS[405], status=404, details=details)


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
        return msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
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
