"""How often something may be asked for. Source: api contract, Common rules, Limits.

The counts lie in the database and each is one atomic statement, so that processes and restarts agree. A
window begins with the first request; what is refused does not make it longer.
"""

import hashlib
import time
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from rest_framework.exceptions import Throttled
from rest_framework.throttling import BaseThrottle

from instica_desktop.server.models import ThrottleCount
from instica_desktop.server.storage.full import is_full

_COUNT = """
    INSERT INTO shop_throttlecount (key, count, ends) VALUES (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN shop_throttlecount.ends <= %s THEN 1 ELSE shop_throttlecount.count + 1 END,
        ends = CASE WHEN shop_throttlecount.ends <= %s THEN excluded.ends ELSE shop_throttlecount.ends END
    RETURNING count, ends
"""
_MINUTE = 60


@dataclass(frozen=True)
class Limit:
    """At most `times` in `seconds`, for each subject by itself."""

    name: str
    times: int
    seconds: int

    def key(self, subject: str) -> str:
        """Return the key of a subject's count; addresses and numbers are not kept readable."""
        return f"{self.name}:{hashlib.sha256(subject.encode()).hexdigest()}"


PASSWORD_RESET = Limit("password-reset", 3, 60 * _MINUTE)
EMAIL_RECOVERY = Limit("email-recovery", 5, 15 * _MINUTE)
VERIFICATION = Limit("verification", 3, 60 * _MINUTE)
PASSWORD_TRIES = Limit("password-tries", 10, 15 * _MINUTE)
"""Wrong passwords for one account: more than a person needs, too few for a guesser."""
REGISTRATION = Limit("registration", 10, 60 * _MINUTE)
"""For one mail address: enough for a person who looks for a password that is strong enough."""
SUPPORT = Limit("support", 10, 60 * _MINUTE)


def _counted(limit: Limit, subject: str) -> int:
    """Count one more and return how many seconds to wait, 0 for none."""
    now = int(time.time())
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [limit.key(subject), now + limit.seconds, now, now])
        count, ends = cursor.fetchone()
    if count == 1:
        ThrottleCount.objects.filter(ends__lt=now).delete()
    return 0 if count <= limit.times else max(1, ends - now)


def throttle(limit: Limit, subject: str) -> None:
    """Count a request. Call outside a transaction, so that a refusal is counted too.

    Errors: `Throttled` (429) above the limit, with the seconds to wait.
    """
    if wait := _counted(limit, subject):
        raise Throttled(wait=wait)


def throttle_registration(address: str, email: str) -> None:
    """Count a registration, for where it comes from and for its mail address. Errors: `Throttled` (429)."""
    if times := settings.SHOP_REGISTRATIONS_PER_HOUR:
        throttle(Limit("registrations-from", times, 60 * _MINUTE), address)
    throttle(REGISTRATION, email)


def forgive(limit: Limit, subject: str) -> None:
    """Forget what was counted for a subject."""
    ThrottleCount.objects.filter(key=limit.key(subject)).delete()


class UserThrottle(BaseThrottle):
    """The general limit for each user; off while `SHOP_REQUESTS_PER_MINUTE` is 0, as when embedded."""

    _wait = 0

    def allow_request(self, request: Any, view: Any) -> bool:
        """Count the request and tell whether it may go on."""
        times = settings.SHOP_REQUESTS_PER_MINUTE
        if not times or request.user is None:
            return True
        try:
            self._wait = _counted(Limit("user", times, _MINUTE), str(request.user.pk))
        except DatabaseError as error:
            if not is_full(error):
                raise
            return True  # what cannot be counted can still be read
        return not self._wait

    def wait(self) -> float:
        """Return the seconds to wait."""
        return self._wait
