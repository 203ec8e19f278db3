"""Orders and their shipments. Source: api contract, Orders & sales. An unknown fee is null, never 0."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import Organization
from instica_desktop.server.models.base import Row
from instica_desktop.server.models.inventory import Listing


def _index(name: str, *fields: str) -> models.Index:
    return models.Index(fields=["organization", *fields, "uid"], name=f"order_{name}")


class Order(Row):
    """One sale. Amounts in cents; `status_before_shipment` is what deleting the last shipment restores."""

    uid: str = columns.uid()
    organization: Organization = columns.belongs_to("Organization", "orders")
    listing: Listing | None = columns.belongs_to("Listing", "orders", null=True)
    order_id: str = columns.text(100)
    status: str = columns.text(32, default="awaiting_shipment")
    status_before_shipment: str = columns.text(32)
    platform: str = columns.text(32)
    buyer_name: str = columns.text()
    buyer_note: str = columns.long_text()
    sale_price_cents: int | None = columns.cents()
    marketplace_fee_cents: int | None = columns.cents()
    platform_fee_cents: int | None = columns.cents()
    shipping_cost_cents: int | None = columns.cents()
    address: dict[str, Any] | None = columns.json_object(null=True, default=None)
    sold_at: datetime = columns.moment()
    created: datetime = columns.moment(default=timezone.now)
    updated: datetime = columns.moment(default=timezone.now)

    class Meta:
        """One index for each ordering."""

        indexes = [
            _index("sold", "-sold_at"),
            _index("created", "-created"),
            _index("status", "status"),
            _index("waiting", "status", "-sold_at"),
            _index("platform", "platform"),
            _index("price", "sale_price_cents"),
        ]


class Shipment(Row):
    """One parcel of an order; weight in grams. `number_key`: `domain.tracking`."""

    uid: str = columns.uid()
    order: Order = columns.part_of("Order", "shipments")
    carrier: str = columns.text(32)
    service: str = columns.text(100)
    tracking_number: str = columns.text(100)
    number_key: str | None = columns.found_by()
    status: str = columns.text(16, default="label_created")
    weight_grams: int | None = columns.number()
    cost_cents: int | None = columns.cents()
    shipped_at: datetime | None = columns.moment(null=True, default=None)
    created: datetime = columns.moment(default=timezone.now)
    updated: datetime = columns.moment(default=timezone.now)

    class Meta:
        """The index by which the other parcels with a number are found."""

        indexes = [models.Index(fields=["number_key"], name="shipment_number")]
