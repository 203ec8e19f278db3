"""The API's forms of items and products, cut down to what one file has: rows are many, and alike."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

from instica_desktop.server.serializers.inventory import ItemForm
from instica_desktop.server.serializers.products import ProductForm


class _OfOneFile:
    """Looks up once which fields there are."""

    @cached_property
    def _writable_fields(self) -> list[Any]:
        fields: Any = self
        return [field for field in fields.fields.values() if not field.read_only]


class _ItemForm(_OfOneFile, ItemForm):
    """What may be said of an item."""


class _ProductForm(_OfOneFile, ProductForm):
    """What may be said of a product."""


def _without_others(form: Any, fields: Collection[str]) -> Any:
    for name in form.fields.keys() - set(fields):
        del form.fields[name]
    return form


def item_form(fields: Collection[str]) -> Any:
    """Return the form of an item as far as a file has these fields."""
    return _without_others(_ItemForm(), fields)


def product_form(fields: Collection[str]) -> Any:
    """Return the form of a product as far as a file has these fields; which of them a row fills is open."""
    return _without_others(_ProductForm(partial=True), fields)
