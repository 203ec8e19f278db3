"""`/api/v1/inventory/bulk/`. Source: api contract, Inventory, Bulk."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import APIException, PermissionDenied, ValidationError
from rest_framework.response import Response

from instica_desktop.server.domain.roles import Action, may
from instica_desktop.server.models import Item
from instica_desktop.server.operations.bulk import ACTIONS
from instica_desktop.server.operations.entitlements import BULK_EDIT, require
from instica_desktop.server.operations.recounting import recounting_once
from instica_desktop.server.serializers.bulk import BulkAnswer, BulkForm, ItemState
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.storage.transactions import trial, writing
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, ShopViewSet, write
from instica_desktop.server.views.inventory import read_offers
from instica_desktop.server.web.errors import NON_FIELD, by_field
from instica_desktop.server.web.rights import role_of

Result = dict[str, Any]


def _state(item: Item) -> Any:
    read_offers([item])
    return ItemState(item).data


def _result(uid: str, before: Any = None, after: Any = None, errors: Any = None) -> Result:
    return {"uid": uid, "ok": not errors, "before": before, "after": after, "errors": errors or {}}


class BulkViewSet(ShopViewSet):
    """Acts on many items at once."""

    needs = {"create": Action.BULK_EDIT}
    serializer_class = BulkForm
    queryset = Item.objects.none()

    def prepare(self, request: Any) -> None:
        """Refuse what the plan does not include, and read the body, before the lock."""
        require(self.organization, BULK_EDIT)
        super().prepare(request)
        self.form = self.checked(BulkForm, request)
        if self.form["action"] == "delete" and not may(role_of(request.user), Action.BULK_DELETE):
            raise PermissionDenied

    @extend_schema(
        request=BulkForm, responses={200: BulkAnswer, 402: ErrorRecord}, parameters=[IDEMPOTENCY_KEY]
    )
    @write
    def create(self, request: Any) -> Response:
        """Do one act to each item, all or nothing for each; `dry_run` says what would happen."""
        with trial(self.form["dry_run"]), recounting_once():
            states = {uid: _state(item) for uid in self.form["uids"] if (item := self._found(uid))}
            self.done = set[int]()
            results = [self._one(uid, states.get(uid)) for uid in self.form["uids"]]
        return Response({"results": results})

    def _found(self, uid: str) -> Item | None:
        rows = Item.objects.select_related("product__artist", "product__label", "organization")
        return rows.filter(organization=self.organization, uid=uid).first()

    def _one(self, uid: str, before: Any) -> Result:
        item = self._found(uid)  # anew: it may have changed along with one that shares its offer
        if item is None:
            return _result(uid, errors={NON_FIELD: ["Not found."]})
        try:
            with writing():
                refused = ACTIONS[self.form["action"]](item, dict(self.form["changes"]), self.done)
        except ValidationError as error:
            return _result(uid, before, errors=by_field(error.detail))
        except APIException as error:
            return _result(uid, before, errors={NON_FIELD: [str(error.detail)]})
        item = self._found(uid)
        return _result(uid, before, _state(item) if item else None, refused)
