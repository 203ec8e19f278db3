"""Counts the requests of each user. Source: api contract, Authentication, api-usage."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from instica_desktop.server.operations.usage import USE

_PART = re.compile(r"<(?:\w+:)?(\w+)>")
_API = "api/v1/"


def endpoint_of(request: HttpRequest) -> str:
    """Return method and address without its uids: `GET /api/v1/orders/{uid}/`; empty outside the API."""
    match = request.resolver_match
    if match is None or not match.route.startswith(_API):
        return ""
    address = _PART.sub(r"{\1}", match.route)
    return f"{request.method} /{address}"


class UsageMiddleware:
    """Counts a request once its caller is known, whatever it was answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        user = getattr(request, "user", None)  # set by Django REST framework once a credential was accepted
        endpoint = endpoint_of(request) if user is not None else ""
        if user is not None and endpoint:
            USE.count(user.pk, endpoint)
        return response
