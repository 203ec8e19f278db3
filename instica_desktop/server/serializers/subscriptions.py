"""Plans, subscription, invoices and cards on the wire. Source: api contract, Subscriptions."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from instica_desktop.server.models import Organization, Subscription
from instica_desktop.server.operations.entitlements import allowance, is_current, period_end
from instica_desktop.server.operations.plan_use import COUNTERS
from instica_desktop.server.serializers.fields import CentsField, TextField


class FeatureRecord(serializers.Serializer):
    """One thing a plan offers: null = without limit, 0 = not included."""

    name = serializers.CharField()
    limit = serializers.IntegerField(allow_null=True)


class PlanRecord(serializers.Serializer):
    """A plan."""

    uid = serializers.CharField()
    name = serializers.CharField()
    slug = serializers.CharField()
    description = serializers.CharField()
    price_monthly = CentsField(source="price_monthly_cents")
    price_yearly = CentsField(source="price_yearly_cents")
    currency = serializers.CharField()
    features = FeatureRecord(many=True)
    is_popular = serializers.BooleanField()
    stripe_monthly_price_id = serializers.CharField()
    stripe_yearly_price_id = serializers.CharField()


class UseRecord(serializers.Serializer):
    """How much of a limited thing is used."""

    used = serializers.IntegerField()
    limit = serializers.IntegerField(allow_null=True)


class StatusRecord(serializers.Serializer):
    """What an organization has subscribed to, and how much of it is used."""

    is_active = serializers.BooleanField()
    plan = PlanRecord(allow_null=True)
    billing_provider = serializers.ChoiceField(["stripe", "apple", "none"])
    current_period_end = serializers.DateTimeField(allow_null=True)
    cancel_at_period_end = serializers.BooleanField()
    trial_end = serializers.DateTimeField(allow_null=True)
    usage = serializers.DictField(child=UseRecord())


def usage_of(organization: Organization) -> dict[str, dict[str, int | None]]:
    """Return what is used of everything that is counted, with the plan's limit."""
    return {
        name: {"used": count(organization), "limit": allowance(organization, name)}
        for name, count in COUNTERS.items()
    }


def status_of(organization: Organization) -> dict[str, Any]:
    """Return an organization's status; without a subscription everything is allowed."""
    found = Subscription.objects.select_related("plan").filter(organization=organization).first()
    now = timezone.now()
    values = {
        "is_active": found is None or is_current(found, now),
        "plan": found.plan if found else None,
        "billing_provider": found.billing_provider if found else "none",
        "current_period_end": period_end(found, now) if found else None,
        "cancel_at_period_end": found.cancel_at_period_end if found else False,
        "trial_end": found.trial_end if found else None,
        "usage": usage_of(organization),
    }
    return dict(StatusRecord(values).data)


class CheckoutForm(serializers.Serializer):
    """Which price of a plan to buy."""

    price_id = TextField(100)


class CheckoutRecord(serializers.Serializer):
    """Where the browser pays."""

    checkout_url = serializers.CharField()


class PortalRecord(serializers.Serializer):
    """Where the browser manages the subscription."""

    portal_url = serializers.CharField()


class TransactionForm(serializers.Serializer):
    """A purchase in the App Store, signed by it."""

    signed_transaction = TextField(20_000)


class InvoiceRecord(serializers.Serializer):
    """An invoice; the context's `invoice_url` gives the page to print."""

    uid = serializers.CharField()
    number = serializers.CharField()
    amount = CentsField(source="amount_cents")
    currency = serializers.CharField()
    status = serializers.CharField()
    issued_at = serializers.DateTimeField()
    pdf_url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField())
    def get_pdf_url(self, invoice: Any) -> str:
        """Return the address of the page to print; it works for a day, without a key."""
        return self.context["invoice_url"](invoice)


class PaymentMethodRecord(serializers.Serializer):
    """A card: brand and last four digits only."""

    uid = serializers.CharField()
    brand = serializers.CharField()
    last4 = serializers.CharField()
    is_default = serializers.BooleanField()
    created = serializers.DateTimeField()
