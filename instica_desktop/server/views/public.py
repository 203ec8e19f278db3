"""`/api/health/` and `/api/v1/platforms/`. Source: api contract, Common rules; Marketplace & import."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from instica_desktop.server.domain.platforms import PLATFORMS, Platform


class HealthRecord(serializers.Serializer):
    """A sign of life."""

    status = serializers.CharField()


class PlatformRecord(serializers.Serializer):
    """A marketplace."""

    uid = serializers.CharField()
    name = serializers.CharField()
    slug = serializers.CharField()
    url = serializers.CharField()
    is_selling_active = serializers.BooleanField()
    connection_url = serializers.CharField(allow_null=True)


class HealthView(APIView):
    """Says that the server answers; needs no key and touches no data."""

    authentication_classes = []
    permission_classes = []

    @extend_schema(responses=HealthRecord, auth=[])
    def get(self, request: Any) -> Response:
        """Return `{"status": "ok"}`."""
        return Response({"status": "ok"})


def _connection_url(request: Any, platform: Platform) -> str | None:
    """Return where the person's browser connects an account; null where there is nothing to connect to."""
    if not platform.selling:
        return None
    return request.build_absolute_uri(f"/accounts/{platform.slug}/login/")


class PlatformsView(APIView):
    """The marketplaces a shop may sell on."""

    @extend_schema(responses=PlatformRecord(many=True))
    def get(self, request: Any) -> Response:
        """Return all platforms as a bare array (as published)."""
        rows = [
            {
                "uid": platform.uid,
                "name": platform.name,
                "slug": platform.slug,
                "url": platform.url,
                "is_selling_active": platform.selling,
                "connection_url": _connection_url(request, platform),
            }
            for platform in PLATFORMS
        ]
        return Response(PlatformRecord(rows, many=True).data)
