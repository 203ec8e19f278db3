"""`/api/v1/inventory/import/{job}/rows/`: what became of each row. Source: api contract, Import."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response

from instica_desktop.server.jobs.csv_import import KIND
from instica_desktop.server.jobs.csv_results import RESULTS, count_rows, rows_of
from instica_desktop.server.models import Job
from instica_desktop.server.serializers.import_rows import ImportRowRecord
from instica_desktop.server.views.base import ShopViewSet, page_parameters
from instica_desktop.server.web.pagination import Envelope, Stretch

PAGE_SIZE = 100
_RESULT = OpenApiParameter(
    "result", OpenApiTypes.STR, enum=list(RESULTS), description="Rows of one result only."
)


class ImportRowsViewSet(ShopViewSet):
    """The rows of one import, in the order of the file."""

    serializer_class = ImportRowRecord
    pagination_class = Envelope
    queryset = Job.objects.none()

    @extend_schema(parameters=[_RESULT, *page_parameters(PAGE_SIZE)], responses=ImportRowRecord(many=True))
    def list(self, request: Any, job: str) -> Response:
        """Return what became of the rows, page by page; while an import runs, of those done so far."""
        found = Job.objects.filter(organization=self.organization, kind=KIND, uid=job).first()
        if found is None:
            raise NotFound("Not found.")
        result = request.query_params.get("result", "")
        if result not in ("", *RESULTS):
            raise ValidationError({"result": [f"{result[:100]} is none of {', '.join(RESULTS)}."]})
        page = Stretch(request, count_rows(found, result), PAGE_SIZE)
        rows = rows_of(found, result, page.start, page.stop)
        return page.answer(self.get_serializer(rows, many=True).data)
