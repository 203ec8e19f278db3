"""The product of an imported row: found by its uid, else by what identifies a release, else made.

A product fits when it contradicts none of what the row says about barcode, catalogue number, artist, title
and Discogs release: another catalogue number is another pressing. Of several the one that agrees in most
wins; when two agree in as much, nobody guesses.
"""

from collections.abc import Iterator
from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.text import compact, fold, sort_key
from instica_desktop.server.models import Organization, Product
from instica_desktop.server.operations.products import create_product
from instica_desktop.server.search import matching
from instica_desktop.server.serializers.products import ProductForm
from instica_desktop.server.tables.cells import nothing
from instica_desktop.server.tables.columns import as_sent
from instica_desktop.server.web.errors import by_field

_MOST_CANDIDATES = 100
_FORM_NAMES = {"product_title": "title", "product_type": "type", "product_barcode": "barcode"}
_ROW_NAMES = {form: row for row, form in _FORM_NAMES.items()}
_NAMED = ("artist", "label")

Values = dict[str, Any]


def product_of(organization: Organization, values: Values) -> Product:
    """Return the product of a row. Errors: `ValidationError` by the row's fields."""
    products = Product.objects.select_related("artist", "label", "organization")
    mine = products.filter(organization=organization)
    if "product" in values:
        found = mine.filter(uid=values["product"]).first()
        if found is not None:
            return found
        if "product_title" not in values:
            raise ValidationError({"product": ["There is no product with this uid."]})
    return _fitting(mine, values) or _made(organization, values)


def _fitting(mine: Any, values: Values) -> Product | None:
    wanted = _marks(values)
    scored: dict[int, tuple[int, Product]] = {}
    for product in _candidates(mine, values):
        score = _agreement(wanted, _marks_of(product))
        if score:
            scored[product.pk] = score, product
    best = max((score for score, _ in scored.values()), default=0)
    found = [product for score, product in scored.values() if score == best]
    if len(found) > 1:
        message = "Several products fit this row. Add their catalogue number, barcode or uid."
        raise ValidationError({"product_title": [message]})
    return found[0] if found else None


def _candidates(mine: Any, values: Values) -> Iterator[Product]:
    """Yield products that share a mark with the row, some of them twice."""
    if title := values.get("product_title"):
        yield from mine.filter(title_key=sort_key(title.strip()))[:_MOST_CANDIDATES]
    for code in _codes(values):
        yield from matching(mine, code)[:_MOST_CANDIDATES]


def _codes(values: Values) -> Iterator[str]:
    if catalogue := _catalogue(values):
        yield catalogue
    if barcode := compact(values.get("product_barcode", "")):
        yield from {barcode, barcode.lstrip("0"), f"0{barcode}"} - {""}


def _catalogue(values: Values) -> str:
    """Return the catalogue number as compared; many a label has `none`, which identifies nothing."""
    number = values.get("catalog_number", "")
    return "" if nothing(number) else compact(number)


def _marks(values: Values) -> dict[str, str]:
    """Return what identifies a release, each in the form in which it is compared; empty = not said."""
    return {
        "barcode": compact(values.get("product_barcode", "")).lstrip("0"),
        "catalog_number": _catalogue(values),
        "artist": fold(values.get("artist", "").strip()),
        "title": fold(values.get("product_title", "").strip()),
        "discogs": str(values.get("discogs_release_id", "")),
    }


def _marks_of(product: Product) -> dict[str, str]:
    return _marks(
        {
            "product_barcode": product.barcode,
            "catalog_number": product.catalog_number,
            "artist": product.artist.name if product.artist else "",
            "product_title": product.title,
            "discogs_release_id": product.discogs_release_id or "",
        }
    )


def _agreement(wanted: dict[str, str], found: dict[str, str]) -> int:
    """Return in how many marks two agree; 0 when they contradict each other or agree in the artist only."""
    both = [name for name in wanted if wanted[name] and found[name]]
    if any(wanted[name] != found[name] for name in both):
        return 0
    return len(both) if set(both) - {"artist"} else 0


def _made(organization: Organization, values: Values) -> Product:
    data: Values = {}
    for name, value in values.items():
        if name == "genres" or name in _PLAIN:
            data[_FORM_NAMES.get(name, name)] = value
        elif name in _NAMED:
            data[name] = {"name": value}
    form = ProductForm(data=as_sent(data))
    if not form.is_valid():
        errors = by_field(form.errors)
        raise ValidationError({_ROW_NAMES.get(field, field): texts for field, texts in errors.items()})
    checked: Any = form.validated_data
    return create_product(organization, checked)


_PLAIN = {
    "product_title",
    "product_type",
    "catalog_number",
    "product_barcode",
    "year",
    "format",
    "country",
    "discogs_release_id",
}
