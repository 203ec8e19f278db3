"""Products and what describes them. Source: api contract, Products.

Counts, price bounds and sort keys are stored columns, kept by the transaction that changes them
(`operations.derived`), so that every ordering reads an index instead of computing over items.
"""

from datetime import datetime

from django.db import models
from django.utils import timezone

from instica_desktop.server.domain.names import name_fold, name_key
from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import Organization
from instica_desktop.server.models.base import Row


class Named(Row):
    """An artist or a label: a name and the forms in which names are compared (`domain.names`).

    `spelled` is the one that it has alone, `folded` the one by which it is found without its accents.
    """

    uid: str = columns.uid()
    name: str = columns.text(500)
    spelled: str = columns.text(1000)
    folded: str = columns.text(1000)

    class Meta:
        """No table of its own."""

        abstract = True

    @staticmethod
    def forms(name: str) -> dict[str, str]:
        """Return a name with its forms, as the columns that a row has of them."""
        return {"name": name, "spelled": name_key(name), "folded": name_fold(name)}


class Artist(Named):
    """An artist of one organization."""

    organization: Organization = columns.belongs_to("Organization", "artists")

    class Meta:
        """One artist for each name, however its letters are cased."""

        constraints = [models.UniqueConstraint(fields=["organization", "spelled"], name="artist_once")]
        indexes = [models.Index(fields=["organization", "folded"], name="artist_folded")]


class Label(Named):
    """A record label of one organization."""

    organization: Organization = columns.belongs_to("Organization", "labels")

    class Meta:
        """One label for each name, however its letters are cased."""

        constraints = [models.UniqueConstraint(fields=["organization", "spelled"], name="label_once")]
        indexes = [models.Index(fields=["organization", "folded"], name="label_folded")]


def _index(name: str, *fields: str) -> models.Index:
    return models.Index(fields=["organization", *fields, "uid"], name=f"product_{name}")


class Product(Row):
    """A release (or another thing) a shop sells copies of. Amounts in cents.

    `sleeve` names the picture the server draws for the release; empty = none.
    `image` is the stem of an uploaded picture's files; it wins over `sleeve`.
    """

    uid: str = columns.uid()
    organization: Organization = columns.belongs_to("Organization", "products")
    artist: Artist | None = columns.belongs_to("Artist", "products", null=True)
    label: Label | None = columns.belongs_to("Label", "products", null=True)
    title: str = columns.text(1000)
    type: str = columns.text(16, default="physical")
    catalog_number: str = columns.text(200)
    barcode: str = columns.text(64)
    year: int | None = columns.number()
    format: str = columns.text(200)
    country: str = columns.text(100)
    genres: list[str] = columns.json_list()
    tags: list[str] = columns.json_list()
    tag_keys: str = columns.long_text()
    marketplace_description: str = columns.long_text()
    license_type: str = columns.text(100)
    license_notes: str = columns.long_text()
    discogs_release_id: int | None = columns.number()
    uploadable_to_redbubble: bool = columns.flag()
    sleeve: str = columns.text(64, db_index=True)
    image: str = columns.text(200, db_index=True)
    created: datetime = columns.moment(default=timezone.now)
    updated: datetime = columns.moment(default=timezone.now)

    total_count: int = columns.count()
    listed_count: int = columns.count()
    available_count: int = columns.count()
    has_listed: bool = columns.flag()
    price_min_cents: int | None = columns.cents()
    price_max_cents: int | None = columns.cents()
    title_key: str | None = columns.found_by()
    catalog_key: str | None = columns.found_by()
    barcode_key: str | None = columns.found_by()
    title_order: str | None = columns.sort_key()
    artist_order: str | None = columns.sort_key()
    label_order: str | None = columns.sort_key()
    catalog_order: str | None = columns.sort_key()

    class Meta:
        """One index for each ordering; each ends with the uid, as every ordering does.

        Those by artist, label and catalogue number differ with the database: migration 0017 makes them.
        """

        indexes = [
            _index("created", "-created"),
            _index("updated", "-updated"),
            _index("title", "title_order"),
            _index("listed", "has_listed", "-created"),
            _index("listed_first", "-has_listed", "-created"),
            _index("low", "price_min_cents"),
            _index("high", "price_max_cents"),
            _index("total", "total_count"),
            _index("most", "-total_count"),
            models.Index(fields=["type"], name="product_type"),
            models.Index(fields=["organization", "title_key"], name="product_same_title"),
            models.Index(fields=["organization", "catalog_key"], name="product_catalogue_number"),
            models.Index(fields=["organization", "barcode_key"], name="product_barcode"),
            models.Index(fields=["organization", "discogs_release_id"], name="product_release"),
        ]


class DigitalAsset(Row):
    """A file sold with a digital product; only its name is kept here."""

    uid: str = columns.uid()
    product: Product = columns.part_of("Product", "digital_assets")
    filename: str = columns.text()
