"""Accounts on marketplaces, and what the simulated marketplaces hold. Source: api contract, Marketplace."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import Organization
from instica_desktop.server.models.base import Row


class Connection(Row):
    """An organization's account on one marketplace; `status` is connected, expired or error."""

    uid: str = columns.uid()
    organization: Organization = columns.belongs_to("Organization", "connections")
    platform: str = columns.text(32)
    account_name: str = columns.text()
    status: str = columns.text(16, default="connected")
    error_code: str = columns.text(100)
    error_message: str = columns.text(1000)
    connected_at: datetime = columns.moment(default=timezone.now)
    last_synced: datetime | None = columns.moment(null=True, default=None)

    class Meta:
        """One account a marketplace."""

        constraints = [models.UniqueConstraint(fields=["organization", "platform"], name="connection_once")]


class SimulatedOffer(Row):
    """The simulated marketplace's own memory of one offer; the shop reads it only through an import.

    `facts` says what is offered (artist, title, label, …, grade), as a marketplace would tell it. `by_hand`:
    the seller put it there, not this shop.
    """

    organization: Organization = columns.belongs_to("Organization", "simulated_offers")
    platform: str = columns.text(32)
    external_id: str = columns.text(100)
    title: str = columns.text(1000)
    price_cents: int | None = columns.cents()
    quantity: int = columns.quantity()
    facts: dict[str, Any] = columns.json_object(default=dict)
    by_hand: bool = columns.flag()
    is_active: bool = columns.flag(True)
    created: datetime = columns.moment(default=timezone.now)

    class Meta:
        """A marketplace names each of its offers once."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "platform", "external_id"], name="simulated_offer_once"
            )
        ]
