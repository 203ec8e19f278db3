"""Adds to the OpenAPI schema what every operation shares: its error answers, and the envelope of lists.

The views describe what they are for; refusals follow from the form of an operation (does it need a key, does
it name a record, does it take a body), so they are written down once, here. Source: api contract, Common
rules.
"""

from typing import Any

_DETAIL = {"$ref": "#/components/schemas/Refusal"}
_FIELDS = {"$ref": "#/components/schemas/FieldErrors"}
_SCHEMAS = {
    "Refusal": {
        "type": "object",
        "description": "Why a request was refused.",
        "properties": {"detail": {"type": "string"}},
        "required": ["detail"],
    },
    "FieldErrors": {
        "type": "object",
        "description": "What is wrong, by field; what has no field stands under `non_field_errors`.",
        "additionalProperties": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    },
}
_WORDS = {
    "400": "Something in the request is not right.",
    "401": "The key or token is missing, wrong or no longer valid.",
    "402": "The plan does not cover this.",
    "403": "The caller may not do this.",
    "404": "There is no such thing, or it belongs to somebody else.",
    "409": "It contradicts what is stored.",
    "412": "The record has changed since it was read.",
    "413": "The body is too large.",
    "415": "The body is of a kind that is not taken.",
    "429": "Too many requests; try again after the seconds in `Retry-After`.",
    "507": "The server has no room left. Nothing was stored; it can still be read.",
}


def _statuses(method: str, path: str, operation: dict[str, Any]) -> set[str]:
    """Return the refusals an operation may give, from its form alone."""
    found = {"429"}
    if operation.get("security", [{}]) != [] and {} not in operation.get("security", [{}]):
        found |= {"401", "403"}
    if operation.get("parameters") or method != "get":
        found.add("400")
    if "{" in path or any(one["name"] == "page" for one in operation.get("parameters", ())):
        found.add("404")
    if method != "get":
        found |= {"402", "403", "409", "412", "507"}
    if method in ("post", "patch", "put", "delete"):
        found |= {"413", "415"}
    return found


def _answer(status: str) -> dict[str, Any]:
    body = _FIELDS if status == "400" else _DETAIL
    return {"description": _WORDS[status], "content": {"application/json": {"schema": body}}}


def _envelope(rows: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of one page of a list."""
    link = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "properties": {"count": {"type": "integer"}, "next": link, "previous": link, "results": rows},
        "required": ["count", "next", "previous", "results"],
    }


def _wrap_list(operation: dict[str, Any]) -> None:
    """Describe a paged list as what it is; drf-spectacular sees a bare array, for the paging is ours."""
    if not any(one["name"] == "page" for one in operation.get("parameters", ())):
        return
    content = operation["responses"].get("200", {}).get("content", {}).get("application/json")
    if content and content["schema"].get("type") == "array":
        content["schema"] = _envelope(content["schema"])


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Finish the schema (drf-spectacular's hook): refusals and pages of every operation."""
    result.setdefault("components", {}).setdefault("schemas", {}).update(_SCHEMAS)
    for path, methods in result.get("paths", {}).items():
        for method, operation in methods.items():
            _wrap_list(operation)
            for status in sorted(_statuses(method, path, operation)):
                operation["responses"].setdefault(status, _answer(status))
    return result
