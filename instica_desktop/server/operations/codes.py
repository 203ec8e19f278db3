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

_ONE_AT_A_TIME = (VERIFY_EMAIL, RESET_PASSWORD)
LIFETIMES = {
    VERIFY_EMAIL: timedelta(days=3),
    RESET_PASSWORD: timedelta(hours=1),
    BROWSER: timedelta(minutes=5),
}


def issue_code(purpose: str, *, user: User | None = None, facts: dict[str, Any] | None = None) -> str:
    """Make a code and return it, to be sent once. What was sent to the same user before is dead.

    So it is for nobody (`user` None) too: a code that opens nothing costs what any other does.
    """
    code, now = secrets.token_urlsafe(32), timezone.now()
    OneTimeCode.objects.filter(expires__lt=now).delete()
    if purpose in _ONE_AT_A_TIME:
        OneTimeCode.objects.filter(user=user, purpose=purpose).delete()
    expires = now + LIFETIMES[purpose]
    OneTimeCode.objects.create(
        user=user, purpose=purpose, digest=digest_of(code), facts=facts or {}, expires=expires
    )
    return code


def find_code(purpose: str, code: str) -> OneTimeCode | None:
    """Return what a code stands for and leave it usable; None when it is unknown, used or expired."""
    rows = OneTimeCode.objects.filter(purpose=purpose, digest=digest_of(code), expires__gt=timezone.now())
    return rows.select_related("user__organization").first()


def take_code(purpose: str, code: str) -> OneTimeCode | None:
    """Use a code up and return what it stood for; None when it is unknown, used or expired."""
    found = find_code(purpose, code)
    if found is None or not OneTimeCode.objects.filter(pk=found.pk).delete()[0]:
        return None
    return found
