"""What may reach the server at all. Source: reliability rules, Local server exposure.

A page in the seller's browser can send requests to 127.0.0.1. It is stopped three times: by the exact Host
with port (against DNS rebinding), by `Origin` and `Sec-Fetch-Site`, and by the body type (a form cannot send
JSON). The pages under /accounts/ are opened by links and send forms: there Django's CSRF check stands
instead of the last two, and each page brings its own Content-Security-Policy.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from instica_desktop.server.settings import IMPORT_LIMIT, JSON_LIMIT, UPLOAD_LIMIT

_BODY_METHODS = {"POST", "PUT", "PATCH", "DELETE"}
_TRUSTED_SITES = {"", "same-origin", "none"}
_LIMITS = {"application/json": JSON_LIMIT, "multipart/form-data": UPLOAD_LIMIT}
_FORM_LIMITS = {"application/x-www-form-urlencoded": 20_000}
PAGES = "/accounts/"
"""Where the pages for a browser are."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""What an answer carries unless it says otherwise itself."""
_IMPORTS = "/api/v1/inventory/import/"


def refusal(status: int, detail: str) -> JsonResponse:
    """Return an error answer of the API's shape."""
    return JsonResponse({"detail": detail}, status=status)


def _refused_sender(request: HttpRequest) -> JsonResponse | None:
    if "\0" in request.path:
        return refusal(404, "Not found.")  # PostgreSQL refuses such a text even as something to look for
    hosts = settings.SHOP_HOSTS
    if request.META.get("HTTP_HOST", "").lower() not in hosts:
        return refusal(400, "This server answers only under its own address.")
    if request.path_info.startswith(PAGES):
        return None
    origin = request.META.get("HTTP_ORIGIN", "")
    if origin and origin.lower() not in {f"{request.scheme}://{host}" for host in hosts}:
        return refusal(403, "Requests from other sites are not allowed.")
    if request.META.get("HTTP_SEC_FETCH_SITE", "").lower() not in _TRUSTED_SITES:
        return refusal(403, "Requests from other sites are not allowed.")
    return None


def _refused_body(request: HttpRequest) -> JsonResponse | None:
    if request.method not in _BODY_METHODS:
        return None
    length = request.META.get("CONTENT_LENGTH") or "0"
    kind = (request.content_type or "").lower()
    if length in {"", "0"} and not kind:
        return None
    limits = _FORM_LIMITS if request.path_info.startswith(PAGES) else _LIMITS
    if kind not in limits:
        return refusal(415, "Send a form." if limits is _FORM_LIMITS else "Send a JSON or a multipart body.")
    if not length.isdecimal():
        return refusal(400, "The length of the body is not a number.")
    limit = IMPORT_LIMIT if request.path_info == _IMPORTS and kind.startswith("multipart") else limits[kind]
    if int(length) > limit:
        return refusal(413, f"The body is larger than {limit} bytes.")
    return None


def _set_length(request: HttpRequest, response: HttpResponse) -> None:
    """Say how long the answer is: without it the connection closes after each one. HEAD gets no body."""
    if response.streaming or response.status_code == 204:
        return
    response["Content-Length"] = str(len(response.content))
    if request.method == "HEAD":
        response.content = b""


class ExposureMiddleware:
    """Refuses foreign senders and bodies of other kinds before anything else looks at the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = _refused_sender(request) or _refused_body(request) or self._get_response(request)
        _set_length(request, response)
        response["X-Content-Type-Options"] = "nosniff"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response
