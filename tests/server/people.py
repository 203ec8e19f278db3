"""A person with an account of their own, and the messages that reach them."""

import itertools
import json
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from tests.server.shop import HOST

PASSWORD = "Sixteen tons, 1955"
_numbers = itertools.count(1)
_CODE = re.compile(r"^(?:Code: )?([\w-]{43})$", re.MULTILINE)


def new_address() -> str:
    """Return a mail address nobody had before."""
    return f"person{next(_numbers)}@example.com"


def visitor(token: str = "") -> Any:
    """Return a client without a key, with a token if one is given."""
    from django.test import Client

    headers: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
    return Client(raise_request_exception=False, HTTP_HOST=HOST, **headers)


def send(client: Any, path: str, body: Any = None, **headers: str) -> Any:
    """POST JSON to any address."""
    return client.post(path, json.dumps(body), "application/json", **headers)


@dataclass
class Person:
    """Somebody who registered; `client` has their token."""

    email: str
    token: str
    uid: str
    client: Any
    data_dir: Path

    @classmethod
    def register(cls, data_dir: Path, **fields: Any) -> "Person":
        """Register with a fresh address."""
        email = fields.pop("email", None) or new_address()
        names = {"first_name": "Merle", "last_name": "Travis"}
        body = {"email": email, "password": PASSWORD, **names, **fields}
        response = send(visitor(), "/api/auth/register/email/", body)
        assert response.status_code == 201, response.content
        token, user = response.json()["token"], response.json()["user"]
        return cls(user["email"], token, user["uid"], visitor(token), data_dir)

    def get(self, path: str) -> Any:
        """GET below /api/v1/."""
        return self.client.get(f"/api/v1/{path}")

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST below /api/v1/."""
        return send(self.client, f"/api/v1/{path}", body, **headers)

    def mails(self) -> list[Any]:
        """Return the mails to this person, oldest first."""
        return mails_to(self.data_dir, self.email)

    def code(self) -> str:
        """Return the code in the newest mail."""
        return code_in(self.mails()[-1])

    def row(self) -> Any:
        """Return the user's row."""
        from instica_desktop.server.models import User

        return User.objects.get(uid=self.uid)


def code_in(mail: Any) -> str:
    """Return the code in a mail."""
    found = _CODE.search(mail.get_content())
    assert found
    return found[1]


def mails_to(data_dir: Path, address: str) -> list[Any]:
    """Return the mails to an address, oldest first."""
    files = sorted((data_dir / "mail").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    read = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
    return [mail for mail in read if mail["To"] == address]


def texts_to(data_dir: Path, phone: str) -> list[str]:
    """Return the text messages to a phone."""
    texts = [path.read_text("utf-8") for path in sorted((data_dir / "messages").iterdir())]
    return [text for text in texts if text.startswith(f"To: {phone}\n")]
