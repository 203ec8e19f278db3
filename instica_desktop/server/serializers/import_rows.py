"""What became of the rows of an import, on the wire. Source: api contract, Import."""

from typing import Any

from rest_framework import serializers

RESULT_CHOICES = [
    ("new", "New"),
    ("changed", "Changed"),
    ("same", "Same"),
    ("error", "Error"),
    ("excluded", "Excluded"),
]


class RowChangeRecord(serializers.Serializer):
    """One field and what stood there before and after; a value is what the record shows."""

    field = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class RowErrorRecord(serializers.Serializer):
    """Why a row was refused or left out, or what of it was not taken; `column` is the file's own name."""

    field = serializers.CharField()
    column = serializers.CharField()
    message = serializers.CharField()


class ImportRowRecord(serializers.Serializer):
    """What became of one row (the header is row 1). `item` is the first of its copies, null for none."""

    row = serializers.IntegerField()
    result = serializers.ChoiceField(RESULT_CHOICES)
    item = serializers.CharField(allow_null=True)
    changes = RowChangeRecord(many=True)
    errors = RowErrorRecord(many=True)  # pyright: ignore[reportAssignmentType]

    def to_representation(self, instance: list[Any]) -> dict[str, Any]:
        """Return a row as it is kept: its values in their order."""
        row, result, item, changes, errors = instance
        return {
            "row": row,
            "result": result,
            "item": item,
            "changes": [dict(zip(("field", "before", "after"), change, strict=True)) for change in changes],
            "errors": [dict(zip(("field", "column", "message"), error, strict=True)) for error in errors],
        }
