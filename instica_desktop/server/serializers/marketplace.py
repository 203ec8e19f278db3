"""Connections to marketplaces on the wire. Source: api contract, Marketplace & import."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from instica_desktop.server.domain.platforms import platform_name
from instica_desktop.server.models import Connection, Job
from instica_desktop.server.operations.offers import active_connection, not_connected
from instica_desktop.server.serializers import common
from instica_desktop.server.serializers.fields import ChoiceField
from instica_desktop.server.serializers.inventory import ListingErrorRecord
from instica_desktop.server.serializers.jobs import JOB_STATUS_CHOICES, JobErrorRecord


class ConnectionRecord(serializers.Serializer):
    """An account on a marketplace. `is_simulated`: nothing is sent to the marketplace of that name."""

    uid = serializers.CharField()
    platform = serializers.CharField()
    platform_name = serializers.SerializerMethodField()
    account_name = serializers.CharField()
    status = serializers.CharField()
    connected_at = serializers.DateTimeField()
    last_synced = serializers.DateTimeField(allow_null=True)
    error = serializers.SerializerMethodField()
    is_simulated = serializers.SerializerMethodField()

    def get_platform_name(self, connection: Connection) -> str:
        """Return the marketplace's name."""
        return platform_name(connection.platform)

    @extend_schema_field(ListingErrorRecord(allow_null=True))
    def get_error(self, connection: Connection) -> dict[str, str] | None:
        """Return code and message of what is wrong, or null."""
        if not connection.error_code:
            return None
        return {"code": connection.error_code, "message": connection.error_message}

    def get_is_simulated(self, connection: Connection) -> bool:
        """Return true: this server knows no other marketplaces."""
        return True


class ImportJobRecord(serializers.Serializer):
    """An import of what a marketplace holds. `row` of an error is the number among the account's offers.

    `skipped` counts what was known already; an offer that was refused is in `processed` and `errors` only.
    """

    uid = serializers.CharField()
    platform = serializers.SerializerMethodField()
    status = serializers.ChoiceField(JOB_STATUS_CHOICES)
    total = serializers.IntegerField()
    processed = serializers.IntegerField()
    created = serializers.IntegerField(source="created_count")
    updated = serializers.IntegerField(source="updated_count")
    skipped = serializers.IntegerField(source="skipped_count")
    errors = JobErrorRecord(many=True)  # pyright: ignore[reportAssignmentType]
    error_count = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_platform(self, job: Job) -> str:
        """Return the marketplace's slug."""
        return job.payload["platform"]


class ImportJobForm(serializers.Serializer):
    """Which marketplace to import from; the context names the organization."""

    platform = ChoiceField(common.PLATFORM_CHOICES)

    def validate_platform(self, value: str) -> str:
        """Demand a connection that works."""
        organization = self.context["organization"]
        if active_connection(organization, value) is None:
            raise serializers.ValidationError(not_connected(organization, value))
        return value
