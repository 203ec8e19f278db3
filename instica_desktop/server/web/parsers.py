"""Reading bodies (JSON that cannot hurt) and choosing the form of answers (always JSON)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.mediatypes import media_type_matches

_NOT_JSON = "The body is not valid JSON."
_TOO_DEEP = "The body is nested too deeply."


_DEEPEST = 64
"""Levels of lists and objects in a body. No field has five; Python's own stack ends at some hundreds, not
only where JSON is read, but wherever a value is shown or compared."""


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _is_deeper(value: Any, levels: int) -> bool:
    """Tell whether a value has more levels of lists and objects."""
    level = [value]
    for _ in range(levels):
        level = [inner for part in level for inner in _held(part)]
    return any(isinstance(part, (dict, list)) for part in level)


def _held(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


class StrictJSONParser(BaseParser):
    """UTF-8 JSON without NaN and infinities.

    Any depth or number that Python refuses is the sender's error.
    """

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the decoded body. Errors: `ParseError` (400)."""
        try:
            body = json.loads(stream.read().decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise ParseError(_NOT_JSON) from None
        if _is_deeper(body, _DEEPEST):
            raise ParseError(_TOO_DEEP)
        return body


class AlwaysJSON(BaseContentNegotiation):
    """Answers in the first format a view offers whatever `Accept` says: there is only one."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        """Return the parser for the body's type, None when there is none (415)."""
        return next(
            (parser for parser in parsers if media_type_matches(parser.media_type, request.content_type)),
            None,
        )

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        """Return the first renderer."""
        return renderers[0], renderers[0].media_type
