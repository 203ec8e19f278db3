"""Errors as answers: 400 is always an object of lists keyed by field, everything else `{"detail": …}`."""

import logging
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from instica_desktop.server.storage.full import is_full
from instica_desktop.server.web.exposure import refusal

log = logging.getLogger(__name__)

NON_FIELD = "non_field_errors"
FULL = 507
NO_ROOM = (
    "The server's disk is full, so nothing was stored. Everything can still be read. "
    "Make room on the server, then send this again."
)


class Conflict(APIException):
    """The request contradicts what is stored (409). `more` stands in the answer beside `detail`."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "This contradicts what is stored."

    def __init__(self, detail: str | None = None, more: Mapping[str, Any] | None = None) -> None:
        super().__init__(detail)
        self.more = more or {}


class PreconditionFailed(APIException):
    """The record is not the one the sender read (412)."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "The record has changed since it was read."


def _messages(detail: Any, path: str = "") -> Iterator[str]:
    if isinstance(detail, dict):
        for key, inner in detail.items():
            step = "" if isinstance(key, int) or key == NON_FIELD else str(key)
            yield from _messages(inner, ".".join(filter(None, (path, step))))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _messages(inner, path)
    else:
        yield f"{path}: {detail}" if path else str(detail)


def by_field(detail: Any) -> dict[str, list[str]]:
    """Return any validation detail as {field: [messages]}.

    What has no field stands under `non_field_errors`.
    """
    if not isinstance(detail, dict):
        detail = {NON_FIELD: detail}
    return {str(field): list(_messages(inner)) for field, inner in detail.items()}


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception of a view into its answer (Django REST framework's hook)."""
    response = exception_handler(error, context)
    if response is None:
        return _full(error)
    if isinstance(error, ValidationError):
        response.data = by_field(error.detail)
    elif isinstance(error, ParseError):
        response.data = by_field(str(error.detail))
    elif isinstance(error, Conflict):
        response.data = {"detail": error.detail, **error.more}
    return response


def _full(error: Exception) -> Response | None:
    """Answer what a full disk made of a request; None for any other failure."""
    if not is_full(error):
        return None
    log.error("The disk is full: %s", error)
    return Response({"detail": NO_ROOM}, status=FULL)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer what Django refuses before a view sees it (too many form fields, a broken multipart body)."""
    return JsonResponse({NON_FIELD: ["The request could not be read."]}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer a refusal of Django's own."""
    return refusal(403, "You do not have permission to perform this action.")


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Answer an address that leads nowhere."""
    return refusal(404, "Not found.")


def server_error(request: HttpRequest) -> JsonResponse:
    """Answer an error of ours, or a full disk; the traceback is in the log, never in the answer."""
    if is_full(sys.exc_info()[1]):
        return refusal(FULL, NO_ROOM)
    return refusal(500, "Something went wrong on this server.")
