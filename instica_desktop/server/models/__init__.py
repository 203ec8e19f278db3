"""The tables of a shop. May import Django and `server.domain` only."""

from instica_desktop.server.models.accounts import ApiKey, Organization, User
from instica_desktop.server.models.catalogue import Artist, DigitalAsset, Label, Product
from instica_desktop.server.models.counters import ApiUse, ThrottleCount
from instica_desktop.server.models.credentials import (
    AccessToken,
    OneTimeCode,
    SigningKey,
    SocialAccount,
    StandInAccount,
)
from instica_desktop.server.models.imports import JobRows, SourceKey
from instica_desktop.server.models.inventory import Asset, Item, Listing, ListingCopy
from instica_desktop.server.models.jobs import Job, JobHand
from instica_desktop.server.models.marketplace import Connection, SimulatedOffer
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
from instica_desktop.server.models.support import DeviceToken, SupportTicket

__all__ = [
    "AccessToken",
    "Address",
    "ApiKey",
    "ApiUse",
    "Artist",
    "Asset",
    "Checkout",
    "Connection",
    "DeviceToken",
    "DigitalAsset",
    "IdempotencyRecord",
    "Invite",
    "Invoice",
    "Item",
    "Job",
    "JobHand",
    "JobRows",
    "Label",
    "Listing",
    "ListingCopy",
    "Membership",
    "OneTimeCode",
    "Order",
    "Organization",
    "PaymentMethod",
    "Plan",
    "Product",
    "Shipment",
    "SigningKey",
    "SimulatedOffer",
    "SocialAccount",
    "SourceKey",
    "StandInAccount",
    "Subscription",
    "SupportTicket",
    "ThrottleCount",
    "User",
]
