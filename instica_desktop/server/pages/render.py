"""Showing a page: one base template, Django's CSRF, and a policy that lets nothing in from elsewhere.

Pages stand outside `/api/`; the checks of senders and bodies there do not bind them, Django's CSRF does. A
form's answer may redirect to the program that asked: browsers check that too, so its origin must be allowed.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

Page = Callable[..., HttpResponse]


def show(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    form_targets: Sequence[str] = (),
) -> HttpResponse:
    """Return a page made from `pages/<template>`.

    `form_targets` are origins a form may lead on to by redirect, besides our own.
    """
    nonce = secrets.token_urlsafe(16)
    answer = render(request, f"pages/{template}", {**(context or {}), "nonce": nonce}, status=status)
    targets = " ".join(["'self'", *form_targets])
    answer["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    # With `no-referrer` a browser sends a form with `Origin: null`, which the CSRF check refuses.
    answer["Referrer-Policy"] = "same-origin"
    return answer


def show_message(request: HttpRequest, title: str, message: str, *, status: int = 200) -> HttpResponse:
    """Return a page that only says something."""
    return show(request, "message.html", {"title": title, "message": message}, status=status)


def field(request: HttpRequest, name: str) -> str:
    """Return what a form says under a name, empty for nothing."""
    return str(request.POST.get(name, "")).replace("\0", "")


def page(*methods: str) -> Callable[[Page], Page]:
    """Mark a view as a page for these methods; POST needs the page's own CSRF token."""

    def decorate(view: Page) -> Page:
        guarded: Any = require_http_methods([*methods, "HEAD"])(csrf_protect(view))
        return guarded

    return decorate


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from its page, or came too late (Django's hook)."""
    words = "This form is too old, or your browser blocks cookies. Go back, reload the page and try again."
    return show_message(request, "Please start again", words, status=403)
