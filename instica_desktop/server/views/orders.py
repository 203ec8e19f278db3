"""`/api/v1/orders/` and shipments. Source: api contract, Orders & sales."""

from typing import Any

from django.db.models import Prefetch
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.filters import orders as filters
from instica_desktop.server.models import Asset, Order, Shipment
from instica_desktop.server.operations.derived import order_changed
from instica_desktop.server.operations.orders import create_shipment, delete_shipment, update_shipment
from instica_desktop.server.serializers.orders import (
    OrderForm,
    OrderRecord,
    SharedNumberRecord,
    ShipmentForm,
    ShipmentRecord,
)
from instica_desktop.server.views.base import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    RecordViewSet,
    ShopViewSet,
    list_parameters,
    write,
)

PAGE_SIZE = 25
_SHARED = OpenApiResponse(
    SharedNumberRecord, "The number is on orders to other addresses, or it contradicts what is stored."
)


def order_rows() -> Any:
    """Return orders with all that their record shows: three queries however many orders."""
    related = ("listing__item__product__artist", "listing__item__product__label", "organization")
    primary = Asset.objects.filter(is_primary=True)
    return Order.objects.select_related(*related).prefetch_related(
        Prefetch("listing__item__assets", primary),
        Prefetch("shipments", Shipment.objects.order_by("created", "pk")),
    )


class OrderViewSet(RecordViewSet):
    """The sales of the shop."""

    needs = {"partial_update": Action.SELL}
    serializer_class = OrderRecord
    default_size = PAGE_SIZE
    filterset = filters.OrderFilters
    default_ordering = filters.DEFAULT_ORDERING

    def rows(self) -> Any:
        """Return orders with all that their record shows."""
        return order_rows()

    def orderings(self) -> Any:
        """Return the orders' orderings."""
        return filters.orderings()

    @extend_schema(
        parameters=list_parameters(
            filters.OrderFilters, filters.orderings(), filters.DEFAULT_ORDERING, PAGE_SIZE
        )
    )
    def list(self, request: Any) -> Response:
        """List orders."""
        return self.listed(request)

    def retrieve(self, request: Any, uid: str) -> Response:
        """Return one order."""
        return self.answer(uid)

    @extend_schema(request=OrderForm, parameters=[IF_MATCH])
    @write
    def partial_update(self, request: Any, uid: str) -> Response:
        """Change an order's note."""
        values = self.checked(OrderForm, request, partial=True)
        order = self.fresh(uid)
        for name, value in values.items():
            setattr(order, name, value)
        order_changed(order)
        return self.answer(uid)


class ShipmentViewSet(ShopViewSet):
    """The parcels of one order."""

    needs = {"create": Action.SELL, "partial_update": Action.SELL, "destroy": Action.SELL}
    serializer_class = ShipmentRecord
    lookup_field = "shipment"
    stays_inside_organization = True
    queryset = Shipment.objects.none()

    def _order(self, uid: str) -> Order:
        order = order_rows().filter(organization=self.organization, uid=uid).first()
        if order is None:
            raise NotFound("Not found.")
        return order

    def _shipment(self, uid: str, shipment: str) -> Shipment:
        order = self._order(uid)
        found = Shipment.objects.filter(order=order, uid=shipment).first()
        if found is None:
            raise NotFound("Not found.")
        found.order = order
        return found

    @extend_schema(responses=ShipmentRecord(many=True))
    def list(self, request: Any, uid: str) -> Response:
        """Return the parcels of an order, as a bare array, oldest first."""
        rows = Shipment.objects.filter(order=self._order(uid)).order_by("created", "pk")
        return Response(self.get_serializer(rows, many=True).data)

    @extend_schema(
        request=ShipmentForm,
        responses={201: ShipmentRecord, 409: _SHARED},
        parameters=[IDEMPOTENCY_KEY],
    )
    @write
    def create(self, request: Any, uid: str) -> Response:
        """Add a parcel: order and item become shipped; 409 asks about a number of another address."""
        shipment = create_shipment(self._order(uid), self.checked(ShipmentForm, request))
        return Response(self.get_serializer(shipment).data, status=201)

    def retrieve(self, request: Any, uid: str, shipment: str) -> Response:
        """Return one parcel."""
        return Response(self.get_serializer(self._shipment(uid, shipment)).data)

    @extend_schema(request=ShipmentForm, responses={200: ShipmentRecord, 409: _SHARED})
    @write
    def partial_update(self, request: Any, uid: str, shipment: str) -> Response:
        """Change a parcel; 409 asks about a number of another address."""
        found = self._shipment(uid, shipment)
        update_shipment(found, self.checked(ShipmentForm, request, partial=True))
        return Response(self.get_serializer(found).data)

    @extend_schema(responses={204: None})
    @write
    def destroy(self, request: Any, uid: str, shipment: str) -> Response:
        """Remove a parcel; with the last one order and item move back."""
        delete_shipment(self._shipment(uid, shipment))
        return Response(status=204)
