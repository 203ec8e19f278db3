"""API keys and tokens: making, hashing and checking.

Both have 256 random bits, so one SHA-256 is enough to keep them.
"""

import hmac
from typing import Any

from django.utils import timezone

from instica_desktop.server.domain.digests import digest_of
from instica_desktop.server.models import AccessToken, ApiKey, User
from instica_desktop.server.web.key_form import PREFIX, fits_a_header, new_token

MOST_KEYS = 100
"""Of one user, with that of the server's run."""


class TooManyKeys(ValueError):
    """The user has as many keys as one may have; the message says so."""


def store_key(user: User, name: str, key: str, *, of_run: bool = False) -> ApiKey:
    """Keep a key's hash under `name`. It opens the organization its user works in now.

    Call it with the write lock held. Errors: `TooManyKeys`.
    """
    if not of_run and ApiKey.objects.filter(user=user).count() >= MOST_KEYS:
        raise TooManyKeys(f"A user can have {MOST_KEYS} keys. Delete one that is no longer needed first.")
    values = {"name": name, "prefix": key[:PREFIX], "digest": digest_of(key), "of_run": of_run}
    return ApiKey.objects.create(user=user, organization=user.organization, **values)


def replace_key(record: ApiKey, key: str) -> None:
    """Give a key record another secret; the old one is dead."""
    record.prefix, record.digest, record.last_used = key[:PREFIX], digest_of(key), None
    record.created = timezone.now()
    record.save(update_fields=["prefix", "digest", "last_used", "created"])


def issue_token(user: User) -> str:
    """Sign a user in; returns the token, of which only the hash is kept."""
    token = new_token()
    AccessToken.objects.create(user=user, prefix=token[:PREFIX], digest=digest_of(token))
    return token


def find_key(key: str) -> ApiKey | None:
    """Return the active record of a key, None when there is none."""
    records = ApiKey.objects.filter(is_active=True).select_related("organization")
    return _find(records, key)


def find_token(token: str) -> AccessToken | None:
    """Return the record of a living token, None when there is none."""
    return _find(AccessToken.objects, token)


def _find(records: Any, secret: str) -> Any:
    """Return the record of a secret whose user may come in. The hashes are compared in constant time."""
    if not fits_a_header(secret):
        return None
    digest = digest_of(secret)
    candidates = records.filter(prefix=secret[:PREFIX], user__is_active=True)
    found = None
    for candidate in candidates.select_related("user__organization"):
        if hmac.compare_digest(candidate.digest, digest):
            found = candidate
    return found
