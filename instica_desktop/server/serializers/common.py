"""Shared parts: choices, the organization in short, nested names, media addresses."""

from typing import Any

from rest_framework import serializers

from instica_desktop.server.domain import grades, platforms, statuses
from instica_desktop.server.serializers.records import Record

ITEM_STATUS_CHOICES = list(statuses.ITEM_STATUSES.items())
SHIPMENT_STATUS_CHOICES = list(statuses.SHIPMENT_STATUSES.items())
CARRIER_CHOICES = list(statuses.CARRIERS.items())
PRODUCT_TYPE_CHOICES = list(statuses.PRODUCT_TYPES.items())
ITEM_GRADE_CHOICES = list(grades.ITEM_GRADES.items())
CONTAINER_GRADE_CHOICES = list(grades.CONTAINER_GRADES.items())

PLATFORM_CHOICES = [(platform.slug, platform.name) for platform in platforms.PLATFORMS]


def media_url(context: dict[str, Any], path: str) -> str:
    """Return the address of a media file.

    Absolute for the request's host, a path when there is no request.
    """
    request = context.get("request")
    if request is None:
        return path
    if "media_origin" not in context:  # the same for every picture of an answer
        context["media_origin"] = request.build_absolute_uri("/").rstrip("/")
    return context["media_origin"] + path


def picture_paths(stem: str, suffix: str) -> tuple[str, str]:
    """Return (full size, thumbnail) paths of an uploaded picture."""
    return f"/media/uploads/{stem}{suffix}", f"/media/uploads/{stem}.thumb.jpg"


def sleeve_paths(sleeve: str) -> tuple[str, str]:
    """Return (full size, thumbnail) paths of a drawn sleeve."""
    return f"/media/sleeves/{sleeve}.png", f"/media/sleeves/{sleeve}.thumb.png"


class NamedRecord(Record):
    """An artist or label as nested in other records."""

    uid = serializers.CharField()
    name = serializers.CharField()


class OrganizationRecord(Record):
    """The organization as nested in other records."""

    uid = serializers.CharField()
    display_name = serializers.CharField()
    slug = serializers.CharField()
    default_barcode_type = serializers.CharField()


class PersonRecord(serializers.Serializer):
    """A user as others in the organization see them."""

    uid = serializers.CharField()
    username = serializers.CharField()
    email = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()


class ErrorRecord(serializers.Serializer):
    """Every error but 400."""

    detail = serializers.CharField()
