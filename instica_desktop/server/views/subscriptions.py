"""`/api/v1/subscriptions/`. Source: api contract, Subscriptions."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.models import Invoice, PaymentMethod, Plan
from instica_desktop.server.operations import billing
from instica_desktop.server.operations.app_store import verify_transaction
from instica_desktop.server.operations.cards import delete_card, make_default
from instica_desktop.server.pages.links import checkout_url, invoice_url, portal_url
from instica_desktop.server.serializers.subscriptions import (
    CheckoutForm,
    CheckoutRecord,
    InvoiceRecord,
    PaymentMethodRecord,
    PlanRecord,
    PortalRecord,
    StatusRecord,
    TransactionForm,
    status_of,
)
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, ShopViewSet, write
from instica_desktop.server.web.pagination import Envelope, Page


class PlanViewSet(ShopViewSet):
    """The plans one can subscribe to."""

    serializer_class = PlanRecord
    queryset = Plan.objects.none()

    @extend_schema(responses=PlanRecord(many=True))
    def list(self, request: Any) -> Response:
        """Return all plans as a bare array (as published), the smallest first."""
        return Response(self.get_serializer(Plan.objects.order_by("position", "pk"), many=True).data)


class SubscriptionViewSet(ShopViewSet):
    """The organization's subscription."""

    needs = {
        "checkout": Action.MANAGE_BILLING,
        "portal": Action.MANAGE_BILLING,
        "cancel": Action.MANAGE_BILLING,
        "resume": Action.MANAGE_BILLING,
        "apple": Action.MANAGE_BILLING,
    }
    serializer_class = StatusRecord

    def status(self, request: Any) -> Response:
        """Return what the organization has subscribed to, and how much of it is used."""
        return Response(status_of(self.organization))

    @extend_schema(request=CheckoutForm, responses=CheckoutRecord, parameters=[IDEMPOTENCY_KEY])
    @write(secret=True)
    def checkout(self, request: Any) -> Response:
        """Begin buying a plan; the page to pay on is valid for an hour."""
        token = billing.begin_checkout(self.organization, self.checked(CheckoutForm, request)["price_id"])
        return Response({"checkout_url": checkout_url(request, token)})

    @extend_schema(request=None, responses=PortalRecord, parameters=[IDEMPOTENCY_KEY])
    @write(secret=True)
    def portal(self, request: Any) -> Response:
        """Return the page to manage the subscription on, valid for an hour."""
        billing.settle(self.organization)
        return Response({"portal_url": portal_url(request, self.organization)})

    @extend_schema(request=None, parameters=[IDEMPOTENCY_KEY])
    @write
    def cancel(self, request: Any) -> Response:
        """Let the plan end with its period; again changes nothing."""
        billing.cancel(self.organization)
        return Response(status_of(self.organization))

    @extend_schema(request=None, parameters=[IDEMPOTENCY_KEY])
    @write
    def resume(self, request: Any) -> Response:
        """Take a cancellation back before the period ends; again changes nothing."""
        billing.resume(self.organization)
        return Response(status_of(self.organization))

    @extend_schema(request=TransactionForm, parameters=[IDEMPOTENCY_KEY])
    @write
    def apple(self, request: Any) -> Response:
        """Let a plan bought in the App Store run."""
        form = self.checked(TransactionForm, request)
        verify_transaction(self.organization, form["signed_transaction"])
        return Response(status_of(self.organization))


class InvoiceViewSet(ShopViewSet):
    """The organization's invoices."""

    needs = {"*": Action.READ_BILLING}
    pagination_class = Envelope
    serializer_class = InvoiceRecord
    queryset = Invoice.objects.none()

    def get_serializer_context(self) -> dict[str, Any]:
        """Add how an invoice's page is addressed."""
        url = {"invoice_url": lambda invoice: invoice_url(self.request, invoice)}
        return super().get_serializer_context() | url

    @extend_schema(responses=InvoiceRecord(many=True))
    def list(self, request: Any) -> Response:
        """List the invoices, the newest first."""
        rows = Invoice.objects.filter(organization=self.organization).order_by("-issued_at", "-pk")
        page = Page(request, rows, 25)
        return page.answer(self.get_serializer(page.rows(rows), many=True).data)


class PaymentMethodViewSet(ShopViewSet):
    """The organization's cards."""

    needs = {
        "list": Action.READ_BILLING,
        "default": Action.MANAGE_BILLING,
        "destroy": Action.MANAGE_BILLING,
    }
    pagination_class = Envelope
    serializer_class = PaymentMethodRecord
    queryset = PaymentMethod.objects.none()

    def _rows(self) -> Any:
        rows = PaymentMethod.objects.filter(organization=self.organization).select_related("organization")
        return rows.order_by("pk")

    def _one(self, uid: str) -> PaymentMethod:
        found = self._rows().filter(uid=uid).first()
        if found is None:
            raise NotFound("Not found.")
        return found

    @extend_schema(responses=PaymentMethodRecord(many=True))
    def list(self, request: Any) -> Response:
        """List the cards, the oldest first."""
        page = Page(request, self._rows(), 100)
        return page.answer(self.get_serializer(page.rows(self._rows()), many=True).data)

    @extend_schema(request=None, parameters=[IDEMPOTENCY_KEY])
    @write
    def default(self, request: Any, uid: str) -> Response:
        """Charge this card from now on."""
        method = self._one(uid)
        make_default(method)
        return Response(self.get_serializer(method).data)

    @extend_schema(responses={204: None})
    @write
    def destroy(self, request: Any, uid: str) -> Response:
        """Forget a card; 409 for the one that pays for a running plan."""
        delete_card(self._one(uid))
        return Response(status=204)
