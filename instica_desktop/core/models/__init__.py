"""The wire types of the REST API as frozen structs. Unknown fields are ignored; only `uid` is required."""

from instica_desktop.core.models.account import (
    ApiKey,
    ApiUsage,
    DeviceToken,
    Health,
    ListingEligibility,
    Organization,
    SignIn,
    SocialAccount,
    SupportTicket,
    User,
)
from instica_desktop.core.models.common import Artist, Label, Platform, Record
from instica_desktop.core.models.inventory import Asset, InventoryItem, ListedCopy, Listing, ProductRef
from instica_desktop.core.models.marketplace import Connection, ImportJob
from instica_desktop.core.models.order import (
    Order,
    OrderedItem,
    OrderListing,
    OrderStats,
    SalesPoint,
    SalesSeries,
    SalesSums,
    Shipment,
    ShipmentAddress,
    ShipResult,
)
from instica_desktop.core.models.product import DigitalAsset, Presence, Product, ProductItem, Release

__all__ = [
    "ApiKey",
    "ApiUsage",
    "Artist",
    "Asset",
    "Connection",
    "DeviceToken",
    "DigitalAsset",
    "Health",
    "ImportJob",
    "InventoryItem",
    "Label",
    "ListedCopy",
    "Listing",
    "ListingEligibility",
    "Order",
    "OrderListing",
    "OrderStats",
    "OrderedItem",
    "Organization",
    "Platform",
    "Presence",
    "Product",
    "ProductItem",
    "ProductRef",
    "Record",
    "Release",
    "SalesPoint",
    "SalesSeries",
    "SalesSums",
    "ShipResult",
    "Shipment",
    "ShipmentAddress",
    "SignIn",
    "SocialAccount",
    "SupportTicket",
    "User",
]
