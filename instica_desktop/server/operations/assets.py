"""Photos of an item: adding, ordering, choosing the primary one. Source: api contract, Inventory, Assets."""

from collections.abc import Sequence
from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.models import Asset, Item
from instica_desktop.server.operations.derived import touch_item

MOST_ASSETS = 24


def find_same(item: Item, sha256: str) -> Asset | None:
    """Return the item's photo with this content, if it has one."""
    return Asset.objects.filter(item=item, sha256=sha256).first()


def add_asset(item: Item, values: dict[str, Any]) -> Asset:
    """Add a photo behind the others; the first of an item is primary. Errors.

    `ValidationError` at 24 photos.
    """
    present = list(Asset.objects.filter(item=item).order_by("position", "pk"))
    if len(present) >= MOST_ASSETS:
        raise ValidationError({"image": [f"An item has at most {MOST_ASSETS} photos."]})
    position = present[-1].position + 1 if present else 0
    asset = Asset.objects.create(item=item, position=position, is_primary=not present, **values)
    touch_item(item)
    return asset


def update_asset(asset: Asset, values: dict[str, Any]) -> None:
    """Change a photo's kind, or make it the primary one. Errors.

    `ValidationError` for un-choosing the primary.
    """
    primary = values.get("is_primary")
    if primary is False and asset.is_primary:
        raise ValidationError({"is_primary": ["Choose another primary photo instead."]})
    if primary:
        Asset.objects.filter(item=asset.item, is_primary=True).update(is_primary=False)
    for name, value in values.items():
        setattr(asset, name, value)
    asset.save()
    touch_item(asset.item)


def delete_asset(asset: Asset) -> list[str]:
    """Remove a photo; the next one becomes primary if it was. Returns the stems of its files."""
    item, stem, was_primary = asset.item, asset.stem, asset.is_primary
    asset.delete()
    if was_primary:
        heir = Asset.objects.filter(item=item).order_by("position", "pk").first()
        if heir is not None:
            Asset.objects.filter(pk=heir.pk).update(is_primary=True)
    touch_item(item)
    return [stem] if stem else []


def reorder_assets(item: Item, order: Sequence[str]) -> None:
    """Put the photos in the given order of uids. Errors.

    `ValidationError` unless it names each exactly once.
    """
    assets = {asset.uid: asset for asset in Asset.objects.filter(item=item)}
    if sorted(order) != sorted(assets):
        raise ValidationError({"order": ["Name each photo of the item exactly once."]})
    for position, uid in enumerate(order):
        assets[uid].position = position
    Asset.objects.bulk_update(assets.values(), ["position"])
    touch_item(item)
