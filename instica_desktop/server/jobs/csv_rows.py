"""What one imported row does, by the same forms and operations as a request of the API.

An empty cell says nothing: it clears no field of an item that is there.
"""

import re
from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.text import sort_key
from instica_desktop.server.jobs.csv_products import product_of
from instica_desktop.server.models import Item, Organization, Product
from instica_desktop.server.operations.entitlements import INVENTORY_ITEMS, allowance, claim
from instica_desktop.server.operations.items import create_item, update_item
from instica_desktop.server.serializers.inventory import ItemForm
from instica_desktop.server.tables.columns import ITEM_FIELDS, PRODUCT_FIELDS, Columns, as_sent
from instica_desktop.server.web.errors import by_field

CREATE, UPDATE, UPSERT = "create", "update", "upsert"
CREATED, UPDATED, SKIPPED = "created_count", "updated_count", "skipped_count"

_DISCOGS_NUMBER = re.compile(r" \(\d+\)$")
"""How Discogs tells artists of one name apart; nobody has it on a sleeve."""


class RowImporter:
    """Applies rows to one organization, in pieces that are transactions."""

    def __init__(self, organization: Organization, mode: str, columns: Columns, *, discogs: bool) -> None:
        self._organization = organization
        self._mode = mode
        self._columns = columns
        self._discogs = discogs
        self._unseen = 0
        self._limited = True
        self._products: dict[str, Product] = {}

    def begin(self, unseen: int = 0) -> None:
        """Begin a piece. `unseen` items were made by earlier pieces of a trial and undone.

        Products met in a piece are remembered to its end: nobody else can change them meanwhile.
        """
        self._unseen = unseen
        self._limited = allowance(self._organization, INVENTORY_ITEMS) is not None
        self._products.clear()

    def apply(self, row: list[str]) -> str:
        """Do what a row says; returns which count it belongs to.

        Errors: `ValidationError` by field, `PaymentRequired` when the plan is full.
        """
        values = self._values(row)
        item = self._found(values)
        if item is None:
            return self._create(values)
        return SKIPPED if self._mode == CREATE else self._update(item, values)

    def _values(self, row: list[str]) -> dict[str, Any]:
        values, errors = self._columns.read(row)
        if errors:
            raise ValidationError({field or "non_field_errors": [message] for field, message in errors})
        if self._discogs and "artist" in values:
            values["artist"] = _DISCOGS_NUMBER.sub("", values["artist"].strip())
        return values

    def _found(self, values: Mapping[str, Any]) -> Item | None:
        """Return the item a row means: by uid, else by SKU where items may be changed."""
        related = ("product__artist", "product__label", "organization")
        mine = Item.objects.select_related(*related).filter(organization=self._organization)
        if "uid" in values:
            found = mine.filter(uid=values["uid"].strip()).first()
            if found is not None:
                return found
        if self._mode == CREATE or "manual_sku" not in values:
            return None
        sku = values["manual_sku"].strip()
        same = mine.filter(sku_key=sort_key(sku), manual_sku=sku)[:2]
        if len(same) > 1:
            raise ValidationError({"manual_sku": ["Several items have this SKU. Give the uid."]})
        return same[0] if same else None

    def _create(self, values: dict[str, Any]) -> str:
        if self._mode == UPDATE:
            raise ValidationError({_key(values): ["There is no such item."]})
        if self._limited:
            used = Item.objects.filter(organization=self._organization).count
            claim(self._organization, INVENTORY_ITEMS, used, 1 + self._unseen)
        form = ItemForm(data=_of_item(values))
        errors = {} if form.is_valid() else by_field(form.errors)
        try:
            product = self._product(values)
        except ValidationError as error:
            errors |= by_field(error.detail)
        if errors:
            raise ValidationError(errors)
        checked: Any = form.validated_data
        create_item(self._organization, {**checked, "product": product})
        self._products[_release(values)] = product  # only now: a refused row takes back what it made
        return CREATED

    def _product(self, values: dict[str, Any]) -> Product:
        known = self._products.get(_release(values))
        return known or product_of(self._organization, values)

    def _update(self, item: Item, values: dict[str, Any]) -> str:
        form = ItemForm(data=_of_item(values), partial=True)
        form.is_valid(raise_exception=True)
        checked: Any = form.validated_data
        changes = {name: value for name, value in checked.items() if getattr(item, name) != value}
        if not changes:
            return SKIPPED
        update_item(item, changes)
        return UPDATED


def _key(values: Mapping[str, Any]) -> str:
    return "uid" if "uid" in values else "manual_sku"


def _release(values: Mapping[str, Any]) -> str:
    """Return what a row says about its product, in a form that can be compared."""
    return repr([values.get(name) for name in ("product", *PRODUCT_FIELDS)])


def _of_item(values: Mapping[str, Any]) -> dict[str, Any]:
    return as_sent({name: value for name, value in values.items() if name in ITEM_FIELDS})
