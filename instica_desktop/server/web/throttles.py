"""How often something may be asked for. Source: api contract, Common rules, Limits.

The counts lie in the database and each is one atomic statement, so that processes and restarts agree. A
window begins with the first request; what is refused does not make it longer.
"""

import hashlib
import time
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import F
from rest_framework.exceptions import Throttled
from rest_framework.throttling import BaseThrottle

from instica_desktop.server.models import ThrottleCount
from instica_desktop.server.storage.full import is_full
from instica_desktop.server.web.client_address import client_address

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
"""Wrong passwords for one account, from one address: more than a person needs, too few for a guesser."""
REGISTRATION = Limit("registration", 10, 60 * _MINUTE)
"""For one mail address, from one: enough for a person who looks for a password that is strong enough."""
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


@contextmanager
def trying_password(subject: str) -> Iterator[None]:
    """Count a try at a password while it is compared; one that finds the server busy does not count.

    Errors: `Throttled` (429) above the limit, or when the server is busy.
    """
    throttle(PASSWORD_TRIES, subject)
    try:
        yield
    except Throttled:
        ThrottleCount.objects.filter(key=PASSWORD_TRIES.key(subject)).update(count=F("count") - 1)
        raise


def from_here(account: str, request: Any) -> str:
    """Return the subject of a limit for one account as seen from where a request came.

    So nobody can use an account's limit up for the person who has it, somewhere else.
    """
    return f"{client_address(request)} {account}"


def throttle_registration(request: Any, email: str) -> None:
    """Count a registration, for where it comes from and for its mail address. Errors: `Throttled` (429)."""
    if times := settings.SHOP_REGISTRATIONS_PER_HOUR:
        throttle(Limit("registrations-from", times, 60 * _MINUTE), client_address(request))
    throttle(REGISTRATION, from_here(email, request))


def _sign_ins() -> Limit:
    return Limit("sign-ins-from", settings.SHOP_SIGN_INS_PER_MINUTE, _MINUTE)


def throttle_sender(request: Any) -> None:
    """Count a request to sign in for where it comes from; as `SenderThrottle`, for pages.

    Errors: `Throttled` (429).
    """
    if (limit := _sign_ins()).times:
        throttle(limit, client_address(request))


def forgive(limit: Limit, subject: str) -> None:
    """Forget what was counted for a subject."""
    ThrottleCount.objects.filter(key=limit.key(subject)).delete()


class _Throttle(BaseThrottle):
    """Counts a request before anything of it is read."""

    _wait = 0

    @abstractmethod
    def counted(self, request: Any) -> tuple[Limit, str | None]:
        """Return the limit, off where it is of 0 times, and whom to count the request for (None: nobody)."""

    def allow_request(self, request: Any, view: Any) -> bool:
        """Count the request and tell whether it may go on."""
        limit, subject = self.counted(request)
        if not limit.times or subject is None:
            return True
        try:
            self._wait = _counted(limit, subject)
        except DatabaseError as error:
            if not is_full(error):
                raise
            return True  # what cannot be counted can still be read
        return not self._wait

    def wait(self) -> float:
        """Return the seconds to wait."""
        return self._wait


class UserThrottle(_Throttle):
    """The general limit for each user; off while `SHOP_REQUESTS_PER_MINUTE` is 0, as when embedded."""

    def counted(self, request: Any) -> tuple[Limit, str | None]:
        """Return the limit and the user."""
        user = None if request.user is None else str(request.user.pk)
        return Limit("user", settings.SHOP_REQUESTS_PER_MINUTE, _MINUTE), user


class SenderThrottle(_Throttle):
    """The limit for who is not signed in yet, by place; off while `SHOP_SIGN_INS_PER_MINUTE` is 0."""

    def counted(self, request: Any) -> tuple[Limit, str | None]:
        """Return the limit and the address."""
        return _sign_ins(), client_address(request)
