"""What imported rows do, by the same forms and rules as a request of the API.

A row is read and checked by itself (`RowReader`), which needs nothing of the shop; then it meets the shop
(`RowImporter`), in a transaction. An empty cell says nothing: it clears no field of an item that is there.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.statuses import GONE
from instica_desktop.server.domain.text import sort_key
from instica_desktop.server.jobs.csv_products import ProductFinder, first_of_each
from instica_desktop.server.jobs.csv_release import Release
from instica_desktop.server.models import Item, Organization, Product
from instica_desktop.server.operations.entitlements import INVENTORY_ITEMS, allowance, stay_within
from instica_desktop.server.operations.items import change_item, complete_item, draft_item
from instica_desktop.server.operations.plan_use import count_items
from instica_desktop.server.operations.stock_batch import StockBatch
from instica_desktop.server.serializers.inventory import ItemForm
from instica_desktop.server.storage.transactions import hold
from instica_desktop.server.tables.columns import Columns
from instica_desktop.server.tables.fields import ITEM_FIELDS, PRODUCT_FIELDS, as_sent
from instica_desktop.server.web.errors import NON_FIELD, by_field

CREATE, UPDATE, UPSERT = "create", "update", "upsert"
CREATED, UPDATED, SKIPPED = "created_count", "updated_count", "skipped_count"

_DISCOGS_NUMBER = re.compile(r" \(\d+\)$")
"""How Discogs tells artists of one name apart; nobody has it on a sleeve."""
_MOST_OF_SKU = 2
"""Items of one SKU that are read: more than one is one too many."""


Errors = dict[str, list[str]]


@dataclass(frozen=True)
class CheckedRow:
    """A row and what the forms say of it. `number` counts from 1 as a spreadsheet counts.

    `refused` says which cells cannot be read. Otherwise `checked` are the item's values, or `errors` says why
    not; `draft` is a new item of them, or why they make none. Errors are {field: [messages]}.
    """

    number: int
    refused: Errors = field(default_factory=dict)
    uid: str = ""
    sku: str = ""
    checked: dict[str, Any] = field(default_factory=dict)
    errors: Errors = field(default_factory=dict)
    draft: Item | Errors = field(default_factory=dict)
    release: Release | None = None


class RowReader:
    """Reads and checks rows of one table, each by itself."""

    def __init__(self, organization: Organization, mode: str, columns: Columns, *, discogs: bool) -> None:
        self._organization = organization
        self._columns = columns
        self._discogs = discogs
        self._makes = mode != UPDATE
        self._form: Any = ItemForm()
        self._release = Release(organization, {}), ""

    def check(self, number: int, cells: list[str]) -> CheckedRow:
        """Return a row checked."""
        values, unreadable = self._columns.read(cells)
        if unreadable:
            messages = {name or NON_FIELD: [message] for name, message in unreadable}
            return CheckedRow(number, refused=messages)
        if self._discogs and "artist" in values:
            values["artist"] = _DISCOGS_NUMBER.sub("", values["artist"].strip())
        checked, errors = self._of_item(values)
        uid, sku = values.get("uid", "").strip(), values.get("manual_sku", "").strip()
        draft = self._draft(checked) if self._makes and not errors else {}
        return CheckedRow(number, {}, uid, sku, checked, errors, draft, self._release_of(values))

    def _of_item(self, values: dict[str, Any]) -> tuple[dict[str, Any], Errors]:
        item = as_sent({name: value for name, value in values.items() if name in ITEM_FIELDS})
        try:
            return self._form.run_validation(item), {}
        except ValidationError as error:
            return {}, by_field(error.detail)

    def _draft(self, checked: dict[str, Any]) -> Item | Errors:
        try:
            return draft_item(self._organization, checked)
        except ValidationError as error:
            return by_field(error.detail)

    def _release_of(self, values: dict[str, Any]) -> Release:
        """Return what a row says of its release; the same object while rows in a row say the same."""
        said = repr([values.get(name) for name in ("product", *PRODUCT_FIELDS)])
        if said != self._release[1]:
            release = Release(self._organization, values)
            if self._makes:
                release.check()
            self._release = release, said
        return self._release[0]


class RowImporter:
    """Applies checked rows to one organization, in pieces that are transactions."""

    def __init__(self, organization: Organization, mode: str) -> None:
        self._organization = organization
        self._mode = mode
        self._products = ProductFinder(organization)
        self._batch = StockBatch()
        self._by_uid: dict[str, Item] = {}
        self._by_sku: dict[str, list[Item]] = {}
        self._limit: int | None = None
        self._used = 0

    def begin(self, rows: list[CheckedRow], unseen: int = 0) -> None:
        """Begin a piece. `unseen` items were made by earlier pieces of a trial and undone."""
        self._batch = StockBatch()
        self._products.begin([row.release for row in rows if row.release is not None])
        self._load_items(rows)
        self._limit = allowance(self._organization, INVENTORY_ITEMS)
        if self._limit is not None:
            hold(self._organization)  # two at a time must not both take the last place
            self._used = count_items(self._organization) + unseen

    def save(self) -> None:
        """Write what the rows of the piece did."""
        self._batch.save()

    def apply(self, row: CheckedRow) -> str:
        """Do what a row says; returns which count it belongs to.

        Errors: `ValidationError` by field, `PaymentRequired` when the plan is full; the row then did nothing.
        """
        if row.refused:
            raise ValidationError(row.refused)
        item = self._found(row)
        if item is None:
            return self._create(row)
        return SKIPPED if self._mode == CREATE else self._update(item, row)

    def _load_items(self, rows: list[CheckedRow]) -> None:
        self._by_uid.clear()
        self._by_sku.clear()
        mine = Item.objects.filter(organization=self._organization)
        uids = {row.uid for row in rows if row.uid}
        keys = set(mine.filter(uid__in=uids).values_list("pk", flat=True)) if uids else set()
        if self._mode != CREATE:
            skus = [sort_key(row.sku) or "" for row in rows]
            keys.update(first_of_each(mine, "sku_key", skus, _MOST_OF_SKU))
        related = ("product__artist", "product__label")
        for item in Item.objects.select_related(*related).filter(pk__in=keys).order_by("pk"):
            self._remember(item)

    def _remember(self, item: Item) -> None:
        item.organization = self._organization
        item.product = self._products.known(item.product)
        self._by_uid[item.uid] = item
        if item.manual_sku:
            self._by_sku.setdefault(item.manual_sku, []).append(item)

    def _found(self, row: CheckedRow) -> Item | None:
        """Return the item a row means: by uid, else by SKU where items may be changed."""
        if row.uid in self._by_uid:
            return self._by_uid[row.uid]
        if self._mode == CREATE or not row.sku:
            return None
        same = self._by_sku.get(row.sku, [])
        if len(same) > 1:
            raise ValidationError({"manual_sku": ["Several items have this SKU. Give the uid."]})
        return same[0] if same else None

    def _create(self, row: CheckedRow) -> str:
        if self._mode == UPDATE:
            raise ValidationError({"uid" if row.uid else "manual_sku": ["There is no such item."]})
        if self._limit is not None:
            stay_within(self._limit, INVENTORY_ITEMS, self._used + 1)
        product, errors = self._product(row)
        if product is None or row.errors or errors:
            raise ValidationError({**row.errors, **errors})
        if not isinstance(row.draft, Item):
            raise ValidationError(row.draft)
        self._products.remember(product)  # only now: a refused row takes back what it made
        complete_item(row.draft, product, named="name" in row.checked)
        self._batch.add(row.draft)
        self._used += row.draft.status not in GONE
        if self._mode != CREATE:
            self._remember(row.draft)
        return CREATED

    def _product(self, row: CheckedRow) -> tuple[Product | None, Errors]:
        assert row.release is not None
        try:
            return self._products.find(row.release) or self._products.make(row.release), {}
        except ValidationError as error:
            return None, by_field(error.detail)

    def _update(self, item: Item, row: CheckedRow) -> str:
        if row.errors:
            raise ValidationError(row.errors)
        changes = {name: value for name, value in row.checked.items() if getattr(item, name) != value}
        if not changes:
            return SKIPPED
        before: dict[str, Any] = dict(vars(item))
        try:
            change_item(item, changes)
        except ValidationError:
            vars(item).update(before)
            raise
        self._batch.change(item)
        if item.manual_sku != before["manual_sku"]:
            self._by_sku.setdefault(item.manual_sku, []).append(item)
            self._by_sku.get(before["manual_sku"], [item]).remove(item)
        return UPDATED
