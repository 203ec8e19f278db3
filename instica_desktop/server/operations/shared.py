"""Offers that several copies share."""

from collections.abc import Iterable

from instica_desktop.server.models import Item, Listing


def share(listing: Listing, items: Iterable[Item]) -> None:
    """Let further copies share an offer."""
