"""What the endpoints share: scope, lists, entity tags, and writes as one transaction each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial, wraps
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response

from instica_desktop.server.domain.roles import ALWAYS, Action
from instica_desktop.server.filters.common import Ordering, order
from instica_desktop.server.models import Organization
from instica_desktop.server.storage.transactions import writing
from instica_desktop.server.web.etags import check_if_match, etag_of
from instica_desktop.server.web.idempotency import answer_once
from instica_desktop.server.web.pagination import Page
from instica_desktop.server.web.release import let_rows_go
from instica_desktop.server.web.rights import declared

Handler = Callable[..., Response]

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Same key, same answer, for 24 hours.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The record's ETag; 412 when it has changed.",
)


def write(handler: Handler | None = None, *, secret: bool = False) -> Any:
    """Run a handler in one transaction that holds the write lock, answering a repeated POST from the record.

    The lock is the one `view.lock_key()` names: of the caller's organization, or of all.
    `view.prepare(request)` runs first, outside the lock: reading a body and decoding a picture take time.
    """

    def decorate(inner: Handler) -> Handler:
        @wraps(inner)
        def run(view: Any, request: Any, *args: Any, **kwargs: Any) -> Response:
            view.prepare(request)
            with writing(view.lock_key()):
                act = partial(inner, view, request, *args, **kwargs)
                return answer_once(request, act, view.where_it_acts(), secret=secret)

        return run

    return decorate if handler is None else decorate(handler)


_POSITIVE = {"type": "integer", "minimum": 1}
PAGING = [
    OpenApiParameter("page", _POSITIVE, default=1),
    OpenApiParameter("page_size", _POSITIVE, description="More than 100 acts as 100."),
]


def list_parameters(filterset: Any, orderings: Ordering, default: str, size: int) -> list[OpenApiParameter]:
    """Return a list's query parameters for the schema, from its filters and orderings."""
    filters = [
        OpenApiParameter(name, OpenApiTypes.STR, description=item.label)
        for name, item in filterset.base_filters.items()
    ]
    names = OpenApiParameter(
        "ordering",
        OpenApiTypes.STR,
        enum=list(orderings),
        default=[default],
        many=True,
        explode=False,
        description="Each decides between records that are equal by those before it.",
    )
    return [*filters, names, *page_parameters(size)]


def page_parameters(size: int) -> list[OpenApiParameter]:
    """Return the parameters that cut a list into pages of `size` by default, for the schema."""
    page, page_size = PAGING
    described = OpenApiParameter("page_size", page_size.type, default=size, description=page_size.description)
    return [page, described]


class ShopViewSet(viewsets.GenericViewSet):
    """Base of the endpoints. `prepare` may be overridden to read what a write needs before the lock.

    `needs` says what each handler (or HTTP method, or `*`) does, as far as rights go; see `web.rights`.
    """

    needs: ClassVar[Mapping[str, Action]] = {}
    lookup_field = "uid"
    lookup_value_regex = "[^/]+"
    pagination_class = None
    filter_backends: ClassVar[list[Any]] = []
    stays_inside_organization: ClassVar[bool] = False
    """Whether its changes read and write one organization only: nothing that is unique among all of them."""

    def prepare(self, request: Any) -> None:
        """Read the body, so that its errors come before the write lock."""
        _ = request.data

    def lock_key(self) -> int | None:
        """Return the organization whose write lock a change needs; None for the lock of all."""
        return self.organization.pk if self.stays_inside_organization else None

    def where_it_acts(self) -> Organization | None:
        """Return the organization the request changes; None for what concerns the caller's account alone."""
        return None if declared(self, self.request.method, self.action) in ALWAYS else self.organization

    @property
    def organization(self) -> Organization:
        """The caller's organization; nothing else exists for the caller."""
        return self.request.user.organization

    def checked(self, form: Any, request: Any, *, partial: bool = False) -> dict[str, Any]:
        """Return the validated body. Errors: `ValidationError` (400)."""
        bound = form(data=request.data, partial=partial, context={"organization": self.organization})
        bound.is_valid(raise_exception=True)
        return bound.validated_data


class RecordViewSet(ShopViewSet):
    """A kind of record with a list and details; subclasses name rows, record, filters and orderings."""

    stays_inside_organization = True
    default_size: ClassVar[int]
    filterset: ClassVar[Any]
    default_ordering: ClassVar[str]

    def rows(self) -> Any:
        """Return all rows with what their record shows, prefetched."""
        raise NotImplementedError

    def rows_of_list(self) -> Any:
        """Return all rows as lists show them: without what is only needed to change a row."""
        return self.rows()

    def complete(self, rows: Sequence[Any]) -> None:
        """Read along what of rows their query does not bring; a few queries however many they are."""

    def orderings(self) -> Ordering:
        """Return the orderings by name."""
        raise NotImplementedError

    def get_queryset(self) -> Any:
        """Return the caller's rows."""
        return self.rows().filter(organization=self.organization)

    def found(self, uid: str) -> Any:
        """Return one of the caller's rows. Errors: `NotFound` (404)."""
        row = self.get_queryset().filter(uid=uid).first()
        if row is None:
            raise NotFound("Not found.")
        self.complete([row])
        return row

    def tag(self, row: Any) -> str:
        """Return a row's entity tag."""
        return etag_of(self.serializer_class, row)

    def fresh(self, uid: str) -> Any:
        """Return a row to be changed, once the request's `If-Match` fits. Errors: 404, 412."""
        row = self.found(uid)
        if "HTTP_IF_MATCH" in self.request.META:
            check_if_match(self.request, self.tag(row))
        return row

    def answer(self, uid: str, status: int = 200) -> Response:
        """Return a record as it now stands, with its tag."""
        row = self.found(uid)
        data = self.shown([row])[0]
        return Response(data, status=status, headers={"ETag": self.tag(row)})

    def shown(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        """Return rows as records."""
        record: Any = self.serializer_class
        show = record.kept(self.get_serializer_context()).to_representation
        return [show(row) for row in rows]

    def selected(self, request: Any) -> Any:
        """Return the rows the query asks for, in its order, without what their records show.

        Errors: 400 by parameter.
        """
        base = self.get_queryset().model.objects.filter(organization=self.organization)
        wanted = request.query_params.get("ordering", "")
        return order(self._narrowed(base, request), wanted, self.orderings(), self.default_ordering)

    def _narrowed(self, rows: Any, request: Any) -> Any:
        if self.filterset.base_filters.keys().isdisjoint(request.query_params):
            return rows  # a set of filters copies them all first
        filters = self.filterset(request.query_params, queryset=rows, request=request)
        if not filters.is_valid():
            raise ValidationError(filters.errors)
        return filters.qs

    def listed(self, request: Any) -> Response:
        """Return one page of the list the query asks for. Errors.

        400 by parameter, 404 for a page that is none.
        """
        page = Page(request, self.selected(request), self.default_size)
        rows = page.rows(self.rows_of_list().filter(organization=self.organization))
        for row in rows:
            row.organization = self.organization  # known: it need not be read again for each row
        self.complete(rows)
        records = self.shown(rows)
        let_rows_go(rows)
        return page.answer(records)
