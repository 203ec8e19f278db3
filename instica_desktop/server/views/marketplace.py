"""`/api/v1/marketplace/`: connections and import jobs. Source: api contract, Marketplace & import."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.jobs.marketplace_import import KIND
from instica_desktop.server.models import Connection, Job
from instica_desktop.server.models.jobs import FINAL
from instica_desktop.server.operations import jobs
from instica_desktop.server.operations.connections import synchronize
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.serializers.marketplace import ConnectionRecord, ImportJobForm, ImportJobRecord
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, ShopViewSet, page_parameters, write
from instica_desktop.server.web.errors import Conflict
from instica_desktop.server.web.pagination import Page

PAGE_SIZE = 25


class ConnectionViewSet(ShopViewSet):
    """The organization's accounts on marketplaces; made by the browser sign-in, never by a POST here."""

    needs = {"destroy": Action.MANAGE_CONNECTIONS, "sync": Action.SELL}
    serializer_class = ConnectionRecord
    queryset = Connection.objects.none()

    def _connection(self, uid: str) -> Connection:
        rows = Connection.objects.select_related("organization")
        found = rows.filter(organization=self.organization, uid=uid).first()
        if found is None:
            raise NotFound("Not found.")
        return found

    @extend_schema(responses=ConnectionRecord(many=True))
    def list(self, request: Any) -> Response:
        """Return the connections, as a bare array, by platform."""
        rows = Connection.objects.filter(organization=self.organization).order_by("platform")
        return Response(self.get_serializer(rows, many=True).data)

    def retrieve(self, request: Any, uid: str) -> Response:
        """Return one connection."""
        return Response(self.get_serializer(self._connection(uid)).data)

    @extend_schema(responses={204: None})
    @write
    def destroy(self, request: Any, uid: str) -> Response:
        """End a connection. Its offers stay where they are, and can be ended from here no more."""
        self._connection(uid).delete()
        return Response(status=204)

    @extend_schema(
        request=None, responses={200: ConnectionRecord, 409: ErrorRecord}, parameters=[IDEMPOTENCY_KEY]
    )
    @write
    def sync(self, request: Any, uid: str) -> Response:
        """Fetch new orders and try again to end what could not be ended; 409 when it must be renewed."""
        connection = self._connection(uid)
        synchronize(connection)
        return Response(self.get_serializer(connection).data)


class ImportJobViewSet(ShopViewSet):
    """Imports of what marketplaces hold; the work is done behind the requests."""

    needs = {"create": Action.IMPORT_STOCK, "cancel": Action.IMPORT_STOCK}
    serializer_class = ImportJobRecord
    queryset = Job.objects.none()

    def _jobs(self) -> Any:
        return Job.objects.filter(organization=self.organization, kind=KIND)

    def _job(self, uid: str) -> Job:
        found = self._jobs().filter(uid=uid).first()
        if found is None:
            raise NotFound("Not found.")
        return found

    def _check_free(self, platform: str) -> None:
        running = self._jobs().exclude(status__in=FINAL)
        if any(job.payload["platform"] == platform for job in running):
            raise Conflict("An import from this marketplace is under way already.")

    @extend_schema(parameters=page_parameters(PAGE_SIZE), responses=ImportJobRecord(many=True))
    def list(self, request: Any) -> Response:
        """List the imports, newest first."""
        page = Page(request, self._jobs().order_by("-created", "-pk"), PAGE_SIZE)
        return page.answer(self.get_serializer(page.rows(self._jobs()), many=True).data)

    @extend_schema(
        request=ImportJobForm,
        responses={202: ImportJobRecord, 409: ErrorRecord},
        parameters=[IDEMPOTENCY_KEY],
    )
    @write
    def create(self, request: Any) -> Response:
        """Ask for an import; 409 while one from the same marketplace is under way."""
        platform = self.checked(ImportJobForm, request)["platform"]
        self._check_free(platform)
        job = jobs.enqueue(self.organization, KIND, {"platform": platform}, user=request.user)
        return Response(self.get_serializer(job).data, status=202)

    def retrieve(self, request: Any, uid: str) -> Response:
        """Return one import and how far it is."""
        return Response(self.get_serializer(self._job(uid)).data)

    @extend_schema(request=None, responses=ImportJobRecord, parameters=[IDEMPOTENCY_KEY])
    @write
    def cancel(self, request: Any, uid: str) -> Response:
        """End an import after its present piece of work; what was taken over stays."""
        job = self._job(uid)
        jobs.cancel(job)
        return Response(self.get_serializer(job).data)
