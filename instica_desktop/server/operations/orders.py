"""Shipping: what making and deleting a shipment does to its order and its item. Source.

Api contract, Orders & sales.
"""

from typing import Any

from django.utils import timezone
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.tracking import number_key
from instica_desktop.server.models import Item, Order, Shipment
from instica_desktop.server.operations.derived import order_changed
from instica_desktop.server.operations.items import move_by_server
from instica_desktop.server.operations.parcel_numbers import check_number

_SHIPPABLE = ("awaiting_shipment", "shipped", "completed")


def _item_of(order: Order) -> Item | None:
    """Return the item whose status an order moves: None once it was sold again, for then a later one does."""
    item = order.listing.item if order.listing else None
    again = item is not None and Order.objects.filter(listing__item=item, pk__gt=order.pk).exists()
    return None if again else item


def _ship_item(item: Item) -> None:
    if item.status == "shipped":
        return  # sent before, by hand or by an earlier parcel
    item.status_before_shipment = item.status
    move_by_server(item, "shipped", "shipment")


def _unship_item(item: Item) -> None:
    if item.status != "shipped" or item.status_by != "shipment":
        return  # a person has moved it since (returned), or had shipped it before
    before = item.status_before_shipment or "sold"
    item.status_before_shipment = ""
    move_by_server(item, before, "sale" if before == "sold" else "")


def create_shipment(order: Order, values: dict[str, Any]) -> Shipment:
    """Add a parcel; an order that waits becomes shipped, and so does its item.

    `values` are its columns, and `confirm`: a number may be on orders to other addresses as well.
    Errors: `ValidationError` for an order whose marketplace status (cancelled, refunded…) forbids shipping,
    and those of `check_number`.
    """
    if order.status not in _SHIPPABLE:
        raise ValidationError({"non_field_errors": [f"An order that is {order.status} cannot be shipped."]})
    fields = {name: value for name, value in values.items() if name != "confirm"}
    number = fields.get("tracking_number", "")
    check_number(order, number, confirm=values.get("confirm", False))
    key = number_key(order.organization.pk, number)
    shipment = Shipment.objects.create(order=order, number_key=key, **fields)
    if order.status == "awaiting_shipment":
        order.status_before_shipment, order.status = order.status, "shipped"
    item = _item_of(order)
    if item is not None:
        _ship_item(item)
    order_changed(order)
    return shipment


def update_shipment(shipment: Shipment, values: dict[str, Any]) -> None:
    """Apply validated changes to a parcel; `confirm` as in `create_shipment`. Errors: `check_number`."""
    before = shipment.number_key
    for name, value in values.items():
        if name != "confirm":
            setattr(shipment, name, value)
    order, number = shipment.order, shipment.tracking_number
    shipment.number_key = number_key(order.organization.pk, number)
    if shipment.number_key != before:
        check_number(order, number, confirm=values.get("confirm", False), but=shipment)
    shipment.updated = timezone.now()
    shipment.save()
    order_changed(order, shipment.updated)


def delete_shipment(shipment: Shipment) -> None:
    """Remove a parcel; without any left, order and item go back to where the shipment found them."""
    order = shipment.order
    shipment.delete()
    if not Shipment.objects.filter(order=order).exists():  # asked anew: `order.shipments` may be prefetched
        if order.status == "shipped":
            order.status = order.status_before_shipment or "awaiting_shipment"
            order.status_before_shipment = ""
        item = _item_of(order)
        if item is not None:
            _unship_item(item)
    order_changed(order)
