"""Jobs on the wire. Source: api contract, Inventory, CSV, and Import."""

from django.db.models import Sum
from django.utils import timezone
from rest_framework import serializers

from instica_desktop.server.models import Job, JobRows

JOB_STATUS_CHOICES = [
    ("queued", "Queued"),
    ("running", "Running"),
    ("succeeded", "Succeeded"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]


class JobErrorRecord(serializers.Serializer):
    """What went wrong: at a row of the input (the header is row 1), with the whole of it (0), or elsewhere.

    `column` is the name in the input of what `field` is in the API. Of the whole input `field` is the
    parameter that decides between the `readings`, each of which begins with its value.
    """

    row = serializers.IntegerField(allow_null=True)
    field = serializers.CharField()
    column = serializers.CharField(default="")
    message = serializers.CharField()
    readings = serializers.ListField(child=serializers.CharField(), default=list)


class JobNoteRecord(serializers.Serializer):
    """What was done to a row of the input beside taking it as it stands."""

    row = serializers.IntegerField()
    field = serializers.CharField()
    column = serializers.CharField()
    message = serializers.CharField()


class JobRecord(serializers.Serializer):
    """A job. `errors` are the first ones, `error_count` is all; rows with errors are in `processed` only.

    `created` counts rows, `copies` what all rows made: one can stand for several. `skipped` are rows that did
    nothing, `excluded` those among them that were left out.

    What was found out about the whole file: `mapping`, the columns it leaves out, the order of dates and the
    currency of amounts, null where there are none or it makes no difference.
    """

    uid = serializers.CharField()
    status = serializers.ChoiceField(JOB_STATUS_CHOICES)
    total = serializers.IntegerField()
    processed = serializers.IntegerField()
    created = serializers.IntegerField(source="created_count")
    copies = serializers.SerializerMethodField()
    updated = serializers.IntegerField(source="updated_count")
    skipped = serializers.IntegerField(source="skipped_count")
    excluded = serializers.IntegerField(source="excluded_count")
    errors = JobErrorRecord(many=True)  # pyright: ignore[reportAssignmentType]
    error_count = serializers.IntegerField()
    notes = JobNoteRecord(many=True)  # pyright: ignore[reportAssignmentType]
    note_count = serializers.IntegerField()
    mapping = serializers.SerializerMethodField()
    ignored_columns = serializers.SerializerMethodField()
    date_order = serializers.SerializerMethodField()
    currency = serializers.SerializerMethodField()
    rows_per_second = serializers.SerializerMethodField()
    dry_run = serializers.SerializerMethodField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_copies(self, job: Job) -> int:
        """Return how many copies it made."""
        return JobRows.objects.filter(job=job).aggregate(made=Sum("made"))["made"] or 0

    def get_dry_run(self, job: Job) -> bool:
        """Return whether it only tries."""
        return bool(job.payload.get("dry_run"))

    def get_mapping(self, job: Job) -> dict[str, str]:
        """Return {field: column}; before the file was looked at, what was asked for or guessed by names."""
        return job.decisions.get("mapping", job.payload.get("mapping", {}))

    def get_ignored_columns(self, job: Job) -> list[str]:
        """Return the columns that are not taken, one without a name by its position."""
        return job.decisions.get("ignored_columns", [])

    def get_date_order(self, job: Job) -> str | None:
        """Return the order of day, month and year in the file."""
        return (job.decisions or job.payload).get("date_order") or None

    def get_currency(self, job: Job) -> str | None:
        """Return the currency of the file."""
        return (job.decisions or job.payload).get("currency") or None

    def get_rows_per_second(self, job: Job) -> float | None:
        """Return how quick it is, null before it began."""
        if job.started_at is None:
            return None
        seconds = ((job.finished_at or timezone.now()) - job.started_at).total_seconds()
        return round(job.processed / seconds, 1) if seconds > 0 else None
