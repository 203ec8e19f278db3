"""Products and the catalogue. Source: api contract, Products."""

from django.urls import path

from instica_desktop.server.routes.common import LIST, RECORD
from instica_desktop.server.views.catalogue import CatalogueViewSet
from instica_desktop.server.views.products import ProductImageViewSet, ProductViewSet

_PRODUCT = "api/v1/products/<str:uid>/"

ROUTES = [
    path("api/v1/products/", ProductViewSet.as_view(LIST)),
    path(_PRODUCT, ProductViewSet.as_view(RECORD)),
    path(f"{_PRODUCT}image/", ProductImageViewSet.as_view({"post": "create", "delete": "destroy"})),
    path(f"{_PRODUCT}presences/", ProductViewSet.as_view({"get": "presences"})),
    path("api/v1/catalog/search/", CatalogueViewSet.as_view({"get": "search"})),
]
