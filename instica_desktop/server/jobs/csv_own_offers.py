"""The offers an export of a shop tells of: another shop gets them with the copies they are of.

They stand on their marketplaces already, so nothing is sent there. In the shop they come from, and for copies
that are there, they stay as they are.
"""

from typing import Any

from instica_desktop.server.jobs.csv_offers import LISTED
from instica_desktop.server.jobs.csv_reader import CheckedRow
from instica_desktop.server.jobs.csv_results import Errors
from instica_desktop.server.models import Item, Listing, Organization, Product, SourceKey
from instica_desktop.server.operations.entitlements import LISTINGS, allowance, stay_within
from instica_desktop.server.operations.plan_use import count_listings
from instica_desktop.server.operations.stock_batch import StockBatch
from instica_desktop.server.storage.transactions import hold

OFFER = "offer"
"""The source of keys by which the items are known that first had another shop's offers."""
_HERE = "The offer {} {} is here already; the new copy is not in it."


class OwnOffers:
    """Makes the listings of an export's rows, in pieces that are transactions.

    A trial remembers what it has counted: its pieces are undone, and copies in several share an offer.
    """

    def __init__(self, organization: Organization, *, is_trial: bool) -> None:
        self._organization, self._is_trial = organization, is_trial
        self._brought: dict[str, tuple[Listing, Product]] = {}
        self._uids: set[str] = set()
        self._numbers: set[tuple[str, str]] = set()
        self._counted: set[str] = set()
        self._limit: int | None = None
        self._used = 0

    def begin(self, rows: list[CheckedRow], unseen: int) -> None:
        """Begin a piece; look up at once all offers its rows tell of. `unseen` ones a trial has undone."""
        told = {offer["uid"]: offer for row in rows for offer in row.offers}
        self._brought, self._uids, self._numbers = {}, set(), set()
        if not told:
            return
        mine = Listing.objects.filter(item__organization=self._organization).select_related("item__product")
        self._uids.update(mine.filter(uid__in=told).values_list("uid", flat=True))
        named = {offer.get("external_id") for offer in told.values()} - {None, ""}
        open_ones = mine.filter(external_id__in=named).exclude(status="sold")
        self._numbers.update(open_ones.values_list("platform", "external_id"))
        keys = SourceKey.objects.filter(organization=self._organization, source=OFFER, number__in=told)
        first = dict(keys.values_list("number", "item"))
        by_item: dict[int, list[Listing]] = {}
        for listing in mine.filter(item__in=first.values()).order_by("pk"):
            by_item.setdefault(listing.item.pk, []).append(listing)
        for uid, item in first.items():
            self._know(uid, told[uid], by_item.get(item, []))
        self._limit = allowance(self._organization, LISTINGS)
        if self._limit is not None:
            hold(self._organization)
            self._used = count_listings(self._organization) + unseen

    def _know(self, uid: str, told: dict[str, Any], listings: list[Listing]) -> None:
        wanted = _as_brought(_listing(told))
        for listing in listings:
            if _as_brought(listing) == wanted:
                self._brought[uid] = listing, listing.item.product

    def check(self, row: CheckedRow) -> None:
        """Demand that the plan covers the offers a row brings. Errors: `PaymentRequired`."""
        fresh = [offer for offer in row.offers if offer["status"] == LISTED and self._is_new(offer)]
        if self._limit is not None and fresh:
            stay_within(self._limit, LISTINGS, self._used + len(fresh))

    def _is_new(self, offer: dict[str, Any]) -> bool:
        known = offer["uid"] in self._counted or offer["uid"] in self._brought
        return not known and not self._is_here(offer)

    def _is_here(self, offer: dict[str, Any]) -> bool:
        place = offer["platform"], offer.get("external_id", "")
        return offer["uid"] in self._uids or (offer["status"] != "sold" and place in self._numbers)

    def put(self, row: CheckedRow, items: list[Item], batch: StockBatch) -> tuple[int, Errors]:
        """Give new copies the offers of their row; returns how many were made, and what was not taken."""
        item, made, refused = items[0], 0, list[str]()
        for offer in row.offers:
            listing, product = self._brought.get(offer["uid"], (None, item.product))
            if not _same(product, item.product) or (listing is None and self._is_here(offer)):
                refused.append(_HERE.format(offer["platform"], offer.get("external_id") or offer["status"]))
                continue
            if listing is None:
                is_new = self._is_new(offer)
                listing = self._made(offer, item, batch)
                made += is_new
                self._used += is_new and listing.status == LISTED
            batch.offer(listing, items)
        return made, {"listings": refused} if refused else {}

    def _made(self, offer: dict[str, Any], item: Item, batch: StockBatch) -> Listing:
        listing = _listing(offer)
        self._brought[offer["uid"]] = listing, item.product
        if self._is_trial:
            self._counted.add(offer["uid"])
        batch.key(SourceKey(source=OFFER, number=offer["uid"], quantity=1, item=item))
        return listing


def _listing(offer: dict[str, Any]) -> Listing:
    return Listing(**{name: value for name, value in offer.items() if name != "uid"})


def _as_brought(listing: Listing) -> tuple[Any, ...]:
    """Return what tells an offer of an item from its others."""
    numbered = bool(listing.external_id)
    told = (listing.title, listing.price_cents, listing.url, listing.listed_at, listing.error_message)
    return listing.platform, listing.external_id, listing.status, told * (not numbered)


def _same(one: Product, other: Product) -> bool:
    return one is other or (one.pk is not None and one.pk == other.pk)
