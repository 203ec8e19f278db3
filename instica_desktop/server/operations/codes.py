"""One-time codes: in the database rather than in signed links, so that restarts and processes agree.

Only a hash is kept. A code is taken by deleting it: of two who present it at once, one gets it.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from instica_desktop.server.domain.digests import digest_of
from instica_desktop.server.models import OneTimeCode, User

VERIFY_EMAIL = "verify-email"
RESET_PASSWORD = "reset-password"
BROWSER = "browser"
USED_IDENTITY = "used-identity"

LIFETIMES = {
    VERIFY_EMAIL: timedelta(days=3),
    RESET_PASSWORD: timedelta(hours=1),
    BROWSER: timedelta(minutes=5),
}


def issue_code(purpose: str, *, user: User | None = None, facts: dict[str, Any] | None = None) -> str:
    """Make a code; a user's earlier codes for the same purpose are dead. Returns it, to be sent once."""
    code, now = secrets.token_urlsafe(32), timezone.now()
    OneTimeCode.objects.filter(expires__lt=now).delete()
    if user is not None:
        OneTimeCode.objects.filter(user=user, purpose=purpose).delete()
    expires = now + LIFETIMES[purpose]
    OneTimeCode.objects.create(
        user=user, purpose=purpose, digest=digest_of(code), facts=facts or {}, expires=expires
    )
    return code


def take_code(purpose: str, code: str) -> OneTimeCode | None:
    """Use a code up and return what it stood for; None when it is unknown, used or expired."""
    rows = OneTimeCode.objects.filter(purpose=purpose, digest=digest_of(code), expires__gt=timezone.now())
    found = rows.select_related("user__organization").first()
    if found is None or not OneTimeCode.objects.filter(pk=found.pk).delete()[0]:
        return None
    return found
