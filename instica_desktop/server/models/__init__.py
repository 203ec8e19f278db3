"""The tables of a shop. May import Django and `server.domain` only."""

from instica_desktop.server.models.accounts import ApiKey, Organization, User
from instica_desktop.server.models.catalogue import Artist, DigitalAsset, Label, Product
from instica_desktop.server.models.inventory import Asset, Item, Listing
from instica_desktop.server.models.jobs import Job
from instica_desktop.server.models.orders import Order, Shipment
from instica_desktop.server.models.requests import IdempotencyRecord
from instica_desktop.server.models.subscriptions import Plan, Subscription

__all__ = [
    "ApiKey",
    "Artist",
    "Asset",
    "DigitalAsset",
    "IdempotencyRecord",
    "Item",
    "Job",
    "Label",
    "Listing",
    "Order",
    "Organization",
    "Plan",
    "Product",
    "Shipment",
    "Subscription",
    "User",
]
