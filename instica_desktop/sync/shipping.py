"""A parcel as the user describes it, before it exists."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from instica_desktop.core.errors import InputError
from instica_desktop.core.money import wire_money
from instica_desktop.core.statuses import CARRIERS
from instica_desktop.core.tracking_numbers import clean_number

_LONGEST = 100
_CODES = frozenset(code for code, _ in CARRIERS)


class ShipmentDraft(msgspec.Struct, frozen=True, kw_only=True):
    """Carrier (wire code) and what else is known; weight in grams, cost in US dollars."""

    carrier: str
    service: str = ""
    tracking_number: str = ""
    weight_grams: int | None = None
    cost_usd: Decimal | None = None
    shipped_at: datetime | None = None

    def wire(self, *, whole: bool = False) -> dict[str, Any]:
        """Return the wire fields; empty ones only when the `whole` is asked for.

        Raises:
            InputError: by field, for what the server certainly refuses.
        """
        number, service = clean_number(self.tracking_number), self.service.strip()
        if self.carrier not in _CODES:
            raise InputError("Choose a carrier.", field="carrier")
        for field, text in (("tracking_number", number), ("service", service)):
            if len(text) > _LONGEST:
                raise InputError(f"This can have up to {_LONGEST} characters.", field=field)
        if self.weight_grams is not None and not 0 <= self.weight_grams <= 1_000_000:
            raise InputError("A weight is a whole number of grams.", field="weight_grams")
        if self.cost_usd is not None and self.cost_usd < 0:
            raise InputError("A cost cannot be below zero.", field="cost_usd")
        fields: dict[str, Any] = {
            "carrier": self.carrier,
            "service": service,
            "tracking_number": number,
            "weight_grams": self.weight_grams,
            "cost_usd": wire_money(self.cost_usd),
            "shipped_at": self.shipped_at.isoformat() if self.shipped_at else None,
        }
        return {name: value for name, value in fields.items() if whole or value not in (None, "")}
