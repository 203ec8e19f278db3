"""`/api/v1/inventory/{uid}/assets/`. Source: api contract, Inventory, Assets."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.models import Asset, Item
from instica_desktop.server.operations.assets import (
    add_asset,
    delete_asset,
    find_same,
    reorder_assets,
    update_asset,
)
from instica_desktop.server.serializers.inventory import (
    AssetForm,
    AssetOrderForm,
    AssetRecord,
    AssetUploadForm,
)
from instica_desktop.server.storage.pictures import Picture, drop_pictures, keep_picture, read_picture
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, ShopViewSet, write
from instica_desktop.server.web.parsers import StrictJSONParser


class AssetViewSet(ShopViewSet):
    """The photos of one item."""

    needs = {"destroy": Action.EDIT_STOCK}
    serializer_class = AssetRecord
    lookup_field = "asset"
    stays_inside_organization = True
    queryset = Asset.objects.none()
    picture: Picture | None = None

    def get_parsers(self) -> list[Any]:
        """Take an upload as multipart, everything else as JSON."""
        return [MultiPartParser()] if getattr(self, "action", None) == "create" else [StrictJSONParser()]

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Name the action before the parsers are chosen."""
        self.action = getattr(self, "action_map", {}).get(request.method.lower())
        return super().initialize_request(request, *args, **kwargs)

    def prepare(self, request: Any) -> None:
        """Decode an upload before the write lock is taken."""
        super().prepare(request)
        if self.action == "create":
            self._item(self.kwargs["uid"])
            self.form = self.checked(AssetUploadForm, request)
            self.picture = read_picture(self.form["image"])

    def _item(self, uid: str) -> Item:
        rows = Item.objects.select_related("product__artist", "product__label", "organization")
        item = rows.filter(organization=self.organization, uid=uid).first()
        if item is None:
            raise NotFound("Not found.")
        return item

    def _asset(self, uid: str, asset: str) -> Asset:
        found = Asset.objects.filter(item=self._item(uid), uid=asset)
        row = found.select_related("item__product__artist", "item__product__label").first()
        if row is None:
            raise NotFound("Not found.")
        return row

    def _all(self, uid: str) -> list[dict[str, Any]]:
        rows = Asset.objects.filter(item=self._item(uid)).select_related("item__product")
        return self.get_serializer(rows.order_by("position", "pk"), many=True).data

    @extend_schema(responses=AssetRecord(many=True))
    def list(self, request: Any, uid: str) -> Response:
        """Return the photos of an item, as a bare array in their order."""
        return Response(self._all(uid))

    @extend_schema(
        request={"multipart/form-data": AssetUploadForm},
        responses={200: AssetRecord, 201: AssetRecord},
        parameters=[IDEMPOTENCY_KEY],
    )
    @write
    def create(self, request: Any, uid: str) -> Response:
        """Add a photo; one the item already has is answered with 200 and not stored twice."""
        item, picture = self._item(uid), self.picture
        if picture is None:
            raise NotFound("Not found.")
        same = find_same(item, picture.sha256)
        if same is not None:
            return Response(self.get_serializer(same).data)
        values = picture.columns() | {"kind": self.form["kind"], "stem": picture.stem}
        asset = add_asset(item, values)
        keep_picture(picture)
        return Response(self.get_serializer(asset).data, status=201)

    def retrieve(self, request: Any, uid: str, asset: str) -> Response:
        """Return one photo."""
        return Response(self.get_serializer(self._asset(uid, asset)).data)

    @extend_schema(request=AssetForm)
    @write
    def partial_update(self, request: Any, uid: str, asset: str) -> Response:
        """Change a photo's kind, or make it the primary one."""
        update_asset(self._asset(uid, asset), self.checked(AssetForm, request, partial=True))
        return Response(self.get_serializer(self._asset(uid, asset)).data)

    @extend_schema(responses={204: None})
    @write
    def destroy(self, request: Any, uid: str, asset: str) -> Response:
        """Remove a photo and its files."""
        stems = delete_asset(self._asset(uid, asset))
        transaction.on_commit(lambda: drop_pictures(stems))
        return Response(status=204)

    @extend_schema(request=AssetOrderForm, responses=AssetRecord(many=True), parameters=[IDEMPOTENCY_KEY])
    @action(detail=False, methods=["post"])
    @write
    def reorder(self, request: Any, uid: str) -> Response:
        """Put the photos in a new order."""
        reorder_assets(self._item(uid), self.checked(AssetOrderForm, request)["order"])
        return Response(self._all(uid))
