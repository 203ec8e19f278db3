"""What all acts on offers need: whether buyers see one, its account, putting up and ending it."""

from django.utils import timezone

from instica_desktop.server.domain.platforms import is_selling, platform_name
from instica_desktop.server.models import Connection, Listing, Organization
from instica_desktop.server.simulation.failures import BY_HAND, EXPIRED, NOT_CONNECTED, Failure, failure
from instica_desktop.server.simulation.marketplace import Accepted, SimulatedMarketplace


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


def put_up(listing: Listing, quantity: int) -> None:
    """Put a number of copies on offer. What the marketplace refuses is kept as `failed`, with the reason."""
    answer: Accepted | Failure = (
        account_of(listing).offer(listing, quantity) if is_selling(listing.platform) else Accepted("", "")
    )
    if isinstance(answer, Failure):
        not_up(listing, answer)
        return
    listing.external_id, listing.url = answer
    listing.listed_at, listing.quantity = timezone.now(), quantity
    note(listing, "listed")


def not_up(listing: Listing, refused: Failure) -> None:
    """Write down that an offer stands nowhere, and why."""
    listing.external_id = listing.url = ""
    listing.listed_at = None
    note(listing, "failed", refused)


def end(listing: Listing) -> Failure | None:
    """End an offer at its marketplace; returns why not."""
    if not is_selling(listing.platform):
        return failure(BY_HAND)
    if active_connection(listing.item.organization, listing.platform) is None:
        return failure(NOT_CONNECTED)
    return account_of(listing).end(listing)


def note_ended(listing: Listing, refused: Failure | None) -> None:
    """Write down that an offer has ended; one that could not be ended is live still: see `is_live`."""
    if refused is not None:
        listing.listed_at = listing.listed_at or timezone.now()
    note(listing, "failed" if refused else "inactive", refused)


def end_for_sold(listing: Listing) -> None:
    """End an offer whose item is sold; what cannot be ended from here stays visible, with the reason."""
    if is_live(listing):
        note_ended(listing, end(listing))
    else:
        note(listing, "inactive")


def count_live(organization: Organization) -> int:
    """Return how many offers of an organization are listed, as plans count them."""
    return Listing.objects.filter(item__organization=organization, status="listed").count()


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
