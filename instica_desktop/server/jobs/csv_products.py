"""The product of an imported row: found by its uid, else by what identifies a release, else made.

A product fits when it contradicts nothing the row says of its release (`csv_marks`). Of several the one that
agrees in most wins; when two agree in as much, nobody guesses. What a product that fits does not know yet, it
learns from the row.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.names import name_key
from instica_desktop.server.jobs.csv_marks import Marks, agreement, contradictions, keys_of, marks_of
from instica_desktop.server.jobs.csv_offers import LONGEST_NUMBER
from instica_desktop.server.jobs.csv_release import NAMED, ROW_NAMES, Release
from instica_desktop.server.jobs.csv_results import Change, Errors
from instica_desktop.server.models import Artist, Label, Organization, Product, SourceKey
from instica_desktop.server.operations.stock_batch import StockBatch

OTHER_SHOP = "product"
"""The source of keys by which another shop's products are known here."""
_MOST_CANDIDATES = 100
_TELLING = {
    "discogs_release_id": "release id",
    "product_barcode": "barcode",
    "catalog_number": "catalogue number",
    "label": "label",
    "year": "year",
    "format": "format",
    "country": "country",
    "artist": "artist",
}
"""What tells products apart, the surest first, and what it is called."""
_BLANK: tuple[Any, ...] = (None, "", [])
OTHER_RELEASE = "The product of this item says otherwise. An import changes no product that is there."


def first_of_each(rows: Any, column: str, keys: Iterable[Any], most: int) -> list[int]:
    """Return primary keys of the rows with one of the keys, the first `most` of each."""
    place = Window(RowNumber(), partition_by=F(column), order_by="pk")
    wanted = sorted(set(keys) - {"", None})
    if not wanted:
        return []
    found = rows.filter(**{f"{column}__in": wanted}).annotate(place=place).filter(place__lte=most)
    return [row["pk"] for row in found.values("pk", "place")]


class _Names:
    """An organization's artists or labels by the form in which names are compared; a new one is not saved."""

    def __init__(self, model: Any, organization: Organization) -> None:
        self._model, self._organization = model, organization
        self._known: dict[str, Any] = {}

    def load(self, names: Iterable[str | None]) -> None:
        rows = self._model.objects.filter(organization=self._organization)
        keys = {name_key(name) for name in names if name}
        self._known = {row.spelled: row for row in rows.filter(spelled__in=keys)}

    def saved(self) -> list[int]:
        """Return the primary keys of those that were there already."""
        return [row.pk for row in self._known.values() if row.pk is not None]

    def get(self, name: str) -> Any:
        key = name_key(name)
        if key not in self._known:
            self._known[key] = self._model(organization=self._organization, **self._model.forms(name))
        return self._known[key]


@dataclass(eq=False)
class _Known:
    """A product met in this piece of work, with what identifies it."""

    product: Product
    marks: Marks


@dataclass
class _Piece:
    """What was met in one piece of work.

    `claimed` products are those of one product of another shop each; `taken` is what the last row meant,
    `compared` which copy's product it was compared with, and `against` what was not taken of it.
    """

    by_uid: dict[str, _Known] = field(default_factory=dict)
    by_key: dict[tuple[str, Any], list[_Known]] = field(default_factory=dict)
    foreign: dict[str, Product] = field(default_factory=dict)
    claimed: set[str] = field(default_factory=set)
    taken: tuple[Release, Product] | None = None
    compared: tuple[Release, Product] | None = None
    against: Errors = field(default_factory=dict)


class ProductFinder:
    """Finds and makes the products of rows, in pieces that are transactions.

    Products met in a piece are remembered to its end: nobody else can change them meanwhile.
    """

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._names: dict[str, _Names] = {
            "artist": _Names(Artist, organization),
            "label": _Names(Label, organization),
        }
        self._piece = _Piece()

    def begin(self, releases: list[Release]) -> None:
        """Begin a piece; look up at once all products that its rows may mean."""
        self._piece = _Piece()
        for name, known in self._names.items():
            known.load(one.name_of(name) for one in releases)
        mine = Product.objects.filter(organization=self._organization)
        uids = {one.uid for one in releases if one.uid}
        found = set[int](mine.filter(uid__in=uids).values_list("pk", flat=True) if uids else ())
        found.update(self._alike_in_stock(mine, releases))
        keys = SourceKey.objects.filter(organization=self._organization, source=OTHER_SHOP)
        called = dict(keys.filter(number__in=uids).values_list("number", "product")) if uids else {}
        found.update(called.values())
        by_pk: dict[int, Product] = {}
        for product in Product.objects.select_related("artist", "label").filter(pk__in=found).order_by("pk"):
            by_pk[product.pk] = self.known(product)
        self._piece.foreign = {uid: by_pk[key] for uid, key in called.items()}
        if uids:
            claimed = keys.filter(product__in=found).values_list("product", flat=True)
            self._piece.claimed = {by_pk[key].uid for key in claimed}

    def _alike_in_stock(self, mine: Any, releases: list[Release]) -> Iterator[int]:
        """Yield the keys of products that share something identifying with a row."""
        artists = Q(artist__in=self._names["artist"].saved()) | Q(artist=None)
        named = [one.keys["title_key"] for one in releases if one.marks["artist"]]
        yield from first_of_each(mine.filter(artists), "title_key", named, _MOST_CANDIDATES)
        nameless = [one.keys["title_key"] for one in releases if not one.marks["artist"]]
        yield from first_of_each(mine, "title_key", nameless, _MOST_CANDIDATES)
        for column in ("catalog_key", "barcode_key", "discogs_release_id"):
            yield from first_of_each(mine, column, (one.keys[column] for one in releases), _MOST_CANDIDATES)

    def remember(self, product: Product, release: Release | None = None) -> None:
        """Let the rows that follow find a product, by all that is known of it now: what a release says."""
        product.organization = self._organization
        known = self._piece.by_uid.setdefault(product.uid, _Known(product, {}))
        known.marks = release.marks_of_made(product) if release else marks_of(product)
        for key in (release.keys if release else keys_of(product)).items():
            if key[1]:
                alike = self._piece.by_key.setdefault(key, [])
                if known not in alike:
                    alike.append(known)

    def known(self, product: Product) -> Product:
        """Return the one object that stands for a saved product in this piece."""
        if product.uid not in self._piece.by_uid:
            self.remember(product)
        return self._piece.by_uid[product.uid].product

    def find(self, release: Release) -> Product | None:
        """Return the product a row means, None for one to be made. Errors: `ValidationError`."""
        if self._piece.taken is not None and self._piece.taken[0] is release:
            return self._piece.taken[1]
        if release.uid in self._piece.by_uid:
            return self._piece.by_uid[release.uid].product
        if release.uid in self._piece.foreign:
            return self._piece.foreign[release.uid]
        if release.uid and not release.titled:
            raise ValidationError({"product": ["There is no product with this uid."]})
        return self._fitting(release)

    def make(self, release: Release) -> Product:
        """Return a new product, not saved. Errors: `ValidationError` by the row's fields."""
        product, named = release.draft()
        for role, name in named.items():
            setattr(product, role, self._names[role].get(name))
        return product

    def take(self, product: Product, release: Release, batch: StockBatch) -> list[Change]:
        """Let a product stand for what a row says, which was checked; returns what it learned from the row.

        The rows that follow find it, and so does what the row calls it by.
        """
        if self._piece.taken == (release, product):
            return []
        changes = [] if product.uid not in self._piece.by_uid else self._filled(product, release)
        if changes and product.pk is not None:
            batch.change_product(product)
        if changes or product.uid not in self._piece.by_uid:
            self.remember(product, None if changes else release)
        foreign = release.uid not in ("", product.uid) and release.uid not in self._piece.foreign
        if foreign and len(release.uid) <= LONGEST_NUMBER:
            self._piece.foreign[release.uid] = product
            self._piece.claimed.add(product.uid)
            batch.key(SourceKey(source=OTHER_SHOP, number=release.uid, product=product))
        self._piece.taken = release, product
        return changes

    def compare(self, product: Product, release: Release, batch: StockBatch) -> tuple[list[Change], Errors]:
        """Let the product of an item that is there learn from a row, unless that means another release.

        Returns what it learned and, by field, why not. A product that is there is never changed otherwise.
        """
        if self._piece.compared == (release, product):
            return [], self._piece.against
        known = self._piece.by_uid.get(product.uid)
        told = contradictions(release.marks, known.marks if known else marks_of(product))
        against = {name: [OTHER_RELEASE] for name in told} or release.check()
        changes = [] if against else self._filled(product, release)
        if changes:
            batch.change_product(product)
            self.remember(product)
        self._piece.compared, self._piece.against = (release, product), against
        return changes, against

    def _filled(self, product: Product, release: Release) -> list[Change]:
        """Give a product what it does not know and a row says; returns that as changes."""
        changes: list[Change] = []
        for name, value in release.facts().items():
            before = getattr(product, name)
            if before in _BLANK and value not in _BLANK:
                setattr(product, name, self._names[name].get(value) if name in NAMED else value)
                changes.append((ROW_NAMES.get(name, name), before, value))
        return changes

    def _fitting(self, release: Release) -> Product | None:
        scored: dict[str, tuple[int, _Known]] = {}
        for known in self._alike(release):
            if not (release.uid and known.product.uid in self._piece.claimed):
                scored[known.product.uid] = agreement(release.marks, known.marks), known
        best = max((score for score, _ in scored.values()), default=0)
        found = [known for score, known in scored.values() if score == best and score]
        if len(found) > 1:
            raise ValidationError(_lacking(release.marks, [known.marks for known in found]))
        return found[0].product if found else None

    def _alike(self, release: Release) -> Iterator[_Known]:
        """Yield products that share something identifying with the row, some of them twice."""
        for key in release.keys.items():
            yield from self._piece.by_key.get(key, ())


def _lacking(wanted: Marks, found: list[Marks]) -> Errors:
    """Return what a row would have to say for one of several products that fit it."""
    apart = [
        called
        for name, called in _TELLING.items()
        if not wanted[name] and len({marks[name] for marks in found}) > 1
    ]
    lacking = " or ".join([*apart, "product's uid"])
    return {"product_title": [f"Several products fit this row. Add the {lacking}."]}
