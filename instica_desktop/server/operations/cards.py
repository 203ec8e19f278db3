"""Payment methods of an organization: brand and last four digits, nothing else.

Source: api contract, Subscriptions, `payment-methods`.
"""

from typing import Any

from django.utils import timezone
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.cards import Card
from instica_desktop.server.models import Organization, PaymentMethod, Subscription
from instica_desktop.server.operations.entitlements import CARD, is_current
from instica_desktop.server.storage.transactions import hold
from instica_desktop.server.web.errors import Conflict


def _all(organization: Organization) -> Any:
    return PaymentMethod.objects.filter(organization=organization)


def use_card(organization: Organization, card: Card) -> PaymentMethod:
    """Keep a card as the default one. Errors: `ValidationError` on `card` when it is declined."""
    if not card.good:
        raise ValidationError({"card": ["The card was declined. Choose another one."]})
    hold(organization)
    method = _all(organization).filter(brand=card.brand, last4=card.last4).first()
    if method is None:
        method = PaymentMethod.objects.create(organization=organization, brand=card.brand, last4=card.last4)
    make_default(method)
    return method


def make_default(method: PaymentMethod) -> None:
    """Charge this card from now on."""
    hold(method.organization)
    _all(method.organization).filter(is_default=True).update(is_default=False)
    method.is_default = True
    method.save(update_fields=["is_default"])


def delete_card(method: PaymentMethod) -> None:
    """Forget a card; the newest other one becomes the default.

    Errors: `Conflict` (409) for the only card of a plan that goes on.
    """
    organization, was_default = method.organization, method.is_default
    hold(organization)
    others = _all(organization).exclude(pk=method.pk).order_by("-created", "-pk")
    if not others.exists() and _renews(organization):
        raise Conflict("The subscription is paid with this card. Add another one first, or cancel.")
    method.delete()
    heir = others.first() if was_default else None
    if heir is not None:
        make_default(heir)


def _renews(organization: Organization) -> bool:
    subscription = Subscription.objects.select_related("plan").filter(organization=organization).first()
    if subscription is None or subscription.cancel_at_period_end:
        return False
    return subscription.billing_provider == CARD and is_current(subscription, timezone.now())
