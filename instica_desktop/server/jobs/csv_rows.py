"""What imported rows do to the shop, by the same rules as a request of the API.

Rows were read and checked before (`csv_reader`); here they meet the shop, in a transaction.
"""

from copy import copy
from typing import Any

from django.db.models.base import ModelState
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.statuses import GONE
from instica_desktop.server.domain.uids import new_uid
from instica_desktop.server.jobs.csv_changes import changes_of, differences
from instica_desktop.server.jobs.csv_items import (
    FILE,
    OTHER_SHOP,
    Found,
    ItemFinder,
    named_item,
    row_of_file,
)
from instica_desktop.server.jobs.csv_listings import ImportedListings, stays_up
from instica_desktop.server.jobs.csv_marks import contradictions, marks_of
from instica_desktop.server.jobs.csv_offers import LISTED, LONGEST_NUMBER
from instica_desktop.server.jobs.csv_own_offers import OwnOffers
from instica_desktop.server.jobs.csv_products import OTHER_RELEASE, ProductFinder
from instica_desktop.server.jobs.csv_reader import CREATE, UPDATE, CheckedRow, Wishes
from instica_desktop.server.jobs.csv_results import CHANGED, EXCLUDED, NEW, SAME, Change, Errors, Outcome
from instica_desktop.server.models import Item, Organization, Product, SourceKey
from instica_desktop.server.operations.entitlements import INVENTORY_ITEMS, allowance, stay_within
from instica_desktop.server.operations.items import change_item, complete_item
from instica_desktop.server.operations.plan_use import count_items
from instica_desktop.server.operations.stock_batch import StockBatch
from instica_desktop.server.storage.transactions import hold
from instica_desktop.server.web.errors import by_field

_TAKEN = "{} has this SKU. Give the new copy another one."
_KEPT = "{} here; an import that only creates leaves it so. Use the mode `upsert` to change it."
_GONE = "The copy is {} here; no file takes that back."
_LONGEST_SHOWN = 60


class RowImporter:
    """Applies checked rows to one organization, in pieces that are transactions.

    `file` tells their file from every other one, empty for not known.
    """

    def __init__(self, organization: Organization, wishes: Wishes, file: str = "") -> None:
        self._organization = organization
        self._mode, self._file = wishes.mode, file
        self._is_trial = wishes.is_trial
        self._products = ProductFinder(organization)
        self._items = ItemFinder(organization, wishes.match, self._products, file)
        self._listings = ImportedListings(organization)
        self._own_offers = OwnOffers(organization, is_trial=wishes.is_trial)
        self._batch = StockBatch(organization)
        self._limit: int | None = None
        self._used = 0

    def begin(self, rows: list[CheckedRow], unseen: tuple[int, int] = (0, 0)) -> None:
        """Begin a piece. `unseen` copies and offers were made by earlier pieces of a trial and undone."""
        self._batch = StockBatch(self._organization)
        self._products.begin([row.release for row in rows if row.release is not None])
        self._items.begin(rows)
        self._listings.begin(rows, unseen[1])
        self._own_offers.begin(rows, unseen[1])
        self._limit = allowance(self._organization, INVENTORY_ITEMS)
        if self._limit is not None:
            hold(self._organization)  # two at a time must not both take the last place
            self._used = count_items(self._organization) + unseen[0]

    def save(self) -> None:
        """Write what the rows of the piece did."""
        self._batch.save()

    def apply(self, row: CheckedRow) -> Outcome:
        """Do what a row says; returns what that was.

        Errors: `ValidationError` by field, `PaymentRequired` when the plan is full; the row then did nothing.
        """
        if row.left_out:
            return Outcome(EXCLUDED, errors=row.left_out)
        if row.refused:
            raise ValidationError(row.refused)
        found = self._items.find(row)
        return self._meet(found, row) if found.items else self._create(row)

    def _uid(self, item: Item) -> str | None:
        """Return by what an item can be asked for; what a trial makes is nothing to ask for."""
        return None if self._is_trial and item.pk is None else item.uid

    def _create(self, row: CheckedRow) -> Outcome:
        if self._mode == UPDATE:
            raise ValidationError({_key_of(row): ["There is no such item."]})
        self._check_room(row, row.quantity or 1)
        if row.offers:
            self._own_offers.check(row)
        if row.sku and (same := self._items.with_sku(row)):
            raise ValidationError({"manual_sku": [_TAKEN.format(named_item(same[0]))]})
        product, errors = self._product(row)
        if product is None or row.errors or errors:
            raise ValidationError({**errors, **row.errors})
        if not isinstance(row.draft, Item):
            raise ValidationError(row.draft)
        assert row.release is not None
        changes = self._products.take(
            product, row.release, self._batch
        )  # only now: a refused row makes nothing
        items = [row.draft, *_twins(row.draft, (row.quantity or 1) - 1)]
        self._add(row, items, product)
        if 0 < len(row.uid) <= LONGEST_NUMBER:
            self._call(items[0], OTHER_SHOP, row.uid)
        offers = self._listings.put(row.offer, items, self._batch) if row.offer else []
        brought, refused = self._own_offers.put(row, items, self._batch) if row.offers else (0, {})
        offered = len(offers) + brought
        return Outcome(NEW, self._uid(items[0]), changes, refused, len(items), offered)

    def _check_room(self, row: CheckedRow, copies: int) -> None:
        """Demand that the plan covers what a row brings. Errors: `PaymentRequired`."""
        if self._limit is not None and copies:
            stay_within(self._limit, INVENTORY_ITEMS, self._used + copies)
        self._listings.check(row.offer)

    def _product(self, row: CheckedRow) -> tuple[Product | None, Errors]:
        assert row.release is not None
        try:
            found = self._products.find(row.release)
            if found is not None and (errors := row.release.check()):
                return None, errors
            return found or self._products.make(row.release), {}
        except ValidationError as error:
            return None, by_field(error.detail)

    def _add(self, row: CheckedRow, items: list[Item], product: Product) -> None:
        """Add new copies of a row; those after the first have SKUs of their own."""
        skus = self._items.free_skus(row.sku)
        for item in items:
            if item is not row.draft:
                item.manual_sku = next(skus)
            complete_item(item, product, named="name" in row.checked)
            self._batch.add(item)
            self._used += item.status not in GONE
            self._items.remember(item)
            if row.offer is not None:
                self._call(item, row.offer.source, row.offer.number, row.quantity or 1)
            elif self._file and not row.uid and not row.sku:
                self._call(item, FILE, row_of_file(self._file, row), row.quantity or 1)

    def _call(self, item: Item, source: str, number: str, quantity: int = 1) -> None:
        """Find an item by what the file calls it from now on."""
        self._items.call(item, source, number)
        self._batch.key(SourceKey(source=source, number=number, quantity=quantity, item=item))

    def _meet(self, found: Found, row: CheckedRow) -> Outcome:
        """Bring copies that are there up to date, and make those that are missing."""
        missing, remarks = self._missing(found, row)
        if row.errors:
            raise ValidationError(row.errors)
        kept = self._kept(found, row) if self._mode == CREATE else {}
        if self._mode == CREATE and not missing:
            self._note_quantity(found, row)
            return Outcome(EXCLUDED if kept else SAME, self._uid(found.items[0]), errors={**kept, **remarks})
        if missing and not isinstance(row.draft, Item):
            raise ValidationError(row.draft)
        self._check_room(row, missing)
        changes, refused = ([], kept) if self._mode == CREATE else self._update(found, row)
        fresh = _twins(row.draft, missing) if isinstance(row.draft, Item) else []
        if fresh:
            self._add(row, fresh, found.items[0].product)
            changes.append(("quantity", len(found.unsold), len(found.unsold) + missing))
        if found.unsold:
            changes += self._offered(found, row, changes, fresh)
        result = CHANGED if changes else SAME
        return Outcome(result, self._uid(found.items[0]), changes, {**remarks, **refused}, missing)

    def _kept(self, found: Found, row: CheckedRow) -> Errors:
        """Return what a row says otherwise of copies that are left as they are.

        Errors: `ValidationError` for the SKU of another record.
        """
        assert row.release is not None
        first = found.items[0]
        said, known = row.release.marks, marks_of(first.product)
        if found.by == "sku" and contradictions(said, known, sloppy=True):
            raise ValidationError({"manual_sku": [_TAKEN.format(named_item(first))]})
        kept = {name: [OTHER_RELEASE] for name in contradictions(said, known)}
        for item in found.unsold or found.items:
            for name, before, _ in differences(item, self._wanted(found, row, item)):
                gone = name == "status" and item.status in GONE
                kept.setdefault(name, [(_GONE if gone else _KEPT).format(_short(before))])
        return kept

    def _missing(self, found: Found, row: CheckedRow) -> tuple[int, Errors]:
        """Return how many copies of a row are to be made, and what is to be said of those that are not."""
        missing = found.missing(row)
        if missing < 0 or (missing and self._mode == UPDATE):
            told, here = row.quantity, len(found.unsold)
            if told == here:
                return 0, {}
            return 0, {
                "quantity": [f"The file tells of {told} copies and {here} are here; that is left as it is."]
            }
        return missing, {}

    def _offered(
        self, found: Found, row: CheckedRow, changes: list[Change], fresh: list[Item]
    ) -> list[Change]:
        """Let all copies of a row share its offer and be found by its number; returns what changed of it."""
        if row.offer is None:
            return []
        if found.by != "listing_id":
            for item in found.items:
                self._call(item, row.offer.source, row.offer.number, row.quantity or 1)
        self._note_quantity(found, row)
        repriced = any(name == "price_item_usd" for name, _, _ in changes)
        return self._listings.put(row.offer, [*found.unsold, *fresh], self._batch, repriced=repriced)

    def _note_quantity(self, found: Found, row: CheckedRow) -> None:
        """Note how many copies the offer by which a row was found has now."""
        if row.offer and found.by == "listing_id" and row.quantity not in (None, found.named):
            self._batch.tell(row.offer.source, row.offer.number, row.quantity)

    def _update(self, found: Found, row: CheckedRow) -> tuple[list[Change], Errors]:
        """Give copies that are there what a row says. Returns what changed, and what was not taken.

        Errors: `ValidationError`; nothing has changed then.
        """
        if row.offer is not None and row.offer.status == LISTED and not found.unsold:
            raise ValidationError({"status": ["This offer is up there, but its copies are sold here."]})
        undo: list[tuple[Item, dict[str, Any]]] = []
        try:
            for item in found.unsold or found.items:
                wanted = self._wanted(found, row, item)
                changes = {name: value for name, value in wanted.items() if getattr(item, name) != value}
                if changes:
                    undo.append((item, dict(vars(item))))
                    change_item(item, changes)
        except ValidationError:
            for item, before in undo:
                vars(item).update(before)
            raise
        for item, before in undo:
            self._batch.change(item)
            self._items.renamed(item, before["manual_sku"])
        changed = changes_of(undo[0][1], undo[0][0]) if undo else []
        assert row.release is not None
        learned, refused = self._products.compare(found.items[0].product, row.release, self._batch)
        return changed + learned, refused

    def _wanted(self, found: Found, row: CheckedRow, item: Item) -> dict[str, Any]:
        """Return what a row says of one of the copies it means."""
        wanted = {**row.cleared, **row.checked}
        if item is not found.items[0] or (
            (row.quantity or 1) > 1 and item.manual_sku.startswith(f"{row.sku}-")
        ):
            wanted.pop("manual_sku", None)  # it has a number of its own
        if row.offer is not None and item.status == "listed" and stays_up(item, row.offer):
            wanted.pop("status", None)
        return wanted


def _short(value: Any) -> str:
    """Return a value as a message can show it."""
    text = "Nothing" if value in (None, "", []) else str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _twins(item: Item, number: int) -> list[Item]:
    """Return copies of an item that is not saved, each to be saved as an item of its own."""
    twins = [copy(item) for _ in range(number)]
    for twin in twins:
        twin._state, twin.uid = ModelState(), new_uid()
    return twins


def _key_of(row: CheckedRow) -> str:
    """Return the field by which a row names a copy."""
    if row.uid:
        return "uid"
    return "listing_id" if row.offer is not None and not row.sku else "manual_sku"
