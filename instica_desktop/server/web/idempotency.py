"""The same POST twice gives the same answer. Source: api contract, `Idempotency-Key`.

A key counts within the organization, whoever of it sends it and with whatever credential; for what concerns
the account alone (signing up for a team, asking for help) it counts for the user.

The answer is stored in the transaction that does the work, so a crash leaves both or neither. Only successes
are stored: a refused POST did nothing and may be corrected and sent again.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from instica_desktop.server.models import IdempotencyRecord, Organization
from instica_desktop.server.web.errors import Conflict

KEPT = timedelta(hours=24)
_LONGEST_KEY = 255


def _part(value: Any) -> Any:
    if hasattr(value, "chunks"):
        digest = hashlib.sha256()
        for chunk in value.chunks():
            digest.update(chunk)
        value.seek(0)
        return digest.hexdigest()
    return value


def _fingerprint(request: Any) -> str:
    """Return a digest of method, path and content.

    Not of raw bytes, for a multipart boundary changes each time.
    """
    data = request.data
    if hasattr(data, "lists"):
        content: Any = {name: [_part(value) for value in values] for name, values in data.lists()}
    else:
        content = data
    canonical = json.dumps([request.method, request.path, content], sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _origin(request: Any) -> str:
    return f'"{request.build_absolute_uri("/media/")}'


def _replay(request: Any, record: IdempotencyRecord, fingerprint: str) -> Response:
    if record.fingerprint != fingerprint:
        raise Conflict("This Idempotency-Key was used for another request.")
    if record.body is None:
        raise Conflict("This request was already answered with a secret that is shown only once.")
    body = record.body.replace('"/media/', _origin(request))
    return Response(json.loads(body), status=record.status, headers={"Idempotent-Replayed": "true"})


def _checked_key(request: Any) -> str:
    key = request.META.get("HTTP_IDEMPOTENCY_KEY", "").strip()
    if len(key) > _LONGEST_KEY:
        raise ValidationError({"non_field_errors": ["The Idempotency-Key is longer than 255 characters."]})
    return key


def _known(request: Any, organization: Organization | None, key: str) -> IdempotencyRecord | None:
    """Return what this key was answered with: in the organization, else by the user to the user alone.

    The latter are also the answers from before keys counted in organizations.
    """
    mine = Q(user=request.user, organization=None)
    found = IdempotencyRecord.objects.filter(mine | Q(organization=organization) if organization else mine)
    return found.filter(key=key).order_by(F("organization_id").desc(nulls_last=True)).first()


def answer_once(
    request: Any, act: Callable[[], Response], organization: Organization | None, *, secret: bool = False
) -> Response:
    """Do `act` unless this key was answered within 24 hours; then give that answer again.

    `organization` is where it is done, None for what concerns the account. Call inside a write transaction.
    `secret` answers are not stored in readable form and cannot be replayed.
    Errors: `Conflict` (409) for the same key with another body.
    """
    key = _checked_key(request) if request.method == "POST" else ""
    if not key:
        return act()
    fingerprint = _fingerprint(request)
    IdempotencyRecord.objects.filter(created__lt=timezone.now() - KEPT).delete()
    record = _known(request, organization, key)
    if record is not None:
        return _replay(request, record, fingerprint)
    response = act()
    # Without the host: a later start of the server listens on another port.
    body = (
        None
        if secret
        else JSONRenderer().render(response.data).decode().replace(_origin(request), '"/media/')
    )
    answered = {"fingerprint": fingerprint, "status": response.status_code, "body": body}
    IdempotencyRecord.objects.create(user=request.user, organization=organization, key=key, **answered)
    return response
