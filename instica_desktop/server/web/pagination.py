"""Pages of a list: `{count, next, previous, results}`. Source: api contract, Common rules, Lists.

A page is read in two steps: the primary keys of the page from an index, then those rows by key. So a deep
page never drags full rows through the sorter.
"""

from collections.abc import Sequence
from typing import Any

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from instica_desktop.server.storage.counting import count_rows
from instica_desktop.server.storage.reading import read_keys

LARGEST_PAGE = 100


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def _size(text: str, default: int) -> int:
    """Return the size asked for. Errors: `ValidationError` (400) for what is no positive number."""
    size = default if text == "" else _number(text) or 0
    if size < 1:
        raise ValidationError({"page_size": ["A whole number of 1 or more is required."]})
    return size


class Envelope(BasePagination):
    """How the schema describes a list that comes in pages; `Page` cuts them."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the envelope around the schema of its results."""
        link = {"type": ["string", "null"], "format": "uri"}
        fields = {"count": {"type": "integer"}, "next": link, "previous": link, "results": schema}
        return {"type": "object", "required": list(fields), "properties": fields}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Return the two parameters that choose a page."""
        return [
            {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 1}},
            {
                "name": "page_size",
                "in": "query",
                "description": f"More than {LARGEST_PAGE} acts as {LARGEST_PAGE}.",
                "schema": {"type": "integer", "minimum": 1},
            },
        ]


class Stretch:
    """A stretch of a list of `count` things: one page, cut by the request's `page` and `page_size`.

    Page 1 always exists. Errors: `NotFound` (404) for page 0, a page past the end, and what is not a number;
    `ValidationError` (400) for a size that is none.
    """

    def __init__(self, request: Any, count: int, default_size: int) -> None:
        self._request = request
        self.count = count
        self.size = min(_size(request.query_params.get("page_size", ""), default_size), LARGEST_PAGE)
        number = _number(request.query_params.get("page", "1"))
        self.pages = max(1, -(-count // self.size))
        if not number or number > self.pages:
            raise NotFound("Invalid page.")
        self.number = number
        self.start = (number - 1) * self.size
        self.stop = self.start + self.size

    def _link(self, number: int) -> str | None:
        if not 1 <= number <= self.pages:
            return None
        return replace_query_param(self._request.build_absolute_uri(), "page", number)

    def answer(self, results: Sequence[Any]) -> Response:
        """Return the envelope around the serialized rows."""
        links = {"next": self._link(self.number + 1), "previous": self._link(self.number - 1)}
        return Response({"count": self.count, **links, "results": results})


class Page(Stretch):
    """One page of a list of records. The view supplies the default size."""

    def __init__(self, request: Any, keys: Any, default_size: int) -> None:
        super().__init__(request, count_rows(keys), default_size)
        self.keys = read_keys(keys, self.count, self.start, self.stop)

    def rows(self, queryset: Any) -> list[Any]:
        """Return the page's rows from `queryset`, in the page's order."""
        found = {row.pk: row for row in queryset.filter(pk__in=self.keys)}
        return [found[key] for key in self.keys if key in found]
