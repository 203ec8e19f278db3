"""What an account does for its user: password, eligibility, help, devices, use. Source: api contract."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import APIView

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.models import DeviceToken, User
from instica_desktop.server.operations import passwords
from instica_desktop.server.operations.eligibility import eligibility_of
from instica_desktop.server.operations.registration import hashed_password
from instica_desktop.server.operations.support import open_ticket, register_device
from instica_desktop.server.operations.usage import usage_of
from instica_desktop.server.serializers.accounts import (
    DeviceForm,
    DeviceRecord,
    EligibilityRecord,
    TicketForm,
    TicketRecord,
    UsageRecord,
)
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.serializers.sign_in import PasswordForm, TokenRecord
from instica_desktop.server.storage.transactions import writing
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, ShopViewSet, write
from instica_desktop.server.views.forms import checked
from instica_desktop.server.web.errors import Conflict
from instica_desktop.server.web.keys import issue_token
from instica_desktop.server.web.throttles import (
    PASSWORD_TRIES,
    SUPPORT,
    forgive,
    from_here,
    throttle,
    trying_password,
)


class PasswordView(APIView):
    """Changes the caller's password."""

    needs = {"*": Action.OWN_ACCOUNT}

    @extend_schema(request=PasswordForm, responses={200: TokenRecord, 409: ErrorRecord, 429: ErrorRecord})
    def post(self, request: Any) -> Response:
        """Kill all tokens and return a new one."""
        user, values = request.user, checked(PasswordForm, request)
        tried = from_here(user.uid, request)
        with trying_password(tried):
            passwords.check_current(user, values.get("current_password", ""))
        forgive(PASSWORD_TRIES, tried)
        hashed = hashed_password(values["new_password"], user, "new_password")
        with writing():
            # Hashing takes a while: somebody else may have changed it meanwhile.
            if User.objects.get(pk=user.pk).password != user.password:
                raise Conflict("The password was changed meanwhile.")
            passwords.set_password(user, hashed)
            return Response({"token": issue_token(user)})


class EligibilityView(APIView):
    """Whether the caller may list items."""

    needs = {"*": Action.OWN_ACCOUNT}

    @extend_schema(responses=EligibilityRecord)
    def get(self, request: Any) -> Response:
        """Return it, with the code of the reason if not."""
        return Response(eligibility_of(request.user))


class UsageView(APIView):
    """How much the caller uses the API."""

    needs = {"*": Action.OWN_KEYS}

    @extend_schema(responses=UsageRecord)
    def get(self, request: Any) -> Response:
        """Return this month's requests."""
        return Response(UsageRecord(usage_of(request.user)).data)


class SupportViewSet(ShopViewSet):
    """Requests for help."""

    needs = {"*": Action.OWN_ACCOUNT}

    serializer_class = TicketRecord

    def prepare(self, request: Any) -> None:
        """Read the body and count the request, before the write lock."""
        super().prepare(request)
        throttle(SUPPORT, request.user.uid)

    @extend_schema(
        request=TicketForm, responses={201: TicketRecord, 429: ErrorRecord}, parameters=[IDEMPOTENCY_KEY]
    )
    @write
    def create(self, request: Any) -> Response:
        """Open a ticket and send it on."""
        ticket = open_ticket(request.user, self.checked(TicketForm, request))
        return Response(self.get_serializer(ticket).data, status=201)


class DeviceViewSet(ShopViewSet):
    """The caller's devices that take push messages."""

    needs = {"*": Action.OWN_ACCOUNT}

    serializer_class = DeviceRecord
    queryset = DeviceToken.objects.none()

    def _devices(self) -> Any:
        return DeviceToken.objects.filter(user=self.request.user).order_by("pk")

    @extend_schema(responses=DeviceRecord(many=True))
    def list(self, request: Any) -> Response:
        """List them, as a bare array."""
        return Response(self.get_serializer(self._devices(), many=True).data)

    @extend_schema(
        request=DeviceForm, responses={200: DeviceRecord, 201: DeviceRecord}, parameters=[IDEMPOTENCY_KEY]
    )
    @write
    def create(self, request: Any) -> Response:
        """Register a device; a token that is known already is the same device."""
        device, new = register_device(request.user, self.checked(DeviceForm, request))
        return Response(self.get_serializer(device).data, status=201 if new else 200)

    @extend_schema(responses={204: None})
    @write
    def destroy(self, request: Any, uid: str) -> Response:
        """Forget a device."""
        if not self._devices().filter(uid=uid).delete()[0]:
            raise NotFound("Not found.")
        return Response(status=204)
