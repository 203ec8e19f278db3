"""What all acts on offers need: whether buyers see one, its account, and writing down how it stands."""

from django.utils import timezone

from instica_desktop.server.domain.platforms import platform_name
from instica_desktop.server.models import Connection, Listing, Organization
from instica_desktop.server.simulation.failures import EXPIRED, Failure
from instica_desktop.server.simulation.marketplace import SimulatedMarketplace


def is_live(listing: Listing) -> bool:
    """Tell whether buyers can see an offer, as far as we know."""
    return listing.status == "listed" or (listing.status == "failed" and listing.listed_at is not None)


def active_connection(organization: Organization, platform: str) -> Connection | None:
    """Return the organization's working connection to a marketplace."""
    return Connection.objects.filter(organization=organization, platform=platform, status="connected").first()


def not_connected(organization: Organization, platform: str) -> str:
    """Return what to do about a connection that is missing or does not work."""
    name = platform_name(platform)
    if Connection.objects.filter(organization=organization, platform=platform).exists():
        return f"The connection to {name} does not work. Synchronize it, or connect the account again."
    return f"Connect the shop to {name} first."


def account_of(listing: Listing) -> SimulatedMarketplace:
    """Return the account an offer stands on."""
    return SimulatedMarketplace(listing.item.organization, listing.platform)


def note(listing: Listing, status: str, refused: Failure | None = None) -> None:
    """Write down how an offer stands, and what its marketplace refused."""
    listing.status = status
    listing.error_code, listing.error_message = refused or ("", "")
    listing.updated = timezone.now()
    listing.save()
    if refused is not None:
        _expire(listing, refused)


def _expire(listing: Listing, refused: Failure) -> None:
    """Mark the connection itself when the marketplace no longer accepts it."""
    if refused.code == EXPIRED:
        Connection.objects.filter(organization=listing.item.organization, platform=listing.platform).update(
            status="expired", error_code=refused.code, error_message=refused.message
        )


def error_of(listing: Listing) -> Failure | None:
    """Return what its marketplace refused last, None when it refused nothing."""
    return Failure(listing.error_code, listing.error_message) if listing.error_code else None
