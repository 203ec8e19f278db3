"""`/api/v1/inventory/export/`. Source: api contract, Inventory, CSV."""

from array import array
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from instica_desktop.server.filters import inventory as filters
from instica_desktop.server.models import Item
from instica_desktop.server.serializers.export import COLUMNS, row_of
from instica_desktop.server.tables.export import csv_text
from instica_desktop.server.views.base import RecordViewSet, list_parameters
from instica_desktop.server.views.inventory import read_offers

_AT_ONCE = 200
_PARAMETERS = list_parameters(filters.ItemFilters, filters.orderings(), filters.DEFAULT_ORDERING, 0)[:-2]


def _rows(keys: "array[int]") -> Iterator[list[Any]]:
    """Yield the cells of the items, a few hundred read at a time; one deleted meanwhile is left out."""
    related = Item.objects.select_related("product__artist", "product__label")
    for start in range(0, len(keys), _AT_ONCE):
        wanted = keys[start : start + _AT_ONCE]
        found = related.in_bulk(list(wanted))
        read_offers(list(found.values()))
        yield from (row_of(found[key]) for key in wanted if key in found)


class ExportViewSet(RecordViewSet):
    """The inventory as one table."""

    filterset = filters.ItemFilters
    default_ordering = filters.DEFAULT_ORDERING

    def rows(self) -> Any:
        """Return items."""
        return Item.objects.all()

    def orderings(self) -> Any:
        """Return the inventory's orderings."""
        return filters.orderings()

    @extend_schema(parameters=_PARAMETERS, responses={(200, "text/csv"): OpenApiTypes.STR})
    def retrieve(self, request: Any) -> HttpResponse | StreamingHttpResponse:
        """Return the items a list with this query has, as CSV the import takes; only their order is kept."""
        keys = array("q", self.selected(request).values_list("pk", flat=True).iterator(chunk_size=2000))
        response = StreamingHttpResponse(
            csv_text(list(COLUMNS), _rows(keys)), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = 'attachment; filename="inventory.csv"'
        return response
