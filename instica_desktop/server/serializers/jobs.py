"""Jobs on the wire. Source: api contract, Inventory, CSV."""

import json
from typing import Any

from rest_framework import serializers

from instica_desktop.server.models import Job
from instica_desktop.server.serializers.fields import ChoiceField, TextField
from instica_desktop.server.tables.fields import FIELDS

IMPORT_MODES = [("create", "Create"), ("update", "Update"), ("upsert", "Create or update")]
JOB_STATUS_CHOICES = [
    ("queued", "Queued"),
    ("running", "Running"),
    ("succeeded", "Succeeded"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]


class JobErrorRecord(serializers.Serializer):
    """What went wrong: at a row of the input (the header is row 1), or with no row at all."""

    row = serializers.IntegerField(allow_null=True)
    field = serializers.CharField()
    message = serializers.CharField()


class JobRecord(serializers.Serializer):
    """A job. `errors` are the first ones, `error_count` is all; rows with errors are in `processed` only."""

    uid = serializers.CharField()
    status = serializers.ChoiceField(JOB_STATUS_CHOICES)
    total = serializers.IntegerField()
    processed = serializers.IntegerField()
    created = serializers.IntegerField(source="created_count")
    updated = serializers.IntegerField(source="updated_count")
    skipped = serializers.IntegerField(source="skipped_count")
    errors = JobErrorRecord(many=True)  # pyright: ignore[reportAssignmentType]
    error_count = serializers.IntegerField()
    dry_run = serializers.SerializerMethodField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_dry_run(self, job: Job) -> bool:
        """Return whether it only tries."""
        return bool(job.payload.get("dry_run"))


class ImportForm(serializers.Serializer):
    """A CSV file on its way in (multipart).

    `mapping` is a JSON object {field: name of the column}; without it the names of the columns are guessed.
    """

    file = serializers.FileField(allow_empty_file=True)
    mapping = TextField(50_000, required=False)
    mode = ChoiceField(IMPORT_MODES, required=False, default="create")
    dry_run = serializers.BooleanField(required=False, default=False)

    def validate_mapping(self, value: str) -> dict[str, str]:
        """Return the mapping. Errors: for what is no such object, and for fields an item does not have."""
        try:
            mapping: Any = json.loads(value) if value else {}
        except (ValueError, RecursionError):
            raise serializers.ValidationError("This is not valid JSON.") from None
        if not isinstance(mapping, dict) or not all(isinstance(name, str) for name in mapping.values()):
            raise serializers.ValidationError("Give an object of fields and the names of their columns.")
        unknown = [name for name in mapping if name not in FIELDS]
        if unknown:
            raise serializers.ValidationError(f"{', '.join(unknown)[:200]} cannot be imported.")
        return mapping
