"""The tables of a shop. May import Django and `server.domain` only."""

from instica_desktop.server.models.accounts import ApiKey, Organization, User
from instica_desktop.server.models.catalogue import Artist, DigitalAsset, Label, Product
from instica_desktop.server.models.inventory import Asset, Item, Listing
from instica_desktop.server.models.orders import Order, Shipment
from instica_desktop.server.models.organization import Address, Invite, Membership
from instica_desktop.server.models.requests import IdempotencyRecord
from instica_desktop.server.models.subscriptions import (
    Checkout,
    Invoice,
    PaymentMethod,
    Plan,
    Subscription,
)

__all__ = [
    "Address",
    "ApiKey",
    "Artist",
    "Asset",
    "Checkout",
    "DigitalAsset",
    "IdempotencyRecord",
    "Invite",
    "Invoice",
    "Item",
    "Label",
    "Listing",
    "Membership",
    "Order",
    "Organization",
    "PaymentMethod",
    "Plan",
    "Product",
    "Shipment",
    "Subscription",
    "User",
]
