"""A person with a browser, in front of the server's pages."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.server.shop import HOST

REDIRECT = "http://127.0.0.1:53682/callback"
VERIFIER = "v" * 43
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def challenge(verifier: str = VERIFIER) -> str:
    """Return the S256 challenge of a verifier."""
    from instica_desktop.server.domain.pkce import challenge_of

    return challenge_of(verifier)


def login_path(provider: str = "apple", **changes: str) -> str:
    """Return the path of a provider's page as a program would open it, with some parameters changed."""
    query = {
        "redirect_uri": REDIRECT,
        "state": "st-1",
        "code_challenge": challenge(),
        "code_challenge_method": "S256",
        **changes,
    }
    return f"/accounts/{provider}/login/?{urlencode(query)}"


def _client() -> Any:
    from django.test import Client

    return Client(raise_request_exception=False, enforce_csrf_checks=True, HTTP_HOST=HOST)


@dataclass
class Browser:
    """Opens pages, keeps cookies, sends forms as a browser does."""

    client: Any = field(default_factory=_client)

    def open(self, path: str) -> Any:
        """Open a page by a link in another program."""
        return self.client.get(path, HTTP_SEC_FETCH_SITE="none")

    def answer(self, path: str, **fields: str) -> Any:
        """Open a page, fill in its form and send it; returns what came back."""
        found = _TOKEN.search(self.open(path).content.decode())
        assert found, "the page has no form"
        body = urlencode({"csrfmiddlewaretoken": found[1], "answer": "agree", **fields})
        return self.send(path, body)

    def send(self, path: str, body: str, **headers: str) -> Any:
        """Send a form."""
        sent = {"HTTP_ORIGIN": f"http://{HOST}", "HTTP_SEC_FETCH_SITE": "same-origin", **headers}
        return self.client.post(path, body, "application/x-www-form-urlencoded", **sent)

    def sign_in(self, email: str, password: str = "a stand-in password") -> str:
        """Sign in at the stand-in for Apple; returns the code."""
        return code_in(self.answer(login_path(), email=email, password=password))


def answer_in(response: Any) -> dict[str, str]:
    """Return the parameters with which the browser was sent back to the program."""
    assert response.status_code == 302, (response.status_code, response.content)
    assert response["Location"].startswith(f"{REDIRECT}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def code_in(response: Any) -> str:
    """Return the code with which the browser was sent back."""
    return answer_in(response)["code"]


def exchange_body(code: str, **changes: str) -> dict[str, str]:
    """Return the body that exchanges a code."""
    return {"code": code, "code_verifier": VERIFIER, "redirect_uri": REDIRECT, **changes}
