"""`/api/v1/inventory/{uid}/listings/`: the offers of one item. Source: api contract, Inventory, Listings."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.models import Item, Listing
from instica_desktop.server.operations.listings import delist, list_item, revise_listing
from instica_desktop.server.operations.shared import offers_of
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.serializers.inventory import ListingCreateForm, ListingForm, ListingRecord
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, ShopViewSet, write


class ListingViewSet(ShopViewSet):
    """The offers of one item. One that it shares is changed and ended for all copies."""

    needs = dict.fromkeys(("create", "partial_update", "delist"), Action.MANAGE_LISTINGS)
    serializer_class = ListingRecord
    lookup_field = "listing"
    queryset = Listing.objects.none()

    def _item(self, uid: str) -> Item:
        related = ("product__artist", "product__label", "organization")
        item = Item.objects.select_related(*related).filter(organization=self.organization, uid=uid).first()
        if item is None:
            raise NotFound("Not found.")
        return item

    def _listing(self, uid: str, listing: str) -> Listing:
        item = self._item(uid)
        found = next((one for one in offers_of(item) if one.uid == listing), None)
        if found is None:
            raise NotFound("Not found.")
        return found

    @extend_schema(responses=ListingRecord(many=True))
    def list(self, request: Any, uid: str) -> Response:
        """Return an item's offers, as a bare array, by platform."""
        return Response(self.get_serializer(offers_of(self._item(uid)), many=True).data)

    @extend_schema(
        request=ListingCreateForm,
        responses={201: ListingRecord, 402: ErrorRecord},
        parameters=[IDEMPOTENCY_KEY],
    )
    @write
    def create(self, request: Any, uid: str) -> Response:
        """Put the item on offer. What the marketplace refuses is kept as `failed`, with the reason."""
        item = self._item(uid)
        values = self.checked(ListingCreateForm, request)
        listing = list_item(item, values.pop("platform"), values)
        return Response(self.get_serializer(listing).data, status=201)

    def retrieve(self, request: Any, uid: str, listing: str) -> Response:
        """Return one offer."""
        return Response(self.get_serializer(self._listing(uid, listing)).data)

    @extend_schema(request=ListingForm, responses={200: ListingRecord, 409: ErrorRecord})
    @write
    def partial_update(self, request: Any, uid: str, listing: str) -> Response:
        """Change price or title of an offer."""
        found = self._listing(uid, listing)
        revise_listing(found, self.checked(ListingForm, request, partial=True))
        return Response(self.get_serializer(found).data)

    @extend_schema(
        request=None, responses={200: ListingRecord, 409: ErrorRecord}, parameters=[IDEMPOTENCY_KEY]
    )
    @write
    def delist(self, request: Any, uid: str, listing: str) -> Response:
        """Take an offer off; `failed` when the marketplace did not end it. Ask again to retry."""
        found = self._listing(uid, listing)
        delist(found)
        return Response(self.get_serializer(found).data)
