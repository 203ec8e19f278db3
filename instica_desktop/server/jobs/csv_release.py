"""What an imported row says about its release: what identifies it, and the form of the API it has to pass."""

from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.jobs.csv_marks import Marks, keys_of_row, marks_of_row
from instica_desktop.server.models import Organization, Product
from instica_desktop.server.tables.fields import as_sent
from instica_desktop.server.web.errors import by_field

Errors = dict[str, list[str]]

FORM_NAMES = {"product_title": "title", "product_type": "type", "product_barcode": "barcode"}
ROW_NAMES = {form: row for row, form in FORM_NAMES.items()}
"""Fields of a product that a row calls otherwise."""
NAMED = ("artist", "label")
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


class Release:
    """The release of one row. `uid` is that of the product the row names, empty for none."""

    def __init__(self, organization: Organization, form: Any, values: dict[str, Any]) -> None:
        self._form = form
        self._organization = organization
        self._said = {name: values[name] for name in (*_PLAIN, *NAMED) if name in values}
        self._checked: dict[str, Any] | None = None
        self._errors: Errors = {}  # no exception: its traceback would keep all it refers to
        self.uid: str = values.get("product", "").strip()
        self.titled = "product_title" in values
        self.marks = marks_of_row(values)
        self.keys = keys_of_row(values)

    def name_of(self, field: str) -> str | None:
        """Return the artist (`artist`) or the label (`label`) as the row has it."""
        return self._said.get(field)

    def check(self) -> Errors:
        """Check, once, what the row says against the form of a product; returns errors by its fields."""
        if self._checked is None:
            self._checked = {}
            try:
                self._checked = self._form.run_validation(self._as_product())
            except ValidationError as error:
                fields = by_field(error.detail)
                self._errors = {ROW_NAMES.get(name, name): messages for name, messages in fields.items()}
        return self._errors

    def facts(self) -> dict[str, Any]:
        """Return what the row says, by the product's own fields; artist and label by their names.

        Errors: `ValidationError`.
        """
        if self.check():
            raise ValidationError(self._errors)
        checked = self._checked or {}
        return {name: value["name"] if name in NAMED else value for name, value in checked.items()}

    def draft(self) -> tuple[Product, dict[str, str]]:
        """Return a new product and the names of its artist and label. Errors: `ValidationError`."""
        facts = self.facts()
        if not self.titled:
            raise ValidationError({"product_title": ["This field is required."]})
        named = {name: facts.pop(name) for name in NAMED if name in facts}
        return Product(organization=self._organization, **facts), named

    def marks_of_made(self, product: Product) -> Marks:
        """Return what identifies a product that was made of this; it has a type also where none is said."""
        numbers = {
            "year": str(product.year or ""),
            "discogs_release_id": str(product.discogs_release_id or ""),
        }
        return {**self.marks, "product_type": product.type, **numbers}

    def _as_product(self) -> dict[str, Any]:
        named = {name: {"name": value} for name, value in self._said.items() if name in NAMED}
        plain = {FORM_NAMES.get(name, name): value for name, value in self._said.items()}
        return as_sent({**plain, **named})
