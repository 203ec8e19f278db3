"""Imported rows, each read and checked by itself, by the same forms as a request of the API.

Nothing here asks the shop, so that several workers can do it side by side. An empty cell says nothing, unless
the import is to clear what is empty.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.names import bare_name
from instica_desktop.server.jobs.csv_forms import item_form, product_form
from instica_desktop.server.jobs.csv_offers import SET_BY_OFFERS, LeftOut, Offer, Offers
from instica_desktop.server.jobs.csv_release import FORM_NAMES, NAMED, Release
from instica_desktop.server.jobs.csv_results import Errors
from instica_desktop.server.models import Item, Organization
from instica_desktop.server.operations.items import draft_item
from instica_desktop.server.serializers.fields import ChoiceField, TextField
from instica_desktop.server.serializers.offers import offers_of_cell
from instica_desktop.server.tables.columns import Columns
from instica_desktop.server.tables.fields import ITEM_FIELDS, PRODUCT_FIELDS, as_sent
from instica_desktop.server.web.errors import NON_FIELD, by_field

CREATE, UPDATE, UPSERT = "create", "update", "upsert"
MOST_COPIES = 1_000
"""Copies one row may stand for; more is a slip of the pen."""
_TOO_MANY = f"Ensure this value is less than or equal to {MOST_COPIES}."

_LONGEST_SKU = 100
_NAMES = ("uid", "product", "listing_id", "handle")
_NOT_TEXT = "Null characters are not allowed."
_NEVER_CLEARED = frozenset({"status"})


@dataclass(frozen=True)
class Wishes:
    """How an import is to be done. `match` says what finds a copy again beside the uid, the surest first."""

    mode: str
    match: tuple[str, ...]
    clears: bool = False
    makes_copies: bool = True
    is_trial: bool = False

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Wishes":
        """Return what a job was asked for."""
        mode = payload["mode"]
        match = tuple(payload.get("match") or ("listing_id", "sku"))
        clears, copies = payload.get("empty") == "clear", payload.get("quantity") != "refuse"
        return cls(mode, match, clears, copies, bool(payload["dry_run"]))


@dataclass(slots=True)  # a frozen one takes longer to make, and there is one for each row
class CheckedRow:
    """A row and what the forms say of it. `number` counts from 1 as a spreadsheet counts.

    `left_out` says why it is no stock, `refused` which cells cannot be read. Otherwise `checked` are the
    item's values, or `errors` says why not; `cleared` are those of cells left empty on purpose; `draft` is a
    new item of them, or why they make none. `offer` is the one the row tells of, `offers` are those of an
    export. `quantity` is None where the file has none. Errors are {field: [messages]}.
    """

    number: int
    left_out: Errors = field(default_factory=dict)
    refused: Errors = field(default_factory=dict)
    uid: str = ""
    sku: str = ""
    checked: dict[str, Any] = field(default_factory=dict)
    cleared: dict[str, Any] = field(default_factory=dict)
    errors: Errors = field(default_factory=dict)
    draft: Item | Errors = field(default_factory=dict)
    release: Release | None = None
    offer: Offer | None = None
    offers: list[dict[str, Any]] = field(default_factory=list)
    quantity: int | None = None


class RowReader:
    """Reads and checks rows of one table, each by itself."""

    def __init__(self, organization: Organization, wishes: Wishes, columns: Columns, offers: Offers) -> None:
        self._organization = organization
        self._wishes = wishes
        self._columns = columns
        self._offers = offers
        self._makes = wishes.mode != UPDATE
        fields = {*columns.fields(), *SET_BY_OFFERS}
        self._form = item_form(fields)
        self._release_form = product_form({FORM_NAMES.get(name, name) for name in fields})
        self._release = Release(organization, self._release_form, {}), ""
        self._clear = _empty_values(self._form) if wishes.clears else {}

    def check(self, number: int, cells: list[str]) -> CheckedRow:
        """Return a row checked."""
        values, unreadable = self._columns.read(cells)
        try:
            offer = self._offers.read(cells, values)
            quantity = self._quantity(values)
            offers = offers_of_cell(values["listings"]) if "listings" in values else []
        except LeftOut as reason:
            return CheckedRow(number, left_out={reason.field or NON_FIELD: [reason.message]})
        except ValidationError as error:
            return CheckedRow(number, refused=by_field(error.detail))
        unreadable += [(name, _NOT_TEXT) for name in _NAMES if "\x00" in values.get(name, "")]
        if unreadable:
            return CheckedRow(number, refused=self._refused(values, unreadable))
        if self._offers.source == "discogs":
            values.update({name: bare_name(values[name].strip()) for name in NAMED if name in values})
        checked, errors = self._of_item(values)
        draft = self._draft(checked) if self._makes and not errors else {}
        return CheckedRow(
            number,
            uid=values.get("uid", "").strip(),
            sku=values.get("manual_sku", "").strip(),
            checked=checked,
            cleared={} if errors else self._cleared(values),
            errors=errors,
            draft=draft,
            release=self._release_of(values),
            offer=offer,
            offers=offers,
            quantity=quantity,
        )

    def _refused(self, values: dict[str, Any], unreadable: list[tuple[str, str]]) -> Errors:
        """Return all that is wrong with a row of which some cells cannot be read."""
        release = self._release_of(values).check() if self._makes else {}
        messages = {name or NON_FIELD: [message] for name, message in unreadable}
        return {**release, **self._of_item(values)[1], **messages}

    def _quantity(self, values: dict[str, Any]) -> int | None:
        """Return of how many copies a row tells, None when it does not.

        Errors: `LeftOut` for none, `ValidationError` for what is no number, too many, or more than one where
        the import is to refuse that.
        """
        text = str(values.get("quantity", "")).strip()
        if not text:
            return None
        if not re.fullmatch(r"[+-]?\d{1,9}", text, re.ASCII):
            raise ValidationError({"quantity": ["A valid integer is required."]})
        count = int(text)
        if count < 1:
            raise LeftOut("quantity", "No copy of this is in stock.")
        if count > 1 and not self._wishes.makes_copies:
            raise ValidationError({"quantity": [f"This row stands for {count} copies."]})
        if count > MOST_COPIES:
            raise ValidationError({"quantity": [_TOO_MANY]})
        if len(values.get("manual_sku", "").strip()) + len(f"-{count}") > _LONGEST_SKU and count > 1:
            raise ValidationError({"manual_sku": ["This is too long to number the copies of this row."]})
        return count

    def _of_item(self, values: dict[str, Any]) -> tuple[dict[str, Any], Errors]:
        item = as_sent({name: value for name, value in values.items() if name in ITEM_FIELDS})
        try:
            return self._form.run_validation(item), {}
        except ValidationError as error:
            return {}, by_field(error.detail)

    def _cleared(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the empty values of the fields that have a column, but no value in this row."""
        empty = (name for name in self._columns.fields() if name in self._clear and name not in values)
        return dict(self._clear[name] for name in empty)

    def _draft(self, checked: dict[str, Any]) -> Item | Errors:
        try:
            return draft_item(self._organization, checked)
        except ValidationError as error:
            return by_field(error.detail)

    def _release_of(self, values: dict[str, Any]) -> Release:
        """Return what a row says of its release; the same object while rows in a row say the same."""
        said = repr([values.get(name) for name in ("product", *PRODUCT_FIELDS)])
        if said != self._release[1]:
            release = Release(self._organization, self._release_form, values)
            if self._makes:
                release.check()
            self._release = release, said
        return self._release[0]


def _empty_values(form: Any) -> dict[str, tuple[str, Any]]:
    """Return, by field, where an item keeps it and what it keeps there when it is cleared."""
    fields = {name: field for name, field in form.fields.items() if name not in _NEVER_CLEARED}
    return {
        name: (
            field.source,
            [] if name == "tags" else "" if isinstance(field, (TextField, ChoiceField)) else None,
        )
        for name, field in fields.items()
    }
