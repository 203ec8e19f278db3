"""`/api/v1/catalog/search/`. Source: api contract, Products, Catalogue look-up."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from instica_desktop.server.catalogue import catalogue
from instica_desktop.server.serializers.catalogue import LookUpForm, ReleaseRecord
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.views.base import ShopViewSet

_TERMS = [OpenApiParameter(name, str) for name in ("barcode", "catalog_number", "artist", "title", "q")]


class CatalogueViewSet(ShopViewSet):
    """The catalogue of releases, the same for every shop."""

    serializer_class = ReleaseRecord

    @extend_schema(parameters=_TERMS, responses={200: ReleaseRecord(many=True), 404: ErrorRecord})
    def search(self, request: Any) -> Response:
        """Return the releases that fit, as a bare array: none, one to confirm, or several to choose from."""
        form = LookUpForm(data={name: request.query_params[name] for name in request.query_params})
        form.is_valid(raise_exception=True)
        terms: Any = form.validated_data
        known = catalogue()
        if known is None:
            raise NotFound("This server has no catalogue.")
        return Response(self.get_serializer(known.find(terms), many=True).data)
