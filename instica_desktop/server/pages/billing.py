"""Pages that stand in for a payment provider: paying for a plan, managing it, an invoice to print."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from rest_framework.exceptions import APIException, ValidationError

from instica_desktop.server.domain.cards import CARDS, Card
from instica_desktop.server.models import Invoice, Organization, PaymentMethod
from instica_desktop.server.operations import billing
from instica_desktop.server.operations.cards import delete_card, make_default, use_card
from instica_desktop.server.pages.links import invoice_of, invoice_url, organization_of
from instica_desktop.server.pages.render import field, page, show, show_message
from instica_desktop.server.serializers.fields import CentsField
from instica_desktop.server.serializers.subscriptions import status_of
from instica_desktop.server.storage.transactions import writing
from instica_desktop.server.web.errors import by_field

_GONE = "This page is no longer valid. Open it again from Instica Desktop."


def money(cents: int, currency: str) -> str:
    """Return an amount for a page."""
    return f"{CentsField().to_representation(cents)} {currency}"


def _problem(error: APIException) -> str:
    if isinstance(error, ValidationError):
        return " ".join(text for texts in by_field(error.detail).values() for text in texts)
    return str(error.detail)


def _card(request: HttpRequest) -> Card:
    card = CARDS.get(field(request, "card"))
    if card is None:
        raise ValidationError({"card": ["Choose a card."]})
    return card


def _tried(request: HttpRequest, act: Callable[[], None]) -> str | None:
    """Do what a form asks for as one transaction; returns the problem, None when it is done."""
    try:
        with writing():
            act()
    except APIException as error:
        return _problem(error)
    return None


@page("GET", "POST")
def checkout(request: HttpRequest, token: str) -> HttpResponse:
    """Show a purchase and pay it; paid once, however often the form is sent."""
    found = billing.find_checkout(token)
    if found is None:
        return show_message(request, "Checkout", _GONE, status=404)
    problem = ""
    if request.method == "POST":
        problem = _tried(request, lambda: billing.complete_checkout(found, _card(request)))
        if problem is None:
            return HttpResponseRedirect(request.path, status=303)
    if found.completed is not None:
        words = f"The plan {found.plan.name} is active. You can close this page."
        return show_message(request, "Thank you", words)
    cents = billing.price_cents(found.plan, found.interval)
    context = {"title": "Checkout", "plan": found.plan, "interval": found.interval, "problem": problem}
    context |= {"price": money(cents, found.plan.currency), "cards": CARDS.values()}
    context |= {"shop": found.organization.display_name}
    return show(request, "checkout.html", context, status=400 if problem else 200)


def _method(organization: Organization, request: HttpRequest) -> PaymentMethod:
    rows = PaymentMethod.objects.select_related("organization").filter(organization=organization)
    found = rows.filter(uid=field(request, "method")).first()
    if found is None:
        raise ValidationError({"method": ["This card is not there any more."]})
    return found


def _acts(organization: Organization, request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Return what the forms of the portal do."""
    return {
        "cancel": lambda: billing.cancel(organization),
        "resume": lambda: billing.resume(organization),
        "add": lambda: use_card(organization, _card(request)),
        "default": lambda: make_default(_method(organization, request)),
        "remove": lambda: delete_card(_method(organization, request)),
    }


@page("GET", "POST")
def portal(request: HttpRequest, token: str) -> HttpResponse:
    """Show the subscription, cards and invoices; cancel, resume, and change the card."""
    organization = organization_of(token)
    if organization is None:
        return show_message(request, "Subscription", _GONE, status=404)
    problem = ""
    if request.method == "POST":
        act = _acts(organization, request).get(field(request, "do"))
        problem = _tried(request, act) if act else "Choose what to do."
        if problem is None:
            return HttpResponseRedirect(request.path, status=303)
    context = _portal_context(request, organization) | {"problem": problem}
    return show(request, "portal.html", context, status=400 if problem else 200)


def _portal_context(request: HttpRequest, organization: Organization) -> dict[str, Any]:
    subscription = billing.subscription_of(organization)
    invoices = Invoice.objects.filter(organization=organization).order_by("-issued_at", "-pk")[:100]
    return {
        "title": "Subscription",
        "shop": organization.display_name,
        "status": status_of(organization),
        "plan": subscription.plan if subscription else None,
        "methods": PaymentMethod.objects.filter(organization=organization).order_by("pk"),
        "cards": CARDS.values(),
        "invoices": [
            (row, money(row.amount_cents, row.currency), invoice_url(request, row)) for row in invoices
        ],
    }


@page("GET")
def invoice(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invoice to print."""
    found = invoice_of(token)
    if found is None:
        return show_message(request, "Invoice", _GONE, status=404)
    context = {"title": f"Invoice {found.number}", "invoice": found}
    context |= {"amount": money(found.amount_cents, found.currency)}
    return show(request, "invoice.html", context)
