"""Identity tokens: only a whole one, of the right issuer, for us, in time, and once."""

import base64
import itertools
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import RSAAlgorithm

from tests.server.people import Person, new_address, send, visitor
from tests.server.shop import Shop

_numbers = itertools.count(1)
APPLE = "/api/auth/apple/"


def _subject() -> str:
    return f"subject-{next(_numbers)}"


def _sign_in(token: Any, **more: Any) -> Any:
    return send(visitor(), APPLE, {"identity_token": token, "authorization_code": "c1", **more})


def _claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {
        "iss": "urn:instica:local:apple",
        "aud": "instica-desktop",
        "sub": _subject(),
        "email": new_address(),
        "iat": now,
        "exp": now + 300,
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def _own_key() -> tuple[str, str]:
    """Return (private key, its name) of the local issuer."""
    from instica_desktop.server.models import SigningKey
    from instica_desktop.server.operations.identities import public_keys

    name = public_keys()["keys"][0]["kid"]
    return SigningKey.objects.get(pk=name).private_pem, name


def _token(**changes: Any) -> str:
    pem, name = _own_key()
    return jwt.encode(_claims(**changes), pem, "ES256", {"kid": name})


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_the_local_issuers_token_opens_an_account(shop: Shop) -> None:
    from instica_desktop.server.operations.identities import mint

    subject, email = _subject(), new_address()
    first = _sign_in(mint("apple", subject, email), first_name="Chet", last_name="Atkins").json()
    assert first["created"] is True
    assert (first["user"]["first_name"], first["user"]["email"]) == ("Chet", email)
    assert first["user"]["listing_eligibility"] == {"can_list_items": True, "error_code": None}
    assert visitor(first["token"]).get("/api/v1/inventory/").json()["count"] == 0
    again = _sign_in(mint("apple", subject, email), first_name="Other").json()
    assert again["created"] is False
    assert again["user"]["uid"] == first["user"]["uid"]
    assert again["user"]["first_name"] == "Chet"


def test_the_public_keys_are_published_and_nothing_else_of_them(shop: Shop) -> None:
    [key] = visitor().get("/accounts/apple/keys/").json()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def test_a_token_works_once(shop: Shop) -> None:
    token = _token()
    assert _sign_in(token).status_code == 200
    assert list(shop.errors(_sign_in(token))) == ["identity_token"]


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://appleid.apple.com"},
        {"iss": "urn:instica:local:google"},
        {"iss": None},
        {"aud": "another-program"},
        {"aud": None},
        {"aud": []},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"iat": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": 5},
    ],
)
def test_a_token_with_wrong_claims_is_refused(shop: Shop, changes: dict[str, Any]) -> None:
    pem, name = _own_key()
    claims = _claims(**changes)
    if not isinstance(claims.get("iss", ""), str) or not isinstance(claims.get("sub", ""), str):
        signed = jwt.api_jws.encode(json.dumps(claims).encode(), pem, "ES256", {"kid": name})
    else:
        signed = jwt.encode(claims, pem, "ES256", {"kid": name})
    assert list(shop.errors(_sign_in(signed))) == ["identity_token"]


def test_alg_none_is_refused(shop: Shop) -> None:
    _, name = _own_key()
    for algorithm in ("none", "None", "NONE", ""):
        bare = f"{_part({'alg': algorithm, 'typ': 'JWT', 'kid': name})}.{_part(_claims())}."
        assert list(shop.errors(_sign_in(bare))) == ["identity_token"]


def test_a_wrong_key_is_refused_even_under_the_right_name(shop: Shop) -> None:
    _, name = _own_key()
    other = ec.generate_private_key(ec.SECP256R1())
    assert list(shop.errors(_sign_in(jwt.encode(_claims(), other, "ES256", {"kid": name}))))
    rsa_key = rsa.generate_private_key(65537, 2048)
    assert list(shop.errors(_sign_in(jwt.encode(_claims(), rsa_key, "RS256", {"kid": name}))))


@pytest.mark.parametrize("kid", [None, "", "other", "../1"])
def test_a_key_of_another_name_is_refused(shop: Shop, kid: Any) -> None:
    pem, _ = _own_key()
    headers = {} if kid is None else {"kid": kid}
    assert list(shop.errors(_sign_in(jwt.encode(_claims(), pem, "ES256", headers)))) == ["identity_token"]


def test_the_public_key_as_a_shared_secret_is_refused(shop: Shop) -> None:
    import hashlib
    import hmac

    pem, name = _own_key()
    private: Any = serialization.load_pem_private_key(pem.encode(), None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': name})}.{_part(_claims())}"
    mac = base64.urlsafe_b64encode(hmac.new(public, signed.encode(), hashlib.sha256).digest())
    forged = f"{signed}.{mac.rstrip(b'=').decode()}"
    assert list(shop.errors(_sign_in(forged))) == ["identity_token"]


def test_a_changed_token_is_refused(shop: Shop) -> None:
    header, _, signature = _token().split(".")
    assert list(shop.errors(_sign_in(f"{header}.{_part(_claims())}.{signature}"))) == ["identity_token"]


@pytest.mark.parametrize(
    "token", ["x", "a.b.c", "..", "é.é.é", "a" * 9_000, "\ud800", "a\x00b", "", None, 5, {}]
)
def test_what_is_no_token_is_named(shop: Shop, token: Any) -> None:
    assert list(shop.errors(_sign_in(token))) == ["identity_token"]


def test_the_code_of_the_provider_is_needed(shop: Shop) -> None:
    assert list(shop.errors(send(visitor(), APPLE, {"identity_token": _token()}))) == ["authorization_code"]


def test_an_address_alone_opens_nobodys_account(shop: Shop) -> None:
    person = Person.register(shop.data_dir)
    for verified in (False, True, "true"):
        token = _token(email=person.email.upper(), email_verified=verified)
        assert list(shop.errors(_sign_in(token))) == ["non_field_errors"]
    assert not person.row().social_accounts.exists()


def test_two_subjects_without_an_address_are_two_people(shop: Shop) -> None:
    uids = {_sign_in(_token(email=None)).json()["user"]["uid"] for _ in range(2)}
    assert len(uids) == 2


def test_an_inactive_account_stays_shut(shop: Shop) -> None:
    from instica_desktop.server.models import User

    claims = {"sub": _subject(), "email": new_address()}
    uid = _sign_in(_token(**claims)).json()["user"]["uid"]
    User.objects.filter(uid=uid).update(is_active=False)
    refused = _sign_in(_token(**claims))
    assert refused.json() == {"non_field_errors": ["Unable to log in with provided credentials."]}


class _Keys(BaseHTTPRequestHandler):
    """Serves a key set."""

    content = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def provider() -> Iterator[tuple[Any, str]]:
    """A provider elsewhere: (its private key, the address of its key set)."""
    key = rsa.generate_private_key(65537, 2048)
    public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    handler = type("Handler", (_Keys,), {})
    handler.content = json.dumps({"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}).encode()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield key, f"http://127.0.0.1:{server.server_port}/keys"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_real_provider_takes_the_place_of_the_stand_in(shop: Shop, provider: tuple[Any, str]) -> None:
    from django.test import override_settings

    from instica_desktop.server.operations.identities import mint
    from tests.server.browser import Browser, login_path

    key, url = provider
    issuer = {"issuer": "https://appleid.apple.com", "audience": "com.example.desk", "jwks_url": url}
    right = {"iss": issuer["issuer"], "aud": issuer["audience"], "email_verified": "true"}
    with override_settings(SHOP_IDENTITY_ISSUERS={"apple": issuer}):
        made = _sign_in(jwt.encode(_claims(**right), key, "RS256", {"kid": "k1"}))
        assert made.json()["user"]["email_verified"] is True
        for refused in (
            mint("apple", _subject(), new_address()),
            jwt.encode(_claims(**right), key, "RS256", {"kid": "k2"}),
            jwt.encode(_claims(**{**right, "aud": "instica-desktop"}), key, "RS256", {"kid": "k1"}),
        ):
            assert list(shop.errors(_sign_in(refused))) == ["identity_token"]
        assert Browser().open(login_path()).status_code == 404
        assert Browser().open("/accounts/apple/keys/").status_code == 404
        assert _sign_in("x").status_code == 400


@pytest.mark.allow_log(r"^ERROR django\.request: Service Unavailable")
def test_a_provider_that_cannot_be_reached_is_503(shop: Shop) -> None:
    from django.test import override_settings

    from tests.api.scripted import unused_port

    url = f"http://127.0.0.1:{unused_port()}/keys"
    issuer = {"issuer": "https://appleid.apple.com", "audience": "com.example.desk", "jwks_url": url}
    with override_settings(SHOP_IDENTITY_ISSUERS={"apple": issuer}):
        response = _sign_in(_token())
    assert response.status_code == 503
    assert "cannot be reached" in response.json()["detail"]
