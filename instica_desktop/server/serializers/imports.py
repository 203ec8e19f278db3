"""What an import of a CSV file may be asked for. Source: api contract, Inventory, CSV, and Import."""

import json
import re
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from instica_desktop.server.serializers.fields import ChoiceField, TextField
from instica_desktop.server.tables.amounts import CODES
from instica_desktop.server.tables.dates import ORDERS, spelled
from instica_desktop.server.tables.fields import FIELDS

IMPORT_MODES = [("create", "Create"), ("update", "Update"), ("upsert", "Create or update")]
MATCH_KEYS = ("sku", "listing_id", "barcode", "release")
_EMPTY = [("keep", "Keep what is there"), ("clear", "Clear it")]
_QUANTITY = [("copies", "So many copies"), ("refuse", "Refuse the row")]
_DATE_ORDERS = [(order, spelled(order)) for order in ORDERS]
_RATE = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_MOST_DECISIONS = 500_000
"""Characters of what is decided row by row."""
_LARGEST_ROW = 10**9


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise serializers.ValidationError("This is not valid JSON.") from None


def _importable(fields: Any) -> None:
    unknown = [name for name in fields if name not in FIELDS]
    if unknown:
        raise serializers.ValidationError(f"{', '.join(unknown)[:200]} cannot be imported.")


def _is_row(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST_ROW


class ImportForm(serializers.Serializer):
    """A CSV file on its way in (multipart), and what holds for it.

    `mapping` is a JSON object {field: name of the column}; without it the columns are guessed by their names
    and values. `match` is a list of `sku`, `listing_id`, `barcode` and `release`, as JSON or with commas.
    `date_order`, `currency` and `rate` say what the file does not: the order of its dates, the currency of
    amounts that name none, the price of one unit of the other currency in dollars. `exclude` is a JSON list
    of rows to leave out, `fixes` a JSON object {row: {field: value}} of cells to read differently; rows count
    as in a spreadsheet.
    """

    file = serializers.FileField(allow_empty_file=True)
    mapping = TextField(50_000, required=False)
    mode = ChoiceField(IMPORT_MODES, required=False, default="create")
    dry_run = serializers.BooleanField(required=False, default=False)
    match = TextField(200, required=False)
    empty = ChoiceField(_EMPTY, required=False, default="keep")
    date_order = ChoiceField(_DATE_ORDERS, required=False, allow_blank=True)
    currency = TextField(3, required=False)
    rate = TextField(20, required=False)
    quantity = ChoiceField(_QUANTITY, required=False, default="copies")
    exclude = TextField(_MOST_DECISIONS, required=False)
    fixes = TextField(_MOST_DECISIONS, required=False)

    def validate_mapping(self, value: str) -> dict[str, str]:
        """Return the mapping. Errors: for what is no such object, and for fields an item does not have."""
        mapping = _parsed(value) if value else {}
        if not isinstance(mapping, dict) or not all(isinstance(name, str) for name in mapping.values()):
            raise serializers.ValidationError("Give an object of fields and the names of their columns.")
        _importable(mapping)
        return mapping

    def validate_match(self, value: str) -> list[str]:
        """Return by what an item is found again. Errors: for what is no such list."""
        keys = (
            _parsed(value)
            if value.startswith("[")
            else [key.strip() for key in value.split(",") if key.strip()]
        )
        if not isinstance(keys, list) or not all(key in MATCH_KEYS for key in keys):
            raise serializers.ValidationError(f"Give a list of {', '.join(MATCH_KEYS)}.")
        return list(dict.fromkeys(keys))

    def validate_currency(self, value: str) -> str:
        """Return the code of the currency. Errors: for one that is not known."""
        if value and value.upper() not in CODES:
            raise serializers.ValidationError("Give the code of a currency, such as USD or EUR.")
        return value.upper()

    def validate_rate(self, value: str) -> str:
        """Return the rate. Errors: for what is no amount above zero."""
        if value and not (_RATE.fullmatch(value) and Decimal(value)):
            raise serializers.ValidationError(
                "Give what one unit of the currency costs in dollars, such as 1.08."
            )
        return value

    def validate_exclude(self, value: str) -> list[int]:
        """Return the rows to leave out. Errors: for what is no list of rows."""
        rows = _parsed(value) if value else []
        if not isinstance(rows, list) or not all(map(_is_row, rows)):
            raise serializers.ValidationError("Give a list of rows.")
        return sorted(set(rows))

    def validate_fixes(self, value: str) -> dict[str, dict[str, str]]:
        """Return what cells shall say. Errors: for what is no such object, and for unknown fields."""
        fixes = _parsed(value) if value else {}
        if not isinstance(fixes, dict) or not all(isinstance(cells, dict) for cells in fixes.values()):
            raise serializers.ValidationError("Give an object of rows, each with fields and their values.")
        if not all(re.fullmatch(r"[1-9]\d{0,8}", row, re.ASCII) for row in fixes):
            raise serializers.ValidationError("A row is named by its number.")
        for cells in fixes.values():
            _importable(cells)
            if not all(isinstance(cell, str) for cell in cells.values()):
                raise serializers.ValidationError("A value is text, as it would stand in the file.")
        return fixes
