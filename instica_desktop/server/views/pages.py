"""`/accounts/…`: the pages a person sees in the browser. Source: api contract, Browser sign-in.

The local server has no contract with a provider, so its page stands in for the provider's and says so.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views import View
from rest_framework.exceptions import Throttled

from instica_desktop.server.domain.pkce import is_challenge, is_state, loopback_origin
from instica_desktop.server.domain.providers import Agreement, Provider
from instica_desktop.server.operations.browser import grant, shop_subject, stand_in_subject
from instica_desktop.server.operations.identities import is_local, public_keys
from instica_desktop.server.pages.render import show
from instica_desktop.server.views.providers import PROVIDERS
from instica_desktop.server.web.throttles import (
    PASSWORD_TRIES,
    forgive,
    from_here,
    throttle_sender,
    trying_password,
)

_STAND_IN = (
    "This page belongs to the local server and stands in for {name}: nothing is sent to {name}. "
    "Do not enter your real {name} password here."
)
_BUTTONS = [
    {"value": "agree", "label": "Continue"},
    {"value": "refuse", "label": "Cancel", "skips": True},
]


class SignInFields(forms.Form):
    """An account at the stand-in."""

    email = forms.EmailField(max_length=254, label="Email")
    password = forms.CharField(min_length=8, max_length=128, label="Password", strip=False)


class ConnectFields(forms.Form):
    """A shop at the stand-in."""

    account_name = forms.CharField(max_length=100, label="Shop name")


def _fields(form: forms.Form, values: Any) -> list[dict[str, Any]]:
    kinds = {"email": "email", "password": "password"}
    return [
        {
            "name": name,
            "label": field.label,
            "type": kinds.get(name, "text"),
            "value": "" if name == "password" else values.get(name, ""),
            "autocomplete": {"email": "email", "password": "off"}.get(name, "off"),
            "longest": field.max_length,  # pyright: ignore[reportAttributeAccessIssue]
        }
        for name, field in form.fields.items()
    ]


def _texts(form: forms.Form) -> Iterator[str]:
    for name, texts in (form.errors or {}).items():
        yield from (f"{form.fields[name].label}: {text}" for text in texts)


def _provider(slug: str) -> Provider:
    provider = PROVIDERS.get(slug)
    if provider is None or not is_local(slug):
        raise Http404
    return provider


def _complaint(query: Any) -> str:
    """Return what is wrong with the request of the program that opened the page, or nothing."""
    if loopback_origin(query.get("redirect_uri", "")) is None:
        return "The answer may only go to a program on this computer (http://127.0.0.1 with a port)."
    if query.get("code_challenge_method") != "S256" or not is_challenge(query.get("code_challenge", "")):
        return "A code challenge of the method S256 is needed."
    if not is_state(query.get("state", "")):
        return "A state of at most 512 plain characters is needed."
    return ""


class LoginPage(View):
    """Asks the person, then sends the browser back to the program with a one-time code."""

    def get(self, request: HttpRequest, provider: str) -> HttpResponse:
        """Show the page."""
        found = _provider(provider)
        return self._refusal(request) or self._page(request, found)

    def post(self, request: HttpRequest, provider: str) -> HttpResponse:
        """Take the person's answer."""
        found = _provider(provider)
        if (refusal := self._refusal(request)) is not None:
            return refusal
        if request.POST.get("answer") == "refuse":
            return self._back(request, error="access_denied")
        form = self._form(found, request.POST)
        if not form.is_valid():
            return self._page(request, found, list(_texts(form)))
        return self._agreed(request, found, form.cleaned_data)

    def _form(self, provider: Provider, data: Any = None) -> forms.Form:
        return SignInFields(data) if provider.signs_in else ConnectFields(data)

    def _agreed(self, request: HttpRequest, provider: Provider, values: dict[str, str]) -> HttpResponse:
        name = values.get("email") or values.get("account_name", "")
        try:
            subject = self._subject(request, provider, name, values)
        except Throttled as error:
            refusal = self._page(request, provider, [str(error.detail)], 429)
            refusal["Retry-After"] = str(error.wait)
            return refusal
        if subject is None:
            return self._page(request, provider, ["Unable to log in with provided credentials."])
        agreement = Agreement(provider.slug, subject, name)
        query: Any = request.GET
        code = grant(agreement, redirect_uri=query["redirect_uri"], challenge=query["code_challenge"])
        return self._back(request, code=code)

    def _subject(
        self, request: HttpRequest, provider: Provider, name: str, values: dict[str, str]
    ) -> str | None:
        if not provider.signs_in:
            return shop_subject(name)
        throttle_sender(request)
        tried = from_here(f"{provider.slug}:{name.casefold()}", request)
        with trying_password(tried):
            subject = stand_in_subject(provider.slug, name, values["password"])
        if subject is not None:
            forgive(PASSWORD_TRIES, tried)
        return subject

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        complaint = _complaint(request.GET)
        if not complaint:
            return None
        context = {"title": "This link cannot be used", "lines": [complaint]}
        return show(request, "answer.html", context, status=400)

    def _back(self, request: HttpRequest, **answer: str) -> HttpResponse:
        values = urlencode({**answer, "state": request.GET["state"]})
        return HttpResponseRedirect(f"{request.GET['redirect_uri']}?{values}")

    def _page(
        self, request: HttpRequest, provider: Provider, errors: list[str] | None = None, status: int = 200
    ) -> HttpResponse:
        what = "Sign in with {name}" if provider.signs_in else "Connect {name}"
        context = {
            "title": what.format(name=provider.name),
            "lines": [_STAND_IN.format(name=provider.name), *_hints(provider)],
            "fields": _fields(self._form(provider), request.POST),
            "buttons": _BUTTONS,
            "errors": errors or [],
        }
        origin = loopback_origin(str(request.GET.get("redirect_uri")))
        return show(request, "answer.html", context, status=status, form_targets=[origin] if origin else [])


def _hints(provider: Provider) -> list[str]:
    if provider.signs_in:
        return ["An address that was not used here before gets a new account with the password you choose."]
    return [f"Instica will be able to read and change the listings of this {provider.name} shop."]


class KeysPage(View):
    """The public keys of the local issuer (a JSON Web Key Set)."""

    def get(self, request: HttpRequest, provider: str) -> HttpResponse:
        """Return the keys."""
        if not _provider(provider).signs_in:
            raise Http404
        return JsonResponse(public_keys())
