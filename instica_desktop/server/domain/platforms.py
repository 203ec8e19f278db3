"""The marketplaces. Source: api contract, Marketplace & import (`GET platforms/`)."""

from typing import NamedTuple


class Platform(NamedTuple):
    """A marketplace; `selling` = we may list and take orders there by its own interface."""

    uid: str
    name: str
    slug: str
    url: str
    selling: bool


PLATFORMS: tuple[Platform, ...] = (
    Platform("platform-ebay", "eBay", "ebay", "https://www.ebay.com", True),
    Platform("platform-discogs", "Discogs", "discogs", "https://www.discogs.com", True),
    Platform("platform-etsy", "Etsy", "etsy", "https://www.etsy.com", True),
    Platform("platform-shopify", "Shopify", "shopify", "https://www.shopify.com", True),
    Platform("platform-redbubble", "Redbubble", "redbubble", "https://www.redbubble.com", False),
    Platform("platform-teepublic", "TeePublic", "teepublic", "https://www.teepublic.com", False),
    Platform("platform-society6", "Society6", "society6", "https://society6.com", False),
)
SELLING = tuple(platform.slug for platform in PLATFORMS if platform.selling)
"""Slugs of the marketplaces with an interface of their own: connections, list and delist, order sync."""
_NAMES = {platform.slug: platform.name for platform in PLATFORMS}


def platform_name(slug: str) -> str:
    """Return a platform's name, or the slug itself for one we do not know."""
    return _NAMES.get(slug, slug)


def is_platform(slug: str) -> bool:
    """Tell whether a slug names a platform of ours."""
    return slug in _NAMES


def is_selling(slug: str) -> bool:
    """Tell whether offers on a platform are made through its own interface rather than by hand."""
    return slug in SELLING
