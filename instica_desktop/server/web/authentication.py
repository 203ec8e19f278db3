"""Who is calling: the `X-API-Key` header. Source: api contract, Common rules, Credentials."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from instica_desktop.server.models import ApiKey, User
from instica_desktop.server.web.keys import find_key

_NOTE_EVERY = timedelta(minutes=10)
"""`last_used` is noted no oftener, so that reading does not write all the time."""


def _note_use(record: ApiKey) -> None:
    now = timezone.now()
    if record.last_used is None or now - record.last_used > _NOTE_EVERY:
        ApiKey.objects.filter(pk=record.pk).update(last_used=now)


class ApiKeyAuthentication(BaseAuthentication):
    """Answers (user, key record) for a valid key, nothing without the header, 401 for a wrong key."""

    def authenticate(self, request: Any) -> tuple[User, ApiKey] | None:
        """Return the caller; see the class."""
        key = request.META.get("HTTP_X_API_KEY")
        if key is None:
            return None
        record = find_key(key.strip())
        if record is None:
            raise AuthenticationFailed("Invalid API key.")
        _note_use(record)
        return record.user, record

    def authenticate_header(self, request: Any) -> str:
        """Return the challenge that makes a missing key 401, not 403."""
        return "X-API-Key"


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the schema describes the key."""

    target_class = "instica_desktop.server.web.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the OpenAPI security scheme."""
        return {"type": "apiKey", "in": "header", "name": "X-API-Key"}
