"""Whether the caller's role allows a request; stands before every endpoint that needs a key.

A view says what its handlers do in `needs`: handler or HTTP method (`*` for all) → `domain.roles.Action`.
"""

from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission

from instica_desktop.server.domain.roles import Action, action_of, may
from instica_desktop.server.models import Membership, User


def role_of(user: User) -> str | None:
    """Return the user's role in the organization they work in; None for none, or while it is suspended."""
    found = Membership.objects.filter(user=user, organization=user.organization, is_active=True).first()
    return found.role if found else None


def declared(view: Any, method: str, handler: str | None) -> Action:
    """Return what a request to a view does."""
    return action_of(getattr(view, "needs", {}), method, handler)


class RoleAllows(BasePermission):
    """Lets a signed-in caller do what the role's row in the table of roles names (403 otherwise)."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Tell whether the request may go on. Errors: `NotAuthenticated` (401) without a caller."""
        if request.user is None:
            raise NotAuthenticated
        action = declared(view, request.method, getattr(view, "action", None))
        return action is Action.OWN_ACCOUNT or may(role_of(request.user), action)
