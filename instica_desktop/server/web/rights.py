"""Whether the caller's role allows a request; stands before every endpoint that needs a key.

A view says what its handlers do in `needs`: handler or HTTP method (`*` for all) → `domain.roles.Action`.
"""

from typing import Any

from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission

from instica_desktop.server.domain.roles import ALWAYS, Action, action_of, may
from instica_desktop.server.models import ApiKey, Membership, User

SUSPENDED = (
    "Your place in this team is suspended. An owner or admin can readmit you, or you may leave the team."
)
NO_PLACE = "You are not, or no longer, in this team. Ask an owner or admin for an invitation."
NOWHERE = (
    "You work in no organization, so there is nothing to see here. "
    "Join a team with the code of an invitation."
)
KEY_OF_NOWHERE = (
    "This key belongs to no organization and opens only the account. Make a new key to work with."
)


def _place_of(user: User) -> Membership | None:
    return Membership.objects.filter(user=user, organization=user.organization).first()


def role_of(user: User) -> str | None:
    """Return the user's role in the organization they work in; None for none, or while it is suspended."""
    found = _place_of(user)
    return found.role if found and found.is_active else None


def _words(request: Any) -> str | None:
    """Return why the caller has no role, None when it is the role that does not allow it."""
    user: User = request.user
    if user.organization is None:
        return KEY_OF_NOWHERE if isinstance(request.auth, ApiKey) else NOWHERE
    place = _place_of(user)
    if place is None:
        return NO_PLACE
    return None if place.is_active else SUSPENDED


def declared(view: Any, method: str, handler: str | None) -> Action:
    """Return what a request to a view does."""
    return action_of(getattr(view, "needs", {}), method, handler)


def require(request: Any, action: Action) -> None:
    """Let only a caller go on who may do something.

    Errors: `NotAuthenticated` (401), `PermissionDenied` (403).
    """
    if request.user is None:
        raise NotAuthenticated
    if action not in ALWAYS and not may(role_of(request.user), action):
        raise PermissionDenied(_words(request))


class RoleAllows(BasePermission):
    """Lets a signed-in caller do what the role's row in the table of roles names (403 otherwise)."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Tell whether the request may go on. Errors: as of `require`."""
        require(request, declared(view, request.method, getattr(view, "action", None)))
        return True
