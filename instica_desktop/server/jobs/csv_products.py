"""The product of an imported row: found by its uid, else by what identifies a release, else made.

A product fits when it contradicts none of what the row says about barcode, catalogue number, artist, title
and Discogs release: another catalogue number is another pressing. Of several the one that agrees in most
wins; when two agree in as much, nobody guesses.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.text import fold
from instica_desktop.server.jobs.csv_release import Marks, Release, marks_of
from instica_desktop.server.models import Artist, Label, Organization, Product

_MOST_CANDIDATES = 100
_KEYS = {"title": "title_key", "catalog_number": "catalog_key", "barcode": "barcode_key"}
"""Marks by which products are looked for, and the columns that hold them."""


def first_of_each(rows: Any, column: str, keys: Iterable[str], most: int) -> list[int]:
    """Return primary keys of the rows with one of the keys, the first `most` of each."""
    place = Window(RowNumber(), partition_by=F(column), order_by="pk")
    wanted = sorted(set(keys) - {""})
    if not wanted:
        return []
    found = rows.filter(**{f"{column}__in": wanted}).annotate(place=place).filter(place__lte=most)
    return [row["pk"] for row in found.values("pk", "place")]


class _Names:
    """An organization's artists or labels by folded name; one that is not known is made, but not saved."""

    def __init__(self, model: Any, organization: Organization) -> None:
        self._model, self._organization = model, organization
        self._known: dict[str, Any] = {}

    def load(self, names: Iterable[str | None]) -> None:
        rows = self._model.objects.filter(organization=self._organization)
        folded = {fold(name) for name in names if name}
        self._known = {row.folded: row for row in rows.filter(folded__in=folded)}

    def get(self, name: str) -> Any:
        folded = fold(name)
        if folded not in self._known:
            self._known[folded] = self._model(organization=self._organization, folded=folded, name=name)
        return self._known[folded]


@dataclass
class _Known:
    """A product met in this piece of work, with what identifies it."""

    product: Product
    marks: Marks


@dataclass
class _Piece:
    """What was met in one piece of work."""

    by_uid: dict[str, Product] = field(default_factory=dict)
    by_mark: dict[tuple[str, str], list[_Known]] = field(default_factory=dict)


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
        mine = Product.objects.filter(organization=self._organization)
        found: set[int] = set()
        for mark, column in _KEYS.items():
            found.update(first_of_each(mine, column, (one.marks[mark] for one in releases), _MOST_CANDIDATES))
        uids = {one.uid for one in releases if one.uid}
        found.update(mine.filter(uid__in=uids).values_list("pk", flat=True) if uids else ())
        for product in Product.objects.select_related("artist", "label").filter(pk__in=found).order_by("pk"):
            self.remember(product)
        for name, known in self._names.items():
            known.load(one.name_of(name) for one in releases)

    def remember(self, product: Product) -> None:
        """Let the rows that follow find a product."""
        if product.uid in self._piece.by_uid:
            return
        product.organization = self._organization
        known = _Known(product, marks_of(product))
        self._piece.by_uid[product.uid] = product
        for mark in _KEYS:
            if known.marks[mark]:
                self._piece.by_mark.setdefault((mark, known.marks[mark]), []).append(known)

    def known(self, product: Product) -> Product:
        """Return the one object that stands for a saved product in this piece."""
        self.remember(product)
        return self._piece.by_uid[product.uid]

    def find(self, release: Release) -> Product | None:
        """Return the product a row means, None for one to be made. Errors: `ValidationError`."""
        if release.uid:
            found = self._piece.by_uid.get(release.uid)
            if found is not None:
                return found
            if not release.titled:
                raise ValidationError({"product": ["There is no product with this uid."]})
        return self._fitting(release.marks)

    def make(self, release: Release) -> Product:
        """Return a new product, not saved. Errors: `ValidationError` by the row's fields."""
        product, named = release.draft()
        for role, name in named.items():
            setattr(product, role, self._names[role].get(name))
        return product

    def _fitting(self, wanted: Marks) -> Product | None:
        scored: dict[int, tuple[int, Product]] = {}
        for known in self._alike(wanted):
            scored[id(known.product)] = _agreement(wanted, known.marks), known.product
        best = max((score for score, _ in scored.values()), default=0)
        found = [product for score, product in scored.values() if score == best and score]
        if len(found) > 1:
            message = "Several products fit this row. Add their catalogue number, barcode or uid."
            raise ValidationError({"product_title": [message]})
        return found[0] if found else None

    def _alike(self, wanted: Marks) -> Iterator[_Known]:
        """Yield products that share a mark with the row, some of them twice."""
        for mark in _KEYS:
            yield from self._piece.by_mark.get((mark, wanted[mark]), ())


def _agreement(wanted: Marks, found: Marks) -> int:
    """Return in how many marks two agree; 0 when they contradict each other or agree in the artist only."""
    both = [name for name in wanted if wanted[name] and found[name]]
    if any(wanted[name] != found[name] for name in both):
        return 0
    return len(both) if set(both) - {"artist"} else 0
