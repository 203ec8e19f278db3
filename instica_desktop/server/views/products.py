"""`/api/v1/products/`. Source: api contract, Products."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.filters import products as filters
from instica_desktop.server.models import Item, Listing, Product
from instica_desktop.server.operations.derived import product_changed
from instica_desktop.server.operations.products import create_product, delete_product, update_product
from instica_desktop.server.serializers.products import (
    ImageUploadForm,
    PresenceRecord,
    ProductForm,
    ProductRecord,
    presences,
)
from instica_desktop.server.storage.pictures import Picture, drop_pictures, keep_picture, read_picture
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, IF_MATCH, RecordViewSet, list_parameters, write

PAGE_SIZE = 15
NESTED_ITEMS = 100
"""A product shows its newest items; the rest come by `inventory/?product=`."""


def product_rows() -> Any:
    """Return products with all that their record shows: six queries however many products."""
    live = Listing.objects.filter(status="listed").order_by("platform", "-pk")
    newest = Item.objects.order_by("-created", "uid")
    offered = newest.filter(Exists(live.filter(item=OuterRef("pk")))).prefetch_related(
        Prefetch("listings", live)
    )
    return Product.objects.select_related("artist", "label", "organization").prefetch_related(
        Prefetch("items", newest[:NESTED_ITEMS], to_attr="newest_items"),
        Prefetch("items", offered, to_attr="offered_items"),
        "digital_assets",
    )


class ProductViewSet(RecordViewSet):
    """The products of the shop."""

    serializer_class = ProductRecord
    default_size = PAGE_SIZE
    filterset = filters.ProductFilters
    default_ordering = filters.DEFAULT_ORDERING

    def rows(self) -> Any:
        """Return products with all that their record shows."""
        return product_rows()

    def orderings(self) -> Any:
        """Return the products' orderings."""
        return filters.orderings()

    @extend_schema(
        parameters=list_parameters(
            filters.ProductFilters, filters.orderings(), filters.DEFAULT_ORDERING, PAGE_SIZE
        )
    )
    def list(self, request: Any) -> Response:
        """List products."""
        return self.listed(request)

    @extend_schema(request=ProductForm, responses={201: ProductRecord}, parameters=[IDEMPOTENCY_KEY])
    @write
    def create(self, request: Any) -> Response:
        """Make a product."""
        product = create_product(self.organization, self.checked(ProductForm, request))
        return self.answer(product.uid, 201)

    def retrieve(self, request: Any, uid: str) -> Response:
        """Return one product."""
        return self.answer(uid)

    @extend_schema(request=ProductForm, parameters=[IF_MATCH])
    @write
    def partial_update(self, request: Any, uid: str) -> Response:
        """Change a product."""
        values = self.checked(ProductForm, request, partial=True)
        update_product(self.fresh(uid), values)
        return self.answer(uid)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    @write
    def destroy(self, request: Any, uid: str) -> Response:
        """Delete a product; 409 while it has items."""
        stems = delete_product(self.fresh(uid))
        transaction.on_commit(lambda: drop_pictures(stem.rpartition(".")[0] for stem in stems))
        return Response(status=204)

    @extend_schema(responses=PresenceRecord(many=True))
    def presences(self, request: Any, uid: str) -> Response:
        """Return where the product is on offer, as a bare array."""
        return Response(presences(self.found(uid)))


class ProductImageViewSet(RecordViewSet):
    """The uploaded picture of one product; without one its drawn sleeve shows."""

    needs = {"*": Action.EDIT_STOCK}
    serializer_class = ProductRecord
    parser_classes = [MultiPartParser]
    picture: Picture | None = None

    def rows(self) -> Any:
        """Return products with all that their record shows."""
        return product_rows()

    def prepare(self, request: Any) -> None:
        """Decode an upload before the write lock is taken."""
        if request.method == "POST":
            self.found(self.kwargs["uid"])
            self.picture = read_picture(self.checked(ImageUploadForm, request)["image"])

    def _show(self, uid: str, picture: Picture | None) -> None:
        product = self.fresh(uid)
        old = product.image.rpartition(".")[0]
        product.image = f"{picture.stem}{picture.suffix}" if picture else ""
        product_changed(product)
        if picture:
            keep_picture(picture)
        if old:
            transaction.on_commit(lambda: drop_pictures([old]))

    @extend_schema(request={"multipart/form-data": ImageUploadForm}, parameters=[IDEMPOTENCY_KEY])
    @write
    def create(self, request: Any, uid: str) -> Response:
        """Give the product a picture."""
        self._show(uid, self.picture)
        return self.answer(uid)

    @extend_schema(responses={204: None})
    @write
    def destroy(self, request: Any, uid: str) -> Response:
        """Take the uploaded picture away."""
        self._show(uid, None)
        return Response(status=204)
