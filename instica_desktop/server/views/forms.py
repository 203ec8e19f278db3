"""Reading a body outside the shop's own endpoints, whose callers may have no organization."""

from typing import Any


def checked(form: Any, request: Any) -> dict[str, Any]:
    """Return the validated body. Errors: `ValidationError` (400)."""
    bound = form(data=request.data)
    bound.is_valid(raise_exception=True)
    return bound.validated_data
