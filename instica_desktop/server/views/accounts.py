"""`/api/v1/user/me/` and `/api/v1/api-keys/`. Source: api contract, User & account; Authentication."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.models import ApiKey, User
from instica_desktop.server.serializers.accounts import (
    ApiKeyForm,
    ApiKeyQuery,
    ApiKeyRecord,
    NewApiKeyRecord,
    UserForm,
    UserRecord,
)
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, IF_MATCH, PAGING, ShopViewSet, write
from instica_desktop.server.web.etags import check_if_match, etag_of
from instica_desktop.server.web.key_form import new_key
from instica_desktop.server.web.keys import TooManyKeys, replace_key, store_key
from instica_desktop.server.web.pagination import Page
from instica_desktop.server.web.rights import require

_LARGEST_PK = 2**63 - 1
ALL = OpenApiParameter(
    "all", OpenApiTypes.BOOL, description="The keys of everybody in the organization; for owners."
)


class UserViewSet(ShopViewSet):
    """The caller."""

    needs = {"*": Action.OWN_ACCOUNT}
    serializer_class = UserRecord
    queryset = User.objects.none()

    def _answer(self, user: User) -> Response:
        return Response(self.get_serializer(user).data, headers={"ETag": etag_of(UserRecord, user)})

    def retrieve(self, request: Any) -> Response:
        """Return the caller."""
        return self._answer(request.user)

    @extend_schema(request=UserForm, parameters=[IF_MATCH])
    @write
    def partial_update(self, request: Any) -> Response:
        """Change the caller's names and preferences; preferences not sent stay."""
        user = User.objects.get(pk=request.user.pk)
        user.organization = request.user.organization  # a key's own, which is not to be saved
        values = self.checked(UserForm, request, partial=True)
        check_if_match(request, etag_of(UserRecord, user))
        user.preferences = user.preferences | values.pop("preferences", {})
        for name, value in values.items():
            setattr(user, name, value)
        user.save(update_fields=[*values, "preferences"])
        return self._answer(user)


class ApiKeyViewSet(ShopViewSet):
    """The caller's active API keys; with `?all=true` an owner reaches those of everybody in the organization.

    A key reaches keys of its own organization only. A sign-in reaches the caller's keys of all.
    """

    needs = {"*": Action.OWN_KEYS, "current": Action.OWN_ACCOUNT}
    serializer_class = ApiKeyRecord
    lookup_field = "pk"
    lookup_value_regex = r"\d+"
    queryset = ApiKey.objects.none()

    def _own_keys(self) -> Any:
        keys = ApiKey.objects.filter(user=self.request.user, is_active=True)
        by_key = isinstance(self.request.auth, ApiKey)
        keys = keys.filter(organization=self.organization) if by_key else keys
        return keys.select_related("user", "organization")

    def _keys(self) -> Any:
        """Return the keys the request is about. Errors: 400 on `all`, 403 for who is no owner."""
        asked: Any = ApiKeyQuery(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        if not asked.validated_data["all"]:
            return self._own_keys()
        require(self.request, Action.MANAGE_KEYS)
        keys = ApiKey.objects.filter(organization=self.organization, is_active=True)
        return keys.select_related("user", "organization")

    def _key(self, pk: str, keys: Any = None) -> ApiKey:
        keys = self._keys() if keys is None else keys
        found = keys.filter(pk=int(pk)).first() if int(pk) <= _LARGEST_PK else None
        if found is None:
            raise NotFound("Not found.")
        return found

    def _shown_once(self, record: ApiKey, key: str, status: int) -> Response:
        record.key = key  # pyright: ignore[reportAttributeAccessIssue]
        return Response(NewApiKeyRecord(record).data, status=status)

    @extend_schema(parameters=[*PAGING, ALL])
    def list(self, request: Any) -> Response:
        """List the active keys, oldest first, without their secrets."""
        page = Page(request, self._keys().order_by("pk"), 100)
        return page.answer(self.get_serializer(page.rows(self._keys()), many=True).data)

    @extend_schema(request=ApiKeyForm, responses={201: NewApiKeyRecord}, parameters=[IDEMPOTENCY_KEY])
    @write(secret=True)
    def create(self, request: Any) -> Response:
        """Make a key; its secret is shown this once. A user has 100 at most."""
        key, name = new_key(), self.checked(ApiKeyForm, request)["name"]
        try:
            record = store_key(request.user, name, key)
        except TooManyKeys as error:
            raise ValidationError(str(error)) from None
        return self._shown_once(record, key, 201)

    @extend_schema(parameters=[ALL])
    def retrieve(self, request: Any, pk: str) -> Response:
        """Return one key without its secret."""
        return Response(self.get_serializer(self._key(pk)).data)

    @extend_schema(responses={200: ApiKeyRecord, 404: ErrorRecord})
    def current(self, request: Any) -> Response:
        """Return the key the request came with; 404 when it came with a token."""
        if not isinstance(request.auth, ApiKey):
            raise NotFound("This request came with a token, not with an API key.")
        return Response(self.get_serializer(request.auth).data)

    @extend_schema(responses={204: None}, parameters=[ALL])
    @write
    def destroy(self, request: Any, pk: str) -> Response:
        """Delete a key; it opens nothing from now on."""
        self._key(pk).delete()
        return Response(status=204)

    @extend_schema(request=None, responses={200: NewApiKeyRecord}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @write(secret=True)
    def rotate(self, request: Any, pk: str) -> Response:
        """Give an own key a new secret, shown this once; the old one is dead."""
        record, key = self._key(pk, self._own_keys()), new_key()
        replace_key(record, key)
        return self._shown_once(record, key, 200)
