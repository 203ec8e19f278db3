"""API keys: making, hashing and checking. A key has 256 random bits, so one SHA-256 is enough to keep it."""

import hashlib
import hmac

from django.utils import timezone

from instica_desktop.server.models import ApiKey, User
from instica_desktop.server.web.key_form import PREFIX


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def store_key(user: User, name: str, key: str, *, of_run: bool = False) -> ApiKey:
    """Keep a key's hash under `name`."""
    return ApiKey.objects.create(
        user=user, name=name, prefix=key[:PREFIX], digest=_digest(key), of_run=of_run
    )


def replace_key(record: ApiKey, key: str) -> None:
    """Give a key record another secret; the old one is dead."""
    record.prefix, record.digest, record.last_used = key[:PREFIX], _digest(key), None
    record.created = timezone.now()
    record.save(update_fields=["prefix", "digest", "last_used", "created"])


def find_key(key: str) -> ApiKey | None:
    """Return the active record of a key, None when there is none.

    The hashes are compared in constant time.
    """
    digest = _digest(key)
    candidates = ApiKey.objects.filter(prefix=key[:PREFIX], is_active=True)
    found = None
    for candidate in candidates.select_related("user__organization"):
        if hmac.compare_digest(candidate.digest, digest):
            found = candidate
    return found
