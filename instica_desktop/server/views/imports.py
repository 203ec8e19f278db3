"""`/api/v1/inventory/import/`. Source: api contract, Inventory, CSV."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.jobs.csv_import import KIND
from instica_desktop.server.models import Job
from instica_desktop.server.operations.entitlements import CSV_IMPORT, require
from instica_desktop.server.operations.jobs import cancel, enqueue
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.serializers.imports import ImportForm
from instica_desktop.server.serializers.jobs import JobRecord
from instica_desktop.server.tables.columns import Columns
from instica_desktop.server.tables.encoding import TableUnreadable
from instica_desktop.server.tables.fields import lacking
from instica_desktop.server.tables.guesses import guessed, not_understood
from instica_desktop.server.tables.table import Table, open_table
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, ShopViewSet, write
from instica_desktop.server.web.parsers import StrictJSONParser


def _table(path: str) -> Table:
    try:
        return open_table(Path(path))
    except TableUnreadable as error:
        raise ValidationError({"file": [error.message]}) from None


def _check_mapping(mapping: dict[str, str], table: Table, mode: str, match: list[str]) -> None:
    """Demand the columns to exist and to be enough for the mode. Errors: `ValidationError`."""
    missing = Columns(table, mapping).missing()
    if missing:
        names = ", ".join(mapping[field] for field in missing)[:200]
        raise ValidationError({"mapping": [f"The file has no column {names}."]})
    if message := lacking(mapping, mode, match):
        unknown = not_understood(table, mapping)
        names = [f"Not understood: {'; '.join(unknown)}."[:2000]] if unknown else []
        raise ValidationError({"mapping": [message, *names]})


def _keep(upload: Any) -> str:
    """Move an upload to where the job finds it; returns its name there."""
    name = f"{secrets.token_hex(16)}.csv"
    Path(upload.temporary_file_path()).replace(settings.SHOP_FOLDER.jobs / name)
    return name


class ImportViewSet(ShopViewSet):
    """Imports of CSV files, each a job."""

    needs = {"create": Action.IMPORT_STOCK, "cancel": Action.IMPORT_STOCK}
    serializer_class = JobRecord
    lookup_field = "job"
    queryset = Job.objects.none()

    def get_parsers(self) -> list[Any]:
        """Take an upload as multipart, everything else as JSON."""
        return [MultiPartParser()] if getattr(self, "action", None) == "create" else [StrictJSONParser()]

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Name the action before the parsers are chosen."""
        self.action = getattr(self, "action_map", {}).get(request.method.lower())
        return super().initialize_request(request, *args, **kwargs)

    def prepare(self, request: Any) -> None:
        """Look at an upload before the write lock is taken."""
        if self.action == "create":
            require(self.organization, CSV_IMPORT)
        super().prepare(request)
        if self.action == "create":
            self.form = self.checked(ImportForm, request)
            table = _table(self.form["file"].temporary_file_path())
            self.form["guessed"] = not self.form.get("mapping")
            self.form["mapping"] = self.form.get("mapping") or guessed(table.header)
            _check_mapping(self.form["mapping"], table, self.form["mode"], self.form.get("match", []))

    def _job(self, uid: str) -> Job:
        job = Job.objects.filter(organization=self.organization, kind=KIND, uid=uid).first()
        if job is None:
            raise NotFound("Not found.")
        return job

    @extend_schema(
        request={"multipart/form-data": ImportForm},
        responses={202: JobRecord, 402: ErrorRecord},
        parameters=[IDEMPOTENCY_KEY],
    )
    @write
    def create(self, request: Any) -> Response:
        """Begin an import; rows are then checked and done one after the other, each all or nothing."""
        payload = {name: value for name, value in self.form.items() if name != "file"}
        file = _keep(self.form["file"])
        job = enqueue(self.organization, KIND, payload, user=request.user, file=file)
        return Response(self.get_serializer(job).data, status=202)

    def retrieve(self, request: Any, job: str) -> Response:
        """Return how far an import is, and what went wrong."""
        return Response(self.get_serializer(self._job(job)).data)

    @extend_schema(request=None, parameters=[IDEMPOTENCY_KEY])
    @write
    def cancel(self, request: Any, job: str) -> Response:
        """End an import after the rows at hand; what is done stays. One that has ended stays as it is."""
        found = self._job(job)
        cancel(found)
        return Response(self.get_serializer(found).data)
