"""What the user sees: the server's record with the user's unsent operations laid over it. Pure functions."""

from collections.abc import Iterable
from typing import Any

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import NEEDS_USER, TEMPORARY, Operation, OpKind
from instica_desktop.core.overlay_derived import complete, derive
from instica_desktop.core.overlay_listings import add_listing, delist, move_offers, revise_listing

Wire = dict[str, Any]


def overlay(record: Wire, operations: Iterable[Operation]) -> Wire:
    """Return a copy of a wire record as it will be once `operations` (in order) have been delivered."""
    shown = dict(record)
    for operation in operations:
        try:
            _APPLY[operation.kind](shown, operation)
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
            continue  # what is in it cannot be laid over anything; the sender sets it aside in words
    return shown


def _update(shown: Wire, operation: Operation) -> None:
    before = shown.get("status")
    for edit in operation.edits:
        shown[edit.field] = edit.new
    derive(shown, {edit.field for edit in operation.edits})
    if operation.entity is Entity.ITEM and shown.get("status") != before:
        move_offers(shown, str(before))


def _create(shown: Wire, operation: Operation) -> None:
    fields: Wire = operation.payload.get("fields", {})
    shown.update(fields)
    shown["uid"] = operation.uid
    derive(shown, set(fields))
    if operation.entity is Entity.ITEM:
        complete(shown)


def _nothing(shown: Wire, operation: Operation) -> None:
    """A deleted record is left out of the lists (see `store.projection`), not changed."""


def _assets(shown: Wire) -> list[Wire]:
    return [dict(asset) for asset in shown.get("assets") or ()]


def _add_photo(shown: Wire, operation: Operation) -> None:
    assets = _assets(shown)
    blob = str(operation.payload["blob"])
    if all(asset.get("sha256") != blob for asset in assets):
        assets.append(
            {
                "uid": TEMPORARY + operation.uuid,
                "image": f"blob:{blob}",
                "thumbnail": f"blob:{blob}",
                "kind": operation.payload.get("kind", "item"),
                "position": len(assets),
                "is_primary": not assets,
                "sha256": blob,
                "width": operation.payload.get("width"),
                "height": operation.payload.get("height"),
                "bytes": operation.payload.get("bytes"),
            }
        )
    shown["assets"] = assets


def _remove_photo(shown: Wire, operation: Operation) -> None:
    kept = [asset for asset in _assets(shown) if asset["uid"] != operation.payload["asset"]]
    if kept and not any(asset.get("is_primary") for asset in kept):
        kept[0]["is_primary"] = True
    shown["assets"] = [{**asset, "position": at} for at, asset in enumerate(kept)]


def _order_photos(shown: Wire, operation: Operation) -> None:
    rank = {uid: at for at, uid in enumerate(operation.payload["order"])}
    assets = sorted(_assets(shown), key=lambda asset: rank.get(asset["uid"], len(rank)))
    shown["assets"] = [{**asset, "position": at} for at, asset in enumerate(assets)]


def _primary_photo(shown: Wire, operation: Operation) -> None:
    chosen = operation.payload["asset"]
    shown["assets"] = [{**asset, "is_primary": asset["uid"] == chosen} for asset in _assets(shown)]


def _add_shipment(shown: Wire, operation: Operation) -> None:
    shipment = {"uid": TEMPORARY + operation.uuid, "status": "label_created", **operation.payload}
    shown["shipments"] = [*(shown.get("shipments") or ()), shipment]
    shown["status"] = "shipped"
    shown["shipment_carrier"] = operation.payload.get("carrier")
    shown["shipment_tracking_number"] = operation.payload.get("tracking_number")
    shown["shipment_status"] = "label_created"


def _remove_shipment(shown: Wire, operation: Operation) -> None:
    if operation.state in NEEDS_USER:
        return  # as with a record that is not deleted after all: whoever decides sees the parcel
    gone = operation.payload["shipment"]
    kept = [shipment for shipment in shown.get("shipments") or () if shipment.get("uid") != gone]
    last: Wire = kept[-1] if kept else {}
    shown["shipments"] = kept
    shown["status"] = shown["status"] if kept else "awaiting_shipment"
    shown["shipment_carrier"] = last.get("carrier")
    shown["shipment_tracking_number"] = last.get("tracking_number")
    shown["shipment_status"] = last.get("status")


def _edit_shipment(shown: Wire, operation: Operation) -> None:
    changed = {edit.field: edit.new for edit in operation.edits}
    parcels: list[Wire] = [dict(parcel) for parcel in shown.get("shipments") or ()]
    for parcel in parcels:
        if parcel.get("uid") == operation.payload["shipment"]:
            parcel.update(changed)
    shown["shipments"] = parcels
    if parcels:
        shown["shipment_carrier"] = parcels[-1].get("carrier")
        shown["shipment_tracking_number"] = parcels[-1].get("tracking_number")


def _product_image(shown: Wire, operation: Operation) -> None:
    for edit in operation.edits:
        shown[edit.field] = shown[f"{edit.field}_thumbnail"] = edit.new


_APPLY = {
    OpKind.CREATE: _create,
    OpKind.UPDATE: _update,
    OpKind.DELETE: _nothing,
    OpKind.ADD_PHOTO: _add_photo,
    OpKind.REMOVE_PHOTO: _remove_photo,
    OpKind.ORDER_PHOTOS: _order_photos,
    OpKind.PRIMARY_PHOTO: _primary_photo,
    OpKind.ADD_SHIPMENT: _add_shipment,
    OpKind.REMOVE_SHIPMENT: _remove_shipment,
    OpKind.EDIT_SHIPMENT: _edit_shipment,
    OpKind.ADD_LISTING: add_listing,
    OpKind.REVISE_LISTING: revise_listing,
    OpKind.DELIST: delist,
    OpKind.PRODUCT_IMAGE: _product_image,
}
