"""The offers imported rows tell of: they stand on their marketplace already, so nothing is sent there."""

from collections import defaultdict

from django.utils import timezone

from instica_desktop.server.jobs.csv_offers import ENDED, LISTED, Offer
from instica_desktop.server.jobs.csv_reader import CheckedRow
from instica_desktop.server.jobs.csv_results import Change
from instica_desktop.server.models import Item, Listing, Organization
from instica_desktop.server.operations.entitlements import LISTINGS, allowance, stay_within
from instica_desktop.server.operations.listings import default_title
from instica_desktop.server.operations.plan_use import count_listings
from instica_desktop.server.operations.shared import offers_of
from instica_desktop.server.operations.stock_batch import StockBatch
from instica_desktop.server.storage.transactions import hold

Place = tuple[str, str]
"""A marketplace and the number of an offer there."""


class ImportedListings:
    """Makes the listings of rows and brings them up to date, in pieces that are transactions."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._known: dict[Place, Listing] = {}
        self._limit: int | None = None
        self._used = 0

    def begin(self, rows: list[CheckedRow], unseen: int) -> None:
        """Begin a piece. `unseen` offers were made by earlier pieces of a trial and undone."""
        self._known.clear()
        numbers: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.offer is not None and row.offer.status:
                numbers[row.offer.source].add(row.offer.number)
        mine = Listing.objects.filter(item__organization=self._organization).exclude(status="sold")
        for source, wanted in numbers.items():
            for listing in mine.filter(platform=source, external_id__in=wanted).order_by("pk"):
                self._known[source, listing.external_id] = listing
        self._limit = allowance(self._organization, LISTINGS) if numbers else None
        if self._limit is not None:
            hold(self._organization)
            self._used = count_listings(self._organization) + unseen

    def check(self, offer: Offer | None) -> None:
        """Demand that the plan covers what an offer brings. Errors: `PaymentRequired`."""
        if self._limit is not None and offer is not None and self._comes_up(offer):
            stay_within(self._limit, LISTINGS, self._used + 1)

    def _comes_up(self, offer: Offer) -> bool:
        known = self._known.get((offer.source, offer.number))
        return offer.status == LISTED and (known is None or known.status != LISTED)

    def put(
        self, offer: Offer, items: list[Item], batch: StockBatch, *, repriced: bool = False
    ) -> list[Change]:
        """Let all copies of a row share its offer, which says what the file says; returns what changed."""
        self._used += self._comes_up(offer)
        known = self._known.get((offer.source, offer.number))
        if known is None and offer.status not in ("", ENDED):
            listing = self._known[offer.source, offer.number] = _listing(offer, items[0])
            batch.offer(listing, items)
            return [("listings", None, _shown(listing))]
        if known is None:
            return []
        batch.offer(known, [item for item in items if item.pk is None])
        before = _shown(known)
        moved = offer.status and offer.status != known.status
        if moved:
            known.status, known.error_code, known.error_message = offer.status, "", ""
            known.listed_at = known.listed_at or items[0].listed_at or timezone.now()
        if repriced:
            known.price_cents = items[0].price_item_cents
        if moved or repriced:
            batch.change_offer(known)
        return [("listings", before, _shown(known))] if moved else []


def _shown(listing: Listing) -> str:
    """Return a listing as it stands among a row's changes."""
    return f"{listing.platform} {listing.external_id} {listing.status}"


def _listing(offer: Offer, item: Item) -> Listing:
    """Return the listing of an offer; its price is what the marketplace asks for the item itself."""
    return Listing(
        platform=offer.source,
        status=offer.status,
        title=default_title(item),
        price_cents=item.price_item_cents,
        external_id=offer.number,
        url=offer.url,
        listed_at=(item.listed_at or timezone.now()) if offer.status == LISTED else None,
    )


def stays_up(item: Item, offer: Offer) -> bool:
    """Tell whether an item stays on sale elsewhere though a row says that this offer is not up."""
    if offer.status == LISTED:
        return False
    here = (offer.source, offer.number)
    return any(
        listing.status == LISTED and (listing.platform, listing.external_id) != here
        for listing in offers_of(item)
    )
