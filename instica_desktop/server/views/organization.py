"""`/api/v1/organization/{uid}/`: the organization and its addresses. Source: api contract, Organization."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.models import Address, Organization
from instica_desktop.server.operations.addresses import add_address, change_address, delete_address
from instica_desktop.server.serializers.organization import (
    OrganizationForm,
    PostalAddressForm,
    PostalAddressRecord,
    WholeOrganizationRecord,
)
from instica_desktop.server.storage.pictures import Picture, drop_pictures, keep_picture, read_picture
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, IF_MATCH, ShopViewSet, write
from instica_desktop.server.web.etags import check_if_match, etag_of
from instica_desktop.server.web.pagination import Envelope, Page
from instica_desktop.server.web.parsers import StrictJSONParser


class OwnOrganizationViewSet(ShopViewSet):
    """Base of what lies below the caller's organization; any other one is absent."""

    def own(self, uid: str) -> Organization:
        """Return the caller's organization if this is its uid. Errors: `NotFound` (404)."""
        if self.organization is None or uid != self.organization.uid:
            raise NotFound("Not found.")
        return Organization.objects.get(pk=self.organization.pk)

    def one(self, rows: Any, uid: str) -> Any:
        """Return one of the organization's rows. Errors: `NotFound` (404)."""
        row = rows.filter(uid=uid).first()
        if row is None:
            raise NotFound("Not found.")
        return row

    def paged(self, request: Any, rows: Any) -> Response:
        """Return one page of rows, which have an order already."""
        page = Page(request, rows, 100)
        return page.answer(self.get_serializer(page.rows(rows), many=True).data)


class OrganizationViewSet(OwnOrganizationViewSet):
    """The caller's organization."""

    needs = {"partial_update": Action.EDIT_ORGANIZATION}
    serializer_class = WholeOrganizationRecord
    parser_classes = [StrictJSONParser, MultiPartParser]
    queryset = Organization.objects.none()
    picture: Picture | None = None

    def prepare(self, request: Any) -> None:
        """Decode a logo before the write lock is taken; its errors stand under its own name."""
        upload = request.data.get("logo") if hasattr(request.data, "get") else None
        if not hasattr(upload, "chunks"):
            return
        try:
            self.picture = read_picture(upload)
        except ValidationError as error:
            raise ValidationError({"logo": error.detail["image"]}) from None  # pyright: ignore[reportArgumentType, reportCallIssue]

    def _answer(self, organization: Organization) -> Response:
        data = self.get_serializer(organization).data
        return Response(data, headers={"ETag": etag_of(WholeOrganizationRecord, organization)})

    def retrieve(self, request: Any, uid: str) -> Response:
        """Return the organization."""
        return self._answer(self.own(uid))

    @extend_schema(
        request={"application/json": OrganizationForm, "multipart/form-data": OrganizationForm},
        parameters=[IF_MATCH],
    )
    @write
    def partial_update(self, request: Any, uid: str) -> Response:
        """Change names, the kind of barcode, or the logo (multipart; null takes it away)."""
        organization = self.own(uid)
        values = self.checked(OrganizationForm, request, partial=True)
        check_if_match(request, etag_of(WholeOrganizationRecord, organization))
        if "logo" in values:
            del values["logo"]
            self._show_logo(organization)
        for name, value in values.items():
            setattr(organization, name, value)
        organization.save()
        return self._answer(organization)

    def _show_logo(self, organization: Organization) -> None:
        old, picture = organization.logo.rpartition(".")[0], self.picture
        organization.logo = f"{picture.stem}{picture.suffix}" if picture else ""
        if picture:
            keep_picture(picture)
        if old:
            transaction.on_commit(lambda: drop_pictures([old]))


class AddressViewSet(OwnOrganizationViewSet):
    """The organization's addresses."""

    needs = {
        "create": Action.EDIT_ORGANIZATION,
        "partial_update": Action.EDIT_ORGANIZATION,
        "destroy": Action.EDIT_ORGANIZATION,
    }
    pagination_class = Envelope
    serializer_class = PostalAddressRecord
    lookup_field = "address"
    queryset = Address.objects.none()

    def _rows(self, uid: str) -> Any:
        rows = Address.objects.filter(organization=self.own(uid)).select_related("organization")
        return rows.order_by("-is_primary", "pk")

    @extend_schema(responses=PostalAddressRecord(many=True))
    def list(self, request: Any, uid: str) -> Response:
        """List the addresses, the primary one first."""
        return self.paged(request, self._rows(uid))

    @extend_schema(
        request=PostalAddressForm, responses={201: PostalAddressRecord}, parameters=[IDEMPOTENCY_KEY]
    )
    @write
    def create(self, request: Any, uid: str) -> Response:
        """Add an address; the first one is primary."""
        address = add_address(self.own(uid), self.checked(PostalAddressForm, request))
        return Response(self.get_serializer(address).data, status=201)

    def retrieve(self, request: Any, uid: str, address: str) -> Response:
        """Return one address."""
        return Response(self.get_serializer(self.one(self._rows(uid), address)).data)

    @extend_schema(request=PostalAddressForm)
    @write
    def partial_update(self, request: Any, uid: str, address: str) -> Response:
        """Change an address, or make it the primary one."""
        found = self.one(self._rows(uid), address)
        change_address(found, self.checked(PostalAddressForm, request, partial=True))
        return Response(self.get_serializer(found).data)

    @extend_schema(responses={204: None})
    @write
    def destroy(self, request: Any, uid: str, address: str) -> Response:
        """Remove an address; another becomes primary if it was."""
        delete_address(self.one(self._rows(uid), address))
        return Response(status=204)
