"""The base of what is shown: as Django REST framework's serializer, but it looks at its fields only once.

A page of 100 items shows some 7,000 values; the framework asks anew for each of them where it lies, whether
it can be called, and what kind it is.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from operator import attrgetter
from threading import local
from typing import Any, Self

from rest_framework import serializers

Way = tuple[str, Callable[[Any], Any] | None, Callable[[Any], Any]]
"""Name of a field, how its value is found (None: it is made from the whole row), how it is shown."""


def _moment(field: serializers.DateTimeField) -> Callable[[Any], Any]:
    def show(value: Any) -> Any:
        if isinstance(value, datetime) and value.tzinfo is UTC:
            return value.isoformat()[:-6] + "Z"
        return field.to_representation(value)

    return show


def _shower(field: Any) -> Callable[[Any], Any]:
    if type(field) is serializers.CharField:
        return str
    if type(field) is serializers.DateTimeField:
        return _moment(field)
    return field.to_representation


_kept = local()


class Record(serializers.Serializer):
    """Shows a row. Fields are attributes (`source` may go through several) or made by a method."""

    @classmethod
    def kept(cls, context: dict[str, Any]) -> Self:
        """Return this thread's one serializer, which shows rows in a request's context.

        A new one copies all its fields first, which takes longer than to show a row.
        """
        known: dict[type, Self] = vars(_kept).setdefault("serializers", {})
        if cls not in known:
            known[cls] = cls()
        known[cls]._context = context
        return known[cls]

    @cached_property
    def _ways(self) -> list[Way]:
        return [
            (field.field_name, None if field.source == "*" else attrgetter(field.source), _shower(field))
            for field in self._readable_fields
        ]

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return the values of all fields; what is missing on the way to one is null."""
        if isinstance(instance, dict):
            return super().to_representation(instance)
        shown: dict[str, Any] = {}
        for name, find, show in self._ways:
            value = instance if find is None else find(instance)
            shown[name] = None if value is None else show(value)
        return shown
