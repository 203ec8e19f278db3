"""Devices that are told of events, and requests for help. Source: api contract, User & account."""

from datetime import datetime

from django.utils import timezone

from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import User
from instica_desktop.server.models.base import Row


class DeviceToken(Row):
    """A device that takes push messages; `token` is its address at the push service."""

    uid: str = columns.uid()
    user: User = columns.part_of("User", "device_tokens")
    platform: str = columns.text(16)
    name: str = columns.text(100)
    token: str = columns.text(500, unique=True)
    created: datetime = columns.moment(default=timezone.now)


class SupportTicket(Row):
    """A request for help, kept also when its mail could not be sent."""

    uid: str = columns.uid()
    user: User = columns.part_of("User", "support_tickets")
    category: str = columns.text(32)
    subject: str = columns.text(200)
    message: str = columns.long_text()
    status: str = columns.text(16, default="open")
    created: datetime = columns.moment(default=timezone.now)
