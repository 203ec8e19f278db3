"""Plans, subscription, invoices and cards. Source: api-reference, Subscriptions."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from instica_desktop.core.models.common import Measured, UtcTime, Whole, Wire


class PlanFeature(Wire, frozen=True, kw_only=True):
    """One thing a plan offers. `limit`: None = without limit, 0 = not included."""

    name: str = ""
    limit: Whole | None = None


class Plan(Measured, frozen=True, kw_only=True):
    """A plan one can subscribe to."""

    uid: str
    name: str = ""
    slug: str = ""
    description: str | None = None
    price_monthly: Decimal | None = None
    price_yearly: Decimal | None = None
    currency: str | None = None
    features: tuple[PlanFeature, ...] = ()
    is_popular: bool = False
    stripe_monthly_price_id: str | None = None
    stripe_yearly_price_id: str | None = None


class PlanUse(Wire, frozen=True, kw_only=True):
    """How much of a limited thing is used. `limit`: None = without limit."""

    used: Whole = 0
    limit: Whole | None = None

    @property
    def left(self) -> int | None:
        """How many more the plan covers; None = any number."""
        return None if self.limit is None else max(0, self.limit - self.used)


class SubscriptionStatus(Measured, frozen=True, kw_only=True):
    """What the organization has subscribed to. `billing_provider`: stripe, apple, none, or a later code."""

    is_active: bool = False
    plan: Plan | None = None
    billing_provider: str = "none"
    current_period_end: UtcTime | None = None
    cancel_at_period_end: bool = False
    trial_end: UtcTime | None = None
    usage: Mapping[str, PlanUse] = msgspec.field(default_factory=dict[str, PlanUse])


class CheckoutPage(Wire, frozen=True, kw_only=True):
    """Where the system's browser pays."""

    checkout_url: str


class PortalPage(Wire, frozen=True, kw_only=True):
    """Where the system's browser manages the subscription."""

    portal_url: str


class Invoice(Measured, frozen=True, kw_only=True):
    """An invoice. `pdf_url` is for the system's browser and may be short-lived: read it again before use."""

    uid: str
    number: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    status: str | None = None
    issued_at: UtcTime | None = None
    pdf_url: str | None = None


class PaymentMethod(Measured, frozen=True, kw_only=True):
    """A card as its owner recognises it: brand and last four digits only."""

    uid: str
    brand: str | None = None
    last4: str | None = None
    is_default: bool = False
    created: UtcTime | None = None
