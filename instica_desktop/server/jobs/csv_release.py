"""What an imported row says about its release: what identifies it, and the form of the API it has to pass."""

from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.text import fold
from instica_desktop.server.models import Organization, Product
from instica_desktop.server.operations.derived import barcode_key, catalog_key
from instica_desktop.server.serializers.products import ProductForm
from instica_desktop.server.tables.cells import nothing
from instica_desktop.server.tables.fields import as_sent
from instica_desktop.server.web.errors import by_field

Marks = dict[str, str]
"""What identifies a release, each in the form in which it is compared; empty = not said."""

_FORM_NAMES = {"product_title": "title", "product_type": "type", "product_barcode": "barcode"}
_ROW_NAMES = {form: row for row, form in _FORM_NAMES.items()}
_NAMED = ("artist", "label")
_PLAIN = (
    "product_title",
    "product_type",
    "catalog_number",
    "product_barcode",
    "year",
    "format",
    "country",
    "genres",
    "discogs_release_id",
)
_FORM: Any = ProductForm()


class Release:
    """The release of one row, checked against the form once it is known that no product fits.

    `uid` is that of the product the row names, empty for none.
    """

    def __init__(self, organization: Organization, values: dict[str, Any]) -> None:
        self._organization = organization
        self._values = {name: values[name] for name in (*_PLAIN, *_NAMED) if name in values}
        self._draft: tuple[Product, dict[str, str]] | None = None
        self._errors: dict[str, list[str]] = {}  # no exception: its traceback would keep all it refers to
        self.uid: str = values.get("product", "")
        self.titled = "product_title" in values
        self.marks = _marks(values)

    def name_of(self, field: str) -> str | None:
        """Return the artist (`artist`) or the label (`label`) as the row has it."""
        return self._values.get(field)

    def check(self) -> None:
        """Check what the row says against the form of a new product; `draft` gives the outcome."""
        try:
            values = _FORM.run_validation(self._as_product())
        except ValidationError as error:
            fields = by_field(error.detail)
            self._errors = {_ROW_NAMES.get(name, name): messages for name, messages in fields.items()}
            return
        named = {name: values.pop(name)["name"] for name in _NAMED if name in values}
        self._draft = Product(organization=self._organization, **values), named

    def draft(self) -> tuple[Product, dict[str, str]]:
        """Return a new product and the names of its artist and label. Errors: `ValidationError`."""
        if self._draft is None and not self._errors:
            self.check()
        if self._draft is None:
            raise ValidationError(self._errors)
        return self._draft

    def _as_product(self) -> dict[str, Any]:
        named = {name: {"name": value} for name, value in self._values.items() if name in _NAMED}
        plain = {_FORM_NAMES.get(name, name): value for name, value in self._values.items()}
        return as_sent({**plain, **named})


def _known_number(number: str) -> str:
    """Return a catalogue number; many a label has `none`, which identifies nothing."""
    return "" if nothing(number) else number


def _marks(values: dict[str, Any]) -> Marks:
    return {
        "barcode": barcode_key(values.get("product_barcode", "")) or "",
        "catalog_number": catalog_key(_known_number(values.get("catalog_number", ""))) or "",
        "artist": fold(values.get("artist", "").strip()),
        "title": fold(values.get("product_title", "").strip()),
        "discogs": str(values.get("discogs_release_id", "")),
    }


def marks_of(product: Product) -> Marks:
    """Return what identifies a product."""
    return _marks(
        {
            "product_barcode": product.barcode,
            "catalog_number": product.catalog_number,
            "artist": product.artist.name if product.artist else "",
            "product_title": product.title,
            "discogs_release_id": product.discogs_release_id or "",
        }
    )
