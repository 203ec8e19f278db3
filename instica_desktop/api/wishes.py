"""What an import of a file may be asked for beside its mapping. Source: api-reference, Import (assumed)."""

import json
from collections.abc import Mapping
from decimal import Decimal

import msgspec


class ImportWishes(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be read and what its rows may do; what is not said is left to the server.

    `match` names what finds a copy again (sku, listing_id, barcode, release); `empty` is keep or clear,
    `date_order` mdy, dmy or ymd, `quantity` copies or refuse. `rate` is what one unit of `currency` costs in
    dollars. `exclude` are rows to leave out, `fixes` {row: {field: what it shall say}}.
    """

    match: tuple[str, ...] = ()
    empty: str = ""
    date_order: str = ""
    currency: str = ""
    rate: Decimal | None = None
    quantity: str = ""
    exclude: tuple[int, ...] = ()
    fixes: Mapping[int, Mapping[str, str]] = msgspec.field(default_factory=dict[int, Mapping[str, str]])

    def fields(self) -> dict[str, str]:
        """Return what is said as fields of a form."""
        said = {
            "match": json.dumps(self.match) if self.match else "",
            "empty": self.empty,
            "date_order": self.date_order,
            "currency": self.currency,
            "rate": "" if self.rate is None else format(self.rate, "f"),
            "quantity": self.quantity,
            "exclude": json.dumps(self.exclude) if self.exclude else "",
            "fixes": json.dumps({str(row): dict(cells) for row, cells in self.fixes.items()})
            if self.fixes
            else "",
        }
        return {name: text for name, text in said.items() if text}


NO_WISHES = ImportWishes()
"""Everything as the server usually does it."""
