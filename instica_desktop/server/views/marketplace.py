"""`/api/v1/marketplace/connections/`. Source: api contract, Marketplace & import."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from instica_desktop.server.models import Connection
from instica_desktop.server.operations.connections import synchronize
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.serializers.marketplace import ConnectionRecord
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, ShopViewSet, write


class ConnectionViewSet(ShopViewSet):
    """The organization's accounts on marketplaces; made by the browser sign-in, never by a POST here."""

    serializer_class = ConnectionRecord
    queryset = Connection.objects.none()

    def _connection(self, uid: str) -> Connection:
        rows = Connection.objects.select_related("organization")
        found = rows.filter(organization=self.organization, uid=uid).first()
        if found is None:
            raise NotFound("Not found.")
        return found

    @extend_schema(responses=ConnectionRecord(many=True))
    def list(self, request: Any) -> Response:
        """Return the connections, as a bare array, by platform."""
        rows = Connection.objects.filter(organization=self.organization).order_by("platform")
        return Response(self.get_serializer(rows, many=True).data)

    def retrieve(self, request: Any, uid: str) -> Response:
        """Return one connection."""
        return Response(self.get_serializer(self._connection(uid)).data)

    @extend_schema(responses={204: None})
    @write
    def destroy(self, request: Any, uid: str) -> Response:
        """End a connection. Its offers stay where they are, and can be ended from here no more."""
        self._connection(uid).delete()
        return Response(status=204)

    @extend_schema(
        request=None, responses={200: ConnectionRecord, 409: ErrorRecord}, parameters=[IDEMPOTENCY_KEY]
    )
    @write
    def sync(self, request: Any, uid: str) -> Response:
        """Fetch new orders and try again to end what could not be ended; 409 when it must be renewed."""
        connection = self._connection(uid)
        synchronize(connection)
        return Response(self.get_serializer(connection).data)
