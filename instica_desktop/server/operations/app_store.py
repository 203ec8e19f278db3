"""Subscriptions bought in the App Store: a signed transaction is checked and its plan runs until it expires.

Source: api contract, Subscriptions, `apple/verify`; the transaction is StoreKit's JWSTransaction. Whose
signature counts is a setting (`SHOP_APP_STORE`): `roots`, the certificates the signer's must lead to, or
`keys`, a JSON Web Key Set. Without either nothing is accepted.
"""

from datetime import UTC, datetime
from typing import Any

import jwt
from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.periods import MONTHLY, YEARLY
from instica_desktop.server.models import Organization, Plan, Subscription
from instica_desktop.server.operations.billing import subscription_of
from instica_desktop.server.operations.certificates import signer
from instica_desktop.server.operations.entitlements import CARD, is_current
from instica_desktop.server.storage.transactions import hold, writing
from instica_desktop.server.web.errors import Conflict

APPLE = "apple"
_ALGORITHMS = ["ES256"]
_TAKEN = "This purchase belongs to another organization."


def _refuse(message: str) -> ValidationError:
    return ValidationError({"signed_transaction": [message]})


def _key(header: dict[str, Any], trusted: dict[str, Any]) -> Any:
    """Return the trusted key that signed. Errors: `ValueError`, `StopIteration`, `jwt.PyJWTError`."""
    if roots := trusted.get("roots"):
        return signer(header.get("x5c"), roots, timezone.now())
    return next(
        key for key in jwt.PyJWKSet.from_dict(trusted["keys"]).keys if key.key_id == header.get("kid")
    )


def _payload(signed: str) -> dict[str, Any]:
    """Return what a trusted key signed. Errors: `ValidationError`."""
    trusted = settings.SHOP_APP_STORE
    if not trusted["keys"] and not trusted.get("roots"):
        raise _refuse("This server does not take purchases from the App Store.")
    try:
        key = _key(jwt.get_unverified_header(signed), trusted)
        return jwt.decode(signed, key, algorithms=_ALGORITHMS, options={"verify_aud": False})
    except (jwt.PyJWTError, StopIteration, ValueError, TypeError):
        raise _refuse("The signature is not the App Store's.") from None


def _moment(value: Any) -> datetime:
    """Return a time given in milliseconds. Errors: `ValidationError`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refuse("The transaction has no end.")
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        raise _refuse("The transaction has no end.") from None


def _bought(product: Any) -> tuple[Plan, str]:
    """Return plan and interval of a product: `<bundle>.<plan>.<interval>`. Errors: `ValidationError`."""
    start = f"{settings.SHOP_APP_STORE['bundle_id']}."
    slug, _, interval = str(product).removeprefix(start).partition(".")
    plan = Plan.objects.filter(slug=slug).first() if "\0" not in slug else None
    if plan is None or interval not in (MONTHLY, YEARLY) or not str(product).startswith(start):
        raise _refuse("The transaction is for a product this server does not know.")
    return plan, interval


def _checked(payload: dict[str, Any]) -> tuple[Plan, str, datetime, str]:
    """Return plan, interval, end and first transaction. Errors: `ValidationError`."""
    if payload.get("bundleId") != settings.SHOP_APP_STORE["bundle_id"]:
        raise _refuse("The transaction is for another app.")
    if payload.get("environment") not in settings.SHOP_APP_STORE["environments"]:
        raise _refuse("The transaction is from an environment this server does not take.")
    if payload.get("revocationDate") is not None:
        raise _refuse("The purchase was refunded.")
    first = payload.get("originalTransactionId")
    if not isinstance(first, str) or not first.isalnum() or len(first) > 100:
        raise _refuse("The transaction has no number.")
    end = _moment(payload.get("expiresDate"))
    if end <= timezone.now():
        raise _refuse("The subscription has expired.")
    return *_bought(payload.get("productId")), end, first


def verify_transaction(organization: Organization, signed: str) -> None:
    """Let the plan of a signed transaction run; the same one again changes nothing, an older one neither.

    Errors: `ValidationError` on `signed_transaction`, `Conflict` (409) while a card pays for a plan.
    """
    plan, interval, end, first = _checked(_payload(signed))
    hold(organization)
    if Subscription.objects.filter(external_id=first).exclude(organization=organization).exists():
        raise _refuse(_TAKEN)
    present = subscription_of(organization)
    if present and present.billing_provider == CARD and is_current(present, timezone.now()):
        raise Conflict("A card pays for the present plan. Cancel it first and let it end.")
    known_end = present.current_period_end if present and present.external_id == first else None
    if known_end is not None and known_end >= end:
        return
    values = {"plan": plan, "interval": interval, "billing_provider": APPLE, "external_id": first}
    values |= {"is_active": True, "cancel_at_period_end": False, "trial_end": None}
    values |= {"current_period_start": timezone.now(), "current_period_end": end}
    try:
        with writing():
            Subscription.objects.update_or_create(organization=organization, defaults=values)
    except IntegrityError:  # another organization was first, in a transaction that was not yet to be seen
        raise _refuse(_TAKEN) from None
