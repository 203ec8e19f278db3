"""Releases of the catalogue on the wire. Source: api contract, Catalogue look-up."""

from typing import Any

from rest_framework import serializers

from instica_desktop.server.seeding.facts import Fact
from instica_desktop.server.serializers import common
from instica_desktop.server.serializers.fields import TextField
from instica_desktop.server.sleeves.draw import sleeve_key


class ReleaseRecord(serializers.Serializer):
    """A release as the catalogue knows it; `release_id` is null where its number is not known."""

    release_id = serializers.IntegerField(source="discogs_release_id", allow_null=True)
    title = serializers.CharField()
    artist = serializers.CharField()
    label = serializers.CharField()
    catalog_number = serializers.CharField(source="catalogue_number")
    barcode = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    format = serializers.CharField()
    country = serializers.CharField()
    thumb = serializers.SerializerMethodField()

    def get_thumb(self, fact: Fact) -> str | None:
        """Return the address of a small picture of the sleeve, drawn by this server."""
        return common.media_url(self.context, common.sleeve_paths(sleeve_key(fact.artist, fact.title))[1])


class LookUpForm(serializers.Serializer):
    """What to look for; at least one, and a release must fit all that are given."""

    barcode = TextField(64, required=False)
    catalog_number = TextField(200, required=False)
    artist = TextField(200, required=False)
    title = TextField(200, required=False)
    q = TextField(200, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Demand something to look for."""
        given = {name: text for name, text in attrs.items() if text}
        if not given:
            raise serializers.ValidationError("Give a barcode, q, artist, title or catalog_number.")
        return given
