"""Filter fields of the API: comma-separated or repeated codes, strict booleans, times, tags.

And orderings.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError as FormError
from django.db.models import F, Q
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import ValidationError

from instica_desktop.server.search import matching, partly_tagged, tagged

_MOST_VALUES = 100
_LONGEST_VALUE = 200
_MOST_SEARCHED = 500
"""Most characters of a search text; nobody types more, and a query grows with its words."""


class Terms(tuple[Any, ...]):
    """What a list is sorted by; `then` is by what it goes on where this ordering is the last one."""

    then: tuple[Any, ...] = ()


Ordering = Mapping[str, tuple[Any, ...]]


class _ListWidget(forms.Widget):
    """Reads a parameter given once with commas, several times, or both."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return [part.strip() for text in given for part in text.split(",") if part.strip()]


class _CodesField(forms.Field):
    widget = _ListWidget

    def __init__(self, *, codes: Mapping[str, str] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._codes = codes

    def to_python(self, value: Any) -> list[str]:
        values: list[str] = value or []
        if len(values) > _MOST_VALUES or any(len(code) > _LONGEST_VALUE for code in values):
            raise FormError("These are too many or too long values.")
        if any("\0" in code for code in values):
            raise FormError("Null characters are not allowed.")
        unknown = [code for code in values if self._codes is not None and code not in self._codes]
        if unknown:
            raise FormError(f"{', '.join(unknown)[:200]} is not one of the available choices.")
        return values


class CodesFilter(django_filters.Filter):
    """Any of several codes; an unknown one is an error when `codes` are given."""

    field_class = _CodesField

    def filter(self, qs: Any, value: Any) -> Any:
        """Narrow to rows with any of the codes; through a relation by a subquery, so that no row doubles."""
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs


class TagsFilter(django_filters.Filter):
    """Any of several tags, whole or as a part, without case."""

    field_class = _CodesField

    def __init__(self, *, partial: bool, **options: Any) -> None:
        super().__init__(**options)
        self._partial = partial

    def filter(self, qs: Any, value: Any) -> Any:
        """Narrow to rows with any of the tags."""
        if not value:
            return qs
        return partly_tagged(qs, value) if self._partial else tagged(qs, value)


class _BooleanField(forms.Field):
    _VALUES = {"true": True, "1": True, "false": False, "0": False}

    def to_python(self, value: Any) -> bool | None:
        if value in (None, ""):
            return None
        if str(value).lower() not in self._VALUES:
            raise FormError("Use true or false.")
        return self._VALUES[str(value).lower()]


class FlagFilter(django_filters.Filter):
    """True or false; `narrow` turns the value into a condition."""

    field_class = _BooleanField

    def __init__(self, narrow: Callable[[bool], Q], **options: Any) -> None:
        super().__init__(**options)
        self._narrow = narrow

    def filter(self, qs: Any, value: Any) -> Any:
        """Narrow by the condition, unless the parameter is absent."""
        return qs if value is None else qs.filter(self._narrow(value))


class _MomentField(forms.Field):
    def to_python(self, value: Any) -> datetime | None:
        if value in (None, ""):
            return None
        try:
            moment = parse_datetime(str(value))
            if moment is None:
                raise ValueError(value)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            raise FormError("Use an ISO 8601 time.") from None


class UpdatedAfterFilter(django_filters.Filter):
    """Rows whose `updated` is later than the given time."""

    field_class = _MomentField

    def __init__(self, **options: Any) -> None:
        super().__init__("updated", lookup_expr="gt", **options)


class SearchFilter(django_filters.Filter):
    """Rows in which every word of the text begins a word."""

    field_class = forms.CharField

    def __init__(self, read: Callable[[str], str] = str, **options: Any) -> None:
        """`read` returns what is searched by for what was typed."""
        super().__init__(max_length=_MOST_SEARCHED, **options)
        self._read = read

    def filter(self, qs: Any, value: Any) -> Any:
        """Narrow by the search index."""
        return matching(qs, self._read(value)) if value else qs


class _TextsWidget(forms.Widget):
    """Reads a parameter given several times, commas and all."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return [text.strip() for text in given if text.strip()]


class _TextsField(_CodesField):
    widget = _TextsWidget


class TextsFilter(django_filters.Filter):
    """Rows where a column equals any of the texts, after `key` is applied to them."""

    field_class = _TextsField

    def __init__(self, field_name: str, key: Callable[[str], str], **options: Any) -> None:
        super().__init__(field_name, **options)
        self._key = key

    def filter(self, qs: Any, value: Any) -> Any:
        """Narrow to equal rows."""
        keys = {self._key(text) for text in value or ()}
        return qs.filter((f"{self.field_name}__in", sorted(keys))) if keys else qs


def both_ways(name: str, column: str, *, nullable: bool = False) -> dict[str, tuple[Any, ...]]:
    """Return an ordering by one column and its reverse; null stands last in both."""
    last = True if nullable else None
    return {name: (F(column).asc(nulls_last=last),), f"-{name}": (F(column).desc(nulls_last=last),)}


def shelved(name: str, column: str, *then: str) -> dict[str, tuple[Any, ...]]:
    """Return an ordering by one column and its reverse, both of which go on as records stand in a shop."""
    found: dict[str, tuple[Any, ...]] = {}
    for way, terms in both_ways(name, column, nullable=True).items():
        found[way] = shelf = Terms(terms)
        shelf.then = tuple(F(other).asc(nulls_last=True) for other in then)
    return found


def order(queryset: Any, wanted: str, orderings: Ordering, default: str) -> Any:
    """Order a queryset by the named orderings (comma-separated; one named again says nothing), then by uid.

    Before that the last of them goes on as it does. Errors: `ValidationError` (400).
    """
    terms: list[Any] = []
    then: tuple[Any, ...] = ()
    named = [part.strip() for part in wanted.split(",") if part.strip()]
    for name in dict.fromkeys(named or [default]):
        if name not in orderings:
            raise ValidationError({"ordering": [f"{name[:100]} is not an ordering of this list."]})
        terms.extend(orderings[name])
        then = getattr(orderings[name], "then", ())
    return queryset.order_by(*terms, *then, "uid")
