"""Answers recorded from the live server, and the ways in which another server's may differ from them."""

import copy
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from instica_desktop.api import HttpxTransport, Request, Response

Change = Callable[[Any], Any]
"""Turns a decoded JSON answer into the one another server might give."""

_DECIMAL = re.compile(r"-?\d+\.\d\d")
_CODES = frozenset({"status", "condition_item", "condition_container", "type", "kind", "carrier", "role"})
_encoder = msgspec.json.Encoder(decimal_format="number")
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


class Recorder:
    """The network, remembered: each answer by the request that got it."""

    def __init__(self) -> None:
        self._network = HttpxTransport()
        self.answers: dict[tuple[str, str], Response] = {}

    async def send(self, request: Request) -> Response:
        """Send for real and keep the answer."""
        answer = await self._network.send(request)
        self.answers[request.method, request.url] = answer
        return answer

    async def aclose(self) -> None:
        """Close the real network."""
        await self._network.aclose()


class Replayer:
    """Gives recorded answers again, each JSON body changed first."""

    def __init__(self, answers: dict[tuple[str, str], Response], change: Change) -> None:
        self._answers = answers
        self._change = change

    async def send(self, request: Request) -> Response:
        """Return the changed answer. Raises KeyError for a request that was never recorded."""
        answer = self._answers[request.method, request.url]
        if answer.media_type != "application/json" or not answer.body:
            return answer
        body = _encoder.encode(self._change(copy.deepcopy(_decode(answer.body))))
        return Response(answer.status, {**answer.headers, "content-length": str(len(body))}, body)

    async def aclose(self) -> None:
        """Nothing is open."""


def _everywhere(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return change({key: walk(inner) for key, inner in value.items()})
        return [walk(inner) for inner in value] if isinstance(value, list) else value

    return walk


more_fields: Change = _everywhere(lambda found: {**found, "added_later": [{"deep": 1}, None], "x_flag": True})
"""Fields that came with a later version."""


def bare_lists(value: Any) -> Any:
    """Return the array where the answer was an envelope around one."""
    return value["results"] if isinstance(value, dict) and "results" in value else value


def _numbers(found: dict[str, Any]) -> dict[str, Any]:
    return {
        key: Decimal(value) if isinstance(value, str) and _DECIMAL.fullmatch(value) else value
        for key, value in found.items()
    }


numbers_for_decimals: Change = _everywhere(_numbers)
"""Amounts as JSON numbers."""

unknown_codes: Change = _everywhere(
    lambda found: {
        key: "of-tomorrow" if key in _CODES and isinstance(value, str) else value
        for key, value in found.items()
    }
)
"""Codes that this version does not know."""


def only_needed(value: Any) -> Any:
    """Leave of each record only what it cannot do without: its uid or id."""
    if isinstance(value, dict) and "results" in value:
        return {
            "count": value["count"],
            "next": None,
            "previous": None,
            "results": only_needed(value["results"]),
        }
    if isinstance(value, list):
        return [only_needed(inner) for inner in value]
    if isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if key in ("uid", "id")}
        return kept or {}
    return value
