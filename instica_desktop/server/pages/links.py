"""Addresses of billing pages. Each carries its own proof, for the browser has no key.

A purchase's token is random and stored as a hash; the others are signed and end by themselves.
"""

from typing import Any

from django.core import signing
from django.http import HttpRequest

from instica_desktop.server.models import Invoice, Organization

_PORTAL, _INVOICE = "billing-portal", "billing-invoice"
_HOUR, _DAY = 3600, 86_400


def _absolute(request: Any, path: str) -> str:
    return request.build_absolute_uri(f"/accounts/billing/{path}/")


def checkout_url(request: Any, token: str) -> str:
    """Return where a purchase is paid."""
    return _absolute(request, f"checkout/{token}")


def portal_url(request: Any, organization: Organization) -> str:
    """Return where an organization's subscription is managed, for an hour."""
    return _absolute(request, f"portal/{signing.dumps(organization.uid, salt=_PORTAL)}")


def invoice_url(request: HttpRequest | Any, invoice: Invoice) -> str:
    """Return where an invoice can be printed, for a day."""
    return _absolute(request, f"invoices/{signing.dumps(invoice.uid, salt=_INVOICE)}")


def _signed(token: str, salt: str, seconds: int) -> str:
    try:
        return str(signing.loads(token, salt=salt, max_age=seconds))
    except signing.BadSignature:
        return ""


def organization_of(token: str) -> Organization | None:
    """Return whose portal a token opens."""
    return Organization.objects.filter(uid=_signed(token, _PORTAL, _HOUR)).first()


def invoice_of(token: str) -> Invoice | None:
    """Return the invoice a token shows."""
    rows = Invoice.objects.select_related("organization")
    return rows.filter(uid=_signed(token, _INVOICE, _DAY)).first()
