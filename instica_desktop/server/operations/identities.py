"""Identity tokens: verified as JSON Web Tokens of a known issuer. Source: api contract, Authentication.

`SHOP_IDENTITY_ISSUERS` names an issuer for a provider: `{"issuer", "audience", "jwks_url"}`. A provider
without one has the local issuer, whose key lies in the database so that all processes share it.
"""

import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import IntegrityError
from jwt.algorithms import ECAlgorithm
from rest_framework.exceptions import APIException

from instica_desktop.server.domain.uids import new_uid
from instica_desktop.server.models import SigningKey
from instica_desktop.server.storage.transactions import writing

AUDIENCE = "instica-desktop"
LIFETIME = 300
_ALGORITHMS = ["RS256", "ES256"]
_REQUIRED = ["exp", "iat", "iss", "aud", "sub"]
_LEEWAY = 30
_KEY = "identity"
_TIMEOUT = 5
_LONGEST_SUBJECT = 255
_LONGEST_EMAIL = 254


class ProviderUnreachable(APIException):
    """The provider's keys cannot be read now (503)."""

    status_code = 503
    default_detail = "The sign-in provider cannot be reached. Try again in a minute."


@dataclass(frozen=True)
class Identity:
    """Who somebody is, by a provider's word."""

    provider: str
    subject: str
    email: str
    email_verified: bool
    expires: int


def is_local(provider: str) -> bool:
    """Tell whether this server stands in for a provider."""
    return provider not in settings.SHOP_IDENTITY_ISSUERS


def local_issuer(provider: str) -> str:
    """Return the name of the local issuer, the same on every port."""
    return f"urn:instica:local:{provider}"


def _private_key() -> SigningKey:
    found = SigningKey.objects.filter(name=_KEY).first()
    if found is not None:
        return found
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        with writing():
            return SigningKey.objects.create(name=_KEY, private_pem=pem.decode())
    except IntegrityError:  # another process was first
        return SigningKey.objects.get(name=_KEY)


def public_keys() -> dict[str, Any]:
    """Return the local issuer's public keys as a JSON Web Key Set."""
    row = _private_key()
    private: Any = serialization.load_pem_private_key(row.private_pem.encode(), None)
    key = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    return {"keys": [{**key, "kid": str(row.pk), "use": "sig", "alg": "ES256"}]}


def mint(provider: str, subject: str, email: str) -> str:
    """Return an identity token of the local issuer. It has not checked the address, and says so."""
    row, now = _private_key(), int(time.time())
    claims = {"iss": local_issuer(provider), "aud": AUDIENCE, "sub": subject, "email": email}
    claims |= {"email_verified": False, "iat": now, "exp": now + LIFETIME, "jti": new_uid()}
    return jwt.encode(claims, row.private_pem, "ES256", {"kid": str(row.pk)})


@cache
def _remote_keys(url: str) -> jwt.PyJWKClient:
    return jwt.PyJWKClient(url, timeout=_TIMEOUT)


def _signing_key(provider: str, token: str) -> jwt.PyJWK:
    """Return the issuer's key that a token names. Errors: `jwt.PyJWTError`."""
    if not is_local(provider):
        client = _remote_keys(settings.SHOP_IDENTITY_ISSUERS[provider]["jwks_url"])
        return client.get_signing_key_from_jwt(token)
    return jwt.PyJWKSet.from_dict(public_keys())[str(jwt.get_unverified_header(token).get("kid"))]


def _claims(provider: str, token: str) -> dict[str, Any]:
    here = {"issuer": local_issuer(provider), "audience": AUDIENCE}
    expected = settings.SHOP_IDENTITY_ISSUERS.get(provider, here)
    return jwt.decode(
        token,
        _signing_key(provider, token),
        algorithms=_ALGORITHMS,
        issuer=expected["issuer"],
        audience=expected["audience"],
        leeway=_LEEWAY,
        options={"require": _REQUIRED},
    )


def verify(provider: str, token: str) -> Identity | None:
    """Return whom a token stands for, None unless it is a valid one of the provider's issuer.

    Errors: `ProviderUnreachable` (503) when the issuer's keys cannot be read.
    """
    try:
        claims = _claims(provider, token)
    except jwt.PyJWKClientConnectionError as error:
        raise ProviderUnreachable from error
    except (jwt.PyJWTError, KeyError, ValueError):
        return None
    subject, email = claims["sub"], claims.get("email")
    if not subject or len(subject) > _LONGEST_SUBJECT:
        return None
    known = email if isinstance(email, str) and len(email) <= _LONGEST_EMAIL else ""
    verified = str(claims.get("email_verified", "")).lower() == "true"  # Apple sends text, others a boolean
    return Identity(provider, subject, known, bool(known) and verified, int(claims["exp"]))
