"""Entity tags: a strong hash of the record as read, so that any change of what the reader saw changes it.

Media addresses are hashed without host, and `days_in_inventory` not at all: neither is a change of the
record.
"""

import hashlib
from typing import Any

from rest_framework.renderers import JSONRenderer

from instica_desktop.server.web.errors import PreconditionFailed

_VOLATILE = frozenset({"days_in_inventory"})


def etag_of(serializer_class: Any, instance: Any) -> str:
    """Return the quoted tag of a record in the form `serializer_class` gives it."""
    data = serializer_class(instance).data
    kept = {name: value for name, value in data.items() if name not in _VOLATILE}
    return f'"{hashlib.sha256(JSONRenderer().render(kept)).hexdigest()[:32]}"'


def check_if_match(request: Any, tag: str) -> None:
    """Compare the request's `If-Match` (if any) with the record's tag. Errors: `PreconditionFailed` (412)."""
    header = request.META.get("HTTP_IF_MATCH")
    if header is None or header.strip() == "*":
        return
    if tag not in [part.strip() for part in header.split(",")]:
        raise PreconditionFailed
