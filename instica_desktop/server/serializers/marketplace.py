"""Connections to marketplaces on the wire. Source: api contract, Marketplace & import."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from instica_desktop.server.domain.platforms import platform_name
from instica_desktop.server.models import Connection
from instica_desktop.server.serializers.inventory import ListingErrorRecord


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
