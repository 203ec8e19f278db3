"""The offers of an item as one cell of a table: JSON that reads back exactly. Source: api contract, CSV."""

import json
from collections.abc import Iterable
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.platforms import PLATFORMS
from instica_desktop.server.models import Listing
from instica_desktop.server.serializers.fields import CentsField, ChoiceField, MomentField, TextField

_STATUSES = ("draft", "listed", "inactive", "failed", "sold")
_MOST = 100
_LONGEST = 100_000
_NO_LIST = "This is no list of offers as an export has it."


class OfferForm(serializers.Serializer):
    """What an export says of one offer. Its `uid` is that of the shop that was exported: copies share it."""

    uid = TextField(64)
    platform = ChoiceField([(platform.slug, platform.name) for platform in PLATFORMS])
    status = ChoiceField([(status, status) for status in _STATUSES])
    title = TextField(1000, required=False)
    price_usd = CentsField(source="price_cents", required=False, allow_null=True)
    external_id = TextField(100, required=False)
    url = TextField(500, required=False)
    error_code = TextField(100, required=False)
    error_message = TextField(1000, required=False)
    listed_at = MomentField(required=False, allow_null=True)


_ONE: Any = OfferForm()
_ORDER = [name for name in _ONE.fields if name != "uid"]


def offers_cell(listings: Iterable[Listing]) -> str:
    """Return offers as a cell, empty for none, in an order that only what they say decides."""
    shown = (_ONE.to_representation(listing) for listing in listings)
    told = [{name: value for name, value in offer.items() if value not in (None, "")} for offer in shown]
    told.sort(key=lambda offer: [str(offer.get(name, "")) for name in _ORDER])
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) if told else ""


def offers_of_cell(text: str) -> list[dict[str, Any]]:
    """Return what a cell says, each offer as the values of a listing. Errors: `ValidationError`."""
    try:
        told = json.loads(text) if len(text) <= _LONGEST else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, list) or len(told) > _MOST or not all(isinstance(one, dict) for one in told):
        raise ValidationError({"listings": [_NO_LIST]})
    form: Any = OfferForm(data=told, many=True)
    if not form.is_valid():
        raise ValidationError({"listings": [_NO_LIST]})
    return [dict(offer) for offer in form.validated_data]
