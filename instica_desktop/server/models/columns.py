"""Short forms of Django's model fields, typed `Any` so that a model can annotate what its attributes hold."""

import json
from typing import Any

from django.db import models

from instica_desktop.server.domain.uids import new_uid


class JSONText(models.TextField):
    """A JSON value kept as text.

    Django's own JSONField adds a check with JSON_VALID, which SQLite refuses to run with
    `trusted_schema=OFF`.
    """

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        """Decode what the database holds."""
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> str | None:
        """Encode what the database shall hold."""
        return None if value is None else json.dumps(value, ensure_ascii=False)


def _kept(field: Any, default: Any, **options: Any) -> Any:
    return field(default=default, **options)


def uid() -> Any:
    """Return an opaque, unique identifier: what the API shows instead of the primary key."""
    return models.CharField(max_length=64, unique=True, default=new_uid, editable=False)


def text(length: int = 255, **options: Any) -> Any:
    """Return a short text column, empty by default."""
    return models.CharField(max_length=length, blank=True, **{"default": "", **options})


def long_text(**options: Any) -> Any:
    """Return a text column without a limit of its own (the serializer sets one), empty by default."""
    return models.TextField(blank=True, **{"default": "", **options})


def cents(**options: Any) -> Any:
    """Return an amount in whole US cents, null = unknown or not set.

    Integers, because floats cannot hold money.
    """
    return models.BigIntegerField(null=True, blank=True, **{"default": None, **options})


def number(**options: Any) -> Any:
    """Return a nullable integer column."""
    return models.IntegerField(null=True, blank=True, **{"default": None, **options})


def count() -> Any:
    """Return a stored count kept by the transaction that changes it."""
    return _kept(models.IntegerField, 0)


def quantity() -> Any:
    """Return a stored number of things of which there is at least one."""
    return _kept(models.IntegerField, 1)


def large_count() -> Any:
    """Return a stored count that may pass two thousand million, such as a place in a file."""
    return _kept(models.BigIntegerField, 0)


def sort_key() -> Any:
    """Return the folded form of a text for ordering, null when it is empty (null sorts last both ways)."""
    return _kept(models.TextField, None, null=True, editable=False)


def flag(default: bool = False) -> Any:
    """Return a boolean column."""
    return _kept(models.BooleanField, default)


def moment(**options: Any) -> Any:
    """Return a UTC time."""
    return models.DateTimeField(**options)


def json_list() -> Any:
    """Return a JSON array column, empty by default."""
    return JSONText(default=list, blank=True)


def json_object(**options: Any) -> Any:
    """Return a JSON object column."""
    return JSONText(blank=True, **options)


def belongs_to(model: str, related_name: str, **options: Any) -> Any:
    """Return a required reference whose target cannot be deleted while it is referred to."""
    settings = {"on_delete": models.PROTECT, "related_name": related_name, **options}
    return models.ForeignKey(model, **settings)


def part_of(model: str, related_name: str) -> Any:
    """Return a required reference to an owner; the row goes with its owner."""
    return models.ForeignKey(model, on_delete=models.CASCADE, related_name=related_name)
