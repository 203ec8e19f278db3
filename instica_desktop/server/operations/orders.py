"""Shipping: what making and deleting a shipment does to its order and its item. Source.

Api contract, Orders & sales.
"""

from typing import Any

from django.utils import timezone
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.tracking import same_number
from instica_desktop.server.models import Item, Order, Shipment
from instica_desktop.server.operations.derived import order_changed
from instica_desktop.server.operations.items import move_by_server

_SHIPPABLE = ("awaiting_shipment", "shipped", "completed")


def _item_of(order: Order) -> Item | None:
    return order.listing.item if order.listing else None


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

    Errors: `ValidationError` for an order whose marketplace status (cancelled, refunded…) forbids shipping,
    and for a number that a parcel of it has already.
    """
    if order.status not in _SHIPPABLE:
        raise ValidationError({"non_field_errors": [f"An order that is {order.status} cannot be shipped."]})
    _check_once(order, values.get("tracking_number", ""))
    shipment = Shipment.objects.create(order=order, **values)
    if order.status == "awaiting_shipment":
        order.status_before_shipment, order.status = order.status, "shipped"
    item = _item_of(order)
    if item is not None:
        _ship_item(item)
    order_changed(order)
    return shipment


def _check_once(order: Order, number: str, but: Shipment | None = None) -> None:
    others = Shipment.objects.filter(order=order).exclude(pk=but.pk if but else None)
    if number and any(
        same_number(number, other) for other in others.values_list("tracking_number", flat=True)
    ):
        raise ValidationError({"tracking_number": ["Another parcel of this order has this number."]})


def update_shipment(shipment: Shipment, values: dict[str, Any]) -> None:
    """Apply validated changes to a parcel. Errors: `ValidationError` for another one's number."""
    if values.get("tracking_number", shipment.tracking_number) != shipment.tracking_number:
        _check_once(shipment.order, values["tracking_number"], shipment)
    for name, value in values.items():
        setattr(shipment, name, value)
    shipment.updated = timezone.now()
    shipment.save()
    order_changed(shipment.order, shipment.updated)


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
