"""Fields that take exactly what the contract names: money, text, tags, times.

Text is composed (NFC) and stripped of surrounding white space before it is stored; NUL and lone surrogates
are refused. What is not a string is refused for text, never turned into one.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_AMOUNT = re.compile(r"[+-]?\d{1,8}(\.\d*)?", re.ASCII)
_LARGEST_CENTS = 99_999_999_99
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def quoted(value: Any) -> str:
    """Return the beginning of what was sent, as it may stand in an answer: half a character cannot."""
    return str(value)[:100].encode("utf-8", "replace").decode()


class TextField(serializers.CharField):
    """A string, NFC and stripped. Optional text may be empty; null counts as empty."""

    default_error_messages = {"invalid": "A string is required."}

    def __init__(self, max_length: int, **options: Any) -> None:
        if not options.get("required", True):
            options = {"allow_blank": True, "allow_null": True, **options}
        super().__init__(max_length=max_length, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the text to store. Errors: `invalid` for anything but a string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return unicodedata.normalize("NFC", super().to_internal_value(data))

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        """Treat null as empty text where empty text is allowed."""
        if data is None and self.allow_null:
            return True, ""
        return super().validate_empty_values(data)


@extend_schema_field({"type": "string", "format": "decimal", "pattern": r"^-?\d+\.\d{2}$"})
class CentsField(serializers.Field):
    """US dollars: a decimal string with two places outside, whole cents inside; null = not set or unknown."""

    default_error_messages = {
        "invalid": "A valid number is required.",
        "places": "Ensure that there are no more than 2 decimal places.",
        "large": "Ensure this value is less than or equal to 99999999.99.",
        "negative": "Ensure this value is greater than or equal to 0.",
    }

    def to_internal_value(self, data: Any) -> int:
        """Return cents. Errors: `invalid`, `places`, `large`, `negative`."""
        if isinstance(data, bool) or not isinstance(data, (str, int, float)):
            self.fail("invalid")
        text = str(data).strip()
        if re.fullmatch(r"\+?\d{9,40}(\.\d*)?", text, re.ASCII):
            self.fail("large")
        if not _AMOUNT.fullmatch(text):
            self.fail("invalid")
        whole, _, fraction = text.lstrip("+-").partition(".")
        if fraction[2:].strip("0"):
            self.fail("places")
        cents = int(whole) * 100 + int(f"{fraction[:2]:0<2}")
        if text.startswith("-") and cents:
            self.fail("negative")
        return cents

    def to_representation(self, value: int) -> str:
        """Return dollars with two places."""
        sign, size = ("-", -value) if value < 0 else ("", value)
        return f"{sign}{size // 100}.{size % 100:02d}"


class PriceField(CentsField):
    """An amount above zero."""

    default_error_messages = {"low": "Ensure this value is greater than 0."}

    def to_internal_value(self, data: Any) -> int:
        """Return cents. Errors: `low`, and those of any amount."""
        cents = super().to_internal_value(data)
        if cents <= 0:
            self.fail("low")
        return cents


class TagsField(serializers.ListField):
    """A list of distinct, non-empty tags, in the order given."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=TextField(100), max_length=100, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        """Return the tags without repeats. Errors: by tag, or for what is no list."""
        return list(dict.fromkeys(super().to_internal_value(data)))


class MomentField(serializers.DateTimeField):
    """A time between the years 1900 and 2200, kept and shown in UTC."""

    default_error_messages = {"range": "Ensure the year lies between 1900 and 2200."}

    def to_internal_value(self, value: Any) -> datetime:
        """Return an aware time. Errors: `invalid`, `range`."""
        moment = super().to_internal_value(value)
        if not _EARLIEST <= moment < _LATEST:
            self.fail("range")
        return moment


class NumberField(serializers.IntegerField):
    """A whole JSON number; neither a string of digits nor true and false."""

    def to_internal_value(self, data: Any) -> int:
        """Return the number. Errors: `invalid`, `min_value`, `max_value`."""
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        return super().to_internal_value(data)


class FlagField(serializers.BooleanField):
    """True or false, and nothing that merely looks like it."""

    def to_internal_value(self, data: Any) -> bool:
        """Return the flag. Errors: `invalid`."""
        if not isinstance(data, bool):
            self.fail("invalid", input=str(data)[:100])
        return data


class ChoiceField(serializers.ChoiceField):
    """One of the codes given; anything but a string is no choice."""

    def to_internal_value(self, data: Any) -> str:
        """Return the code. Errors: `invalid_choice`."""
        if data == "" and self.allow_blank:
            return ""
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", input=quoted(data))
        return data

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        """Treat null as “not set” (empty) where that is allowed."""
        if data is None and self.allow_null:
            return True, ""
        return super().validate_empty_values(data)


class CodeField(serializers.CharField):
    """A stored code whose empty form is shown as null."""

    def to_representation(self, value: str) -> str | None:
        """Return the code or null."""
        return value or None
