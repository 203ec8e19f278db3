"""Buying a plan, renewing, cancelling and resuming it. Source: api contract, Subscriptions.

The card provider is a stand-in on this server: its page is ours, no money moves, and each charge is an
invoice here.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.cards import Card
from instica_desktop.server.domain.periods import MONTHLY, YEARLY, period_after
from instica_desktop.server.models import Checkout, Invoice, Organization, PaymentMethod, Plan, Subscription
from instica_desktop.server.operations.cards import use_card
from instica_desktop.server.operations.entitlements import CARD, is_current
from instica_desktop.server.storage.transactions import hold
from instica_desktop.server.web.errors import Conflict

CHECKOUT_VALID_FOR = timedelta(hours=1)
_IN_APP_STORE = "This subscription was bought in the App Store. Manage it there."
_NONE = "There is no running subscription."


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def price_cents(plan: Plan, interval: str) -> int:
    """Return what one period of a plan costs."""
    return plan.price_yearly_cents if interval == YEARLY else plan.price_monthly_cents


def subscription_of(organization: Organization) -> Subscription | None:
    """Return an organization's subscription."""
    return Subscription.objects.select_related("plan").filter(organization=organization).first()


def _running(organization: Organization) -> Subscription:
    """Return the subscription a card pays for. Errors: `Conflict` (409)."""
    hold(organization)
    subscription = subscription_of(organization)
    if subscription is None or not is_current(subscription, timezone.now()):
        raise Conflict(_NONE)
    if subscription.billing_provider != CARD:
        raise Conflict(_IN_APP_STORE)
    return subscription


def begin_checkout(organization: Organization, price_id: str) -> str:
    """Begin buying a plan by one of its prices; returns the page's token, of which only a hash is kept.

    Errors: `ValidationError` on `price_id`, `Conflict` (409) while the App Store has the subscription.
    """
    prices = Q(stripe_monthly_price_id=price_id) | Q(stripe_yearly_price_id=price_id)
    plan = Plan.objects.filter(prices).first()
    if plan is None:
        raise ValidationError({"price_id": ["There is no plan with this price."]})
    interval = YEARLY if plan.stripe_yearly_price_id == price_id else MONTHLY
    _check_sellable(organization, plan, interval)
    token, expires = secrets.token_urlsafe(32), timezone.now() + CHECKOUT_VALID_FOR
    Checkout.objects.filter(organization=organization, expires__lt=timezone.now()).delete()
    Checkout.objects.create(
        organization=organization, plan=plan, interval=interval, digest=_digest(token), expires=expires
    )
    return token


def _check_sellable(organization: Organization, plan: Plan, interval: str) -> None:
    present = subscription_of(organization)
    if present is None or not is_current(present, timezone.now()):
        return
    if present.billing_provider not in (CARD, "none"):
        raise Conflict(_IN_APP_STORE)
    same = (present.plan, present.interval, present.billing_provider) == (plan, interval, CARD)
    if same and not present.cancel_at_period_end:
        raise ValidationError({"price_id": ["This is the plan you have."]})


def find_checkout(token: str) -> Checkout | None:
    """Return the purchase a page's token stands for, unless it ran out of time unpaid."""
    rows = Checkout.objects.select_related("organization", "plan").filter(digest=_digest(token))
    return rows.filter(Q(expires__gt=timezone.now()) | Q(completed__isnull=False)).first()


def complete_checkout(checkout: Checkout, card: Card) -> None:
    """Pay with a card: the plan runs from now on. A purchase already paid is not paid again.

    Errors: `ValidationError` on `card` when it is declined, `Conflict` (409) when the App Store sold one.
    """
    organization = checkout.organization
    hold(organization)
    checkout.refresh_from_db(fields=["completed"])
    if checkout.completed is not None:
        return
    _check_sellable(organization, checkout.plan, checkout.interval)
    settle(organization)
    method, now = use_card(organization, card), timezone.now()
    subscription = subscription_of(organization) or Subscription(organization=organization)
    subscription.plan, subscription.interval = checkout.plan, checkout.interval
    subscription.billing_provider, subscription.external_id = CARD, ""
    subscription.is_active, subscription.cancel_at_period_end = True, False
    subscription.trial_end = None
    _charge(subscription, now, method)
    checkout.completed = now
    checkout.save(update_fields=["completed"])


def _charge(subscription: Subscription, start: datetime, method: PaymentMethod | None) -> None:
    """Begin a period and make its invoice."""
    plan = subscription.plan
    assert plan is not None
    subscription.current_period_start = start
    subscription.current_period_end = end = period_after(start, subscription.interval)
    subscription.save()
    values: dict[str, Any] = {
        "number": secrets.token_hex(12),  # unique until the row has the key its number is made of
        "description": f"{plan.name}, {subscription.interval}",
        "amount_cents": price_cents(plan, subscription.interval),
        "currency": plan.currency,
        "card": f"{method.brand} ending in {method.last4}" if method else "",
        "issued_at": start,
    }
    organization = subscription.organization
    invoice = Invoice.objects.create(organization=organization, period_start=start, period_end=end, **values)
    invoice.number = f"{start:%Y}-{invoice.pk:06d}"
    invoice.save(update_fields=["number"])


def settle(organization: Organization) -> None:
    """Make the invoices of the periods that began since somebody looked."""
    hold(organization)
    subscription, now = subscription_of(organization), timezone.now()
    if subscription is None or subscription.billing_provider != CARD or subscription.cancel_at_period_end:
        return
    method = PaymentMethod.objects.filter(organization=organization, is_default=True).first()
    while subscription.current_period_end is not None and subscription.current_period_end <= now:
        _charge(subscription, subscription.current_period_end, method)


def cancel(organization: Organization) -> None:
    """Let the plan end with its period. Errors: `Conflict` (409) without a plan paid by card."""
    subscription = _running(organization)
    settle(organization)
    subscription.refresh_from_db()
    subscription.cancel_at_period_end = True
    subscription.save(update_fields=["cancel_at_period_end"])


def resume(organization: Organization) -> None:
    """Take a cancellation back before the period ends. Errors: `Conflict` (409) later or without card."""
    subscription = _running(organization)
    if not PaymentMethod.objects.filter(organization=organization).exists():
        raise Conflict("Add a payment method first.")
    subscription.cancel_at_period_end = False
    subscription.save(update_fields=["cancel_at_period_end"])
