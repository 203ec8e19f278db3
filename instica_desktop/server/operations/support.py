"""Devices and requests for help. Source: api contract, User & account."""

from typing import Any

from django.conf import settings

from instica_desktop.server.messaging.mail import send_later
from instica_desktop.server.models import DeviceToken, SupportTicket, User

_MAIL = """{message}

--
Ticket {uid}, {category}
{name} <{email}>, {organization}
"""


def open_ticket(user: User, values: dict[str, Any]) -> SupportTicket:
    """Keep a request for help and send it on; who asks is in the mail, so that it can be answered."""
    ticket = SupportTicket.objects.create(user=user, **values)
    body = _MAIL.format(
        message=ticket.message,
        uid=ticket.uid,
        category=ticket.category,
        name=f"{user.first_name} {user.last_name}".strip() or user.username,
        email=user.email or "no address",
        organization=user.organization.display_name if user.organization else "no organization",
    )
    subject = " ".join(ticket.subject.split())  # a header has one line
    send_later(f"[{ticket.category}] {subject}", body, settings.SHOP_SUPPORT_EMAIL, reply_to=user.email)
    return ticket


def register_device(user: User, values: dict[str, Any]) -> tuple[DeviceToken, bool]:
    """Return (device, whether it is new). One that changes hands is told of its new owner's events only."""
    token = values.pop("token")
    found = DeviceToken.objects.filter(token=token).first()
    if found is not None and found.user.pk != user.pk:
        found.delete()
        found = None
    if found is None:
        return DeviceToken.objects.create(user=user, token=token, **values), True
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    return found, False
