"""The copies an imported row means: found by uid, by their number on a marketplace, or as the import asks.

An offer of several copies, and a row that tells how many there are, mean all of them.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, repeat
from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.statuses import GONE, UNSOLD
from instica_desktop.server.domain.text import sort_key
from instica_desktop.server.jobs.csv_products import ProductFinder, first_of_each
from instica_desktop.server.jobs.csv_reader import CheckedRow
from instica_desktop.server.models import Item, Listing, ListingCopy, Organization, Product, SourceKey
from instica_desktop.server.operations.derived import barcode_key, item_title
from instica_desktop.server.search import matching

OTHER_SHOP = "item"
"""The source of keys by which another shop's items are known here."""
FILE = "file"
"""The source of keys by which the copies of rows are known that name none: the file and the row."""
_MOST_OF_SKU = 4
"""Items of one SKU that are read: more than one is one too many, and is named."""
_MOST_NAMED = 3
_MOST_ALIKE = 50
"""Items of one barcode or release that are read."""

_BARCODES = (0, 12, 13, 14)
"""Lengths a barcode is filled to with zeros, or none."""

Key = tuple[str, str]
"""What kind of key it is (`uid`, `sku`, `barcode`, `release`, or the source of a number) and what it says."""

_Way = Callable[[CheckedRow], list[Item]]


@dataclass
class Found:
    """The copies a row means, and by what; `named` is how many of them the file told of last time."""

    items: list[Item] = field(default_factory=list)
    by: str = ""
    named: int | None = None

    @property
    def unsold(self) -> list[Item]:
        """Those that are not sold."""
        return [item for item in self.items if item.status not in GONE]

    def missing(self, row: CheckedRow) -> int:
        """Return how many copies a row tells of beyond those that are here; below 0, how many fewer.

        The same file again tells nothing new, also when copies were sold meanwhile.
        """
        if row.quantity is None or self.by == "uid" or row.quantity == self.named:
            return 0
        if self.by == "sku":
            return row.quantity - len(self.items)
        return row.quantity - max(len(self.unsold), self.named or 0)  # those sold since count as well


class ItemFinder:
    """Finds the copies of rows, in pieces that are transactions.

    `file` is what rows without a number are looked for by, empty where they are new each time.
    """

    def __init__(
        self, organization: Organization, match: tuple[str, ...], products: ProductFinder, file: str = ""
    ) -> None:
        self._organization, self._file = organization, file
        self._match = match
        self._products = products
        self._by: dict[Key, list[Item]] = {}
        self._named: dict[Key, int] = {}
        self._claimed: set[str] = set()
        ways = {
            "listing_id": self._of_offer,
            "sku": self._of_sku,
            "barcode": self._of_barcode,
            "release": self._of_release,
        }
        self._ways: list[tuple[str, _Way]] = [(name, ways[name]) for name in match]

    def begin(self, rows: list[CheckedRow]) -> None:
        """Begin a piece; look up at once all copies its rows may mean. The products have begun before."""
        self._by, self._named = {}, {}
        called = dict(self._called(rows))
        mine = Item.objects.filter(organization=self._organization)
        uids = {row.uid for row in rows if row.uid}
        keys = set(mine.filter(uid__in=uids).values_list("pk", flat=True)) if uids else set[int]()
        keys.update(*called.values())
        keys.update(first_of_each(mine, "sku_key", map(sort_key, _skus(rows)), _MOST_OF_SKU))
        keys.update(self._alike(mine, rows))
        by_pk: dict[int, Item] = {}
        for item in (
            Item.objects.select_related("product__artist", "product__label")
            .filter(pk__in=keys)
            .order_by("pk")
        ):
            by_pk[item.pk] = item
            self.remember(item)
        foreign = SourceKey.objects.filter(source=OTHER_SHOP, item__in=by_pk if uids else ())
        self._claimed = {by_pk[pk].uid for pk in foreign.values_list("item", flat=True)}
        for key, items in called.items():
            self._by[key] = [by_pk[pk] for pk in sorted(items) if pk in by_pk]

    def _called(self, rows: list[CheckedRow]) -> Iterator[tuple[Key, set[int]]]:
        """Yield the numbers of the rows' offers, and other shops' uids, with the items that have them."""
        numbers: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.offer is not None and "listing_id" in self._match:
                numbers[row.offer.source].add(row.offer.number)
            if row.uid:
                numbers[OTHER_SHOP].add(row.uid)
            elif self._file and not row.sku and row.offer is None:
                numbers[FILE].add(row_of_file(self._file, row))
        for source, wanted in numbers.items():
            found: dict[str, set[int]] = defaultdict(set)
            keys = SourceKey.objects.filter(organization=self._organization, source=source, number__in=wanted)
            for number, item, quantity in keys.values_list("number", "item", "quantity"):
                found[number].add(item)
                self._named[source, number] = quantity
            offers = Listing.objects.filter(item__organization=self._organization, platform=source)
            named = offers.filter(external_id__in=wanted)
            copies = ListingCopy.objects.filter(listing__in=named, is_out=False)
            for number, item in (
                *named.values_list("external_id", "item"),
                *copies.values_list("listing__external_id", "item"),
            ):
                found[number].add(item)
            yield from (((source, number), items) for number, items in found.items())

    def _alike(self, mine: Any, rows: list[CheckedRow]) -> Iterator[int]:
        """Yield the keys of items by whose barcode or release rows may be matched."""
        products = Product.objects.filter(organization=self._organization)
        wanted: list[int] = []
        if "barcode" in self._match:
            codes = {_barcode(row) for row in rows} - {""}
            wanted += first_of_each(products, "barcode_key", codes, _MOST_ALIKE)
            for written in {code.zfill(length) for code in codes for length in _BARCODES}:
                yield from matching(mine.exclude(barcode=""), written).values_list("pk", flat=True)[
                    :_MOST_ALIKE
                ]
        if "release" in self._match:
            numbers = (row.release.keys["discogs_release_id"] for row in rows if row.release)
            wanted += first_of_each(products, "discogs_release_id", numbers, _MOST_ALIKE)
        yield from first_of_each(mine.filter(status__in=UNSOLD), "product", wanted, _MOST_ALIKE)

    def remember(self, item: Item) -> None:
        """Let the rows that follow find an item."""
        item.organization = self._organization
        item.product = self._products.known(item.product)
        keys = {("uid", item.uid), ("sku", item.manual_sku)}
        if "barcode" in self._match:
            keys |= {("barcode", barcode_key(code) or "") for code in (item.barcode, item.product.barcode)}
        if "release" in self._match:
            keys.add(("release", str(item.product.discogs_release_id or "")))
        for key in keys:
            if key[1]:
                self._by.setdefault(key, []).append(item)

    def renamed(self, item: Item, before: str) -> None:
        """Let the rows that follow find an item by the SKU it has now."""
        if item.manual_sku != before:
            self._by.get(("sku", before), [item]).remove(item)
            self._by.setdefault(("sku", item.manual_sku), []).append(item)

    def call(self, item: Item, source: str, number: str) -> None:
        """Let the rows that follow find an item by what their file calls it."""
        self._by.setdefault((source, number), []).append(item)
        if source == OTHER_SHOP:
            self._claimed.add(item.uid)

    def find(self, row: CheckedRow) -> Found:
        """Return the copies a row means; none for one that is to be made. Errors: `ValidationError`."""
        own = self._by.get(("uid", row.uid)) or self._by.get((OTHER_SHOP, row.uid))
        if own:
            return Found(list(own), "uid")
        for name, way in self._ways:
            if found := way(row):
                named = self._named.get(_number(row)) if name == "listing_id" else None
                return Found(list(found), name, named)
        again = (FILE, row_of_file(self._file, row))
        return Found(list(self._by.get(again, ())), FILE, self._named.get(again))

    def _of_offer(self, row: CheckedRow) -> list[Item]:
        return self._by.get(_number(row), []) if row.offer else []

    def _of_sku(self, row: CheckedRow) -> list[Item]:
        same = self.with_sku(row)
        if len(same) > 1:
            raise ValidationError({"manual_sku": [_doubles(same)]})
        if not same or row.quantity is None:
            return same
        others = (
            self._by.get(("sku", numbered(row.sku, number)), []) for number in range(2, row.quantity + 1)
        )
        found = same + [item for items in others for item in items if item.product is same[0].product]
        return found if len(found) >= row.quantity else self._all_of_sku(row.sku, same[0])

    def _all_of_sku(self, sku: str, first: Item) -> list[Item]:
        """Return all copies numbered after one: some numbers may have been another's when they were made."""
        known = {item.uid for items in self._by.values() for item in items}
        if first.product.pk is not None:
            alike = Item.objects.select_related("product__artist", "product__label")
            for item in alike.filter(organization=self._organization, product=first.product).order_by("pk"):
                if item.uid not in known:
                    self.remember(item)
        pattern = re.compile(rf"{re.escape(sku)}-\d+", re.ASCII)
        names = [name for kind, name in self._by if kind == "sku" and pattern.fullmatch(name)]
        further = (item for name in names for item in self._by["sku", name])
        return [first, *(item for item in further if item.product is first.product)]

    def with_sku(self, row: CheckedRow) -> list[Item]:
        """Return the items that have a row's SKU, but for those that another uid than the row's means."""
        same = self._by.get(("sku", row.sku), [])
        return [item for item in same if not row.uid or item.uid not in self._claimed]

    def _of_barcode(self, row: CheckedRow) -> list[Item]:
        return self._only(row, ("barcode", _barcode(row)), "barcode")

    def _of_release(self, row: CheckedRow) -> list[Item]:
        number = row.release.marks["discogs_release_id"] if row.release else ""
        return self._only(row, ("release", str(number)), "discogs_release_id")

    def _only(self, row: CheckedRow, key: Key, field: str) -> list[Item]:
        """Return the unsold items of a key in the row's grades; where they are to be one, nobody guesses.

        Errors: `ValidationError`.
        """
        grades = [name for name in ("condition_item", "condition_container") if row.checked.get(name)]
        found = [
            item
            for item in self._by.get(key, ())
            if item.status in UNSOLD and all(getattr(item, name) == row.checked[name] for name in grades)
        ]
        if len(found) > 1 and row.quantity is None:
            raise ValidationError({field: ["Several items fit this row. Give the SKU or the uid."]})
        return found

    def free_skus(self, sku: str) -> Iterator[str]:
        """Yield SKUs for further copies of a row: `A-1-2`, `A-1-3` … as far as no item here has them."""
        if not sku:
            yield from repeat("")
        for number in count(2):
            name = numbered(sku, number)
            if not self._by.get(("sku", name)):
                yield name


def named_item(item: Item) -> str:
    """Return what an item is called where a message has to tell it from others."""
    return f"{item_title(item, item.product)} (uid {item.uid})"


def _doubles(items: list[Item]) -> str:
    names = ", ".join(map(named_item, items[:_MOST_NAMED])) + (" and more" if items[_MOST_NAMED:] else "")
    return f"Several copies have this SKU: {names}. Give each a SKU of its own, or this row the uid of one."


def numbered(sku: str, number: int) -> str:
    """Return the SKU of one of several copies."""
    return sku if number == 1 else f"{sku}-{number}"


def row_of_file(file: str, row: CheckedRow) -> str:
    """Return by what a row is known that names no copy."""
    return f"{file}:{row.number}"


def _number(row: CheckedRow) -> Key:
    return (row.offer.source, row.offer.number) if row.offer else ("", "")


def _barcode(row: CheckedRow) -> str:
    """Return the barcode a row gives its item, or its release, in the form in which barcodes are compared."""
    own = barcode_key(row.checked.get("barcode", ""))
    return own or (row.release.keys["barcode_key"] if row.release else None) or ""


def _skus(rows: list[CheckedRow]) -> Iterator[str]:
    """Yield the SKUs the copies of rows have."""
    for row in rows:
        for number in range(1, (row.quantity or 1) + 1 if row.sku else 1):
            yield numbered(row.sku, number)
