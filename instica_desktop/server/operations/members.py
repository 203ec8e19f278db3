"""The people of an organization: roles, suspension, leaving. Source: api contract, Organization."""

from typing import Any

from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError

from instica_desktop.server.domain.roles import OWNER
from instica_desktop.server.models import Membership, Organization, User
from instica_desktop.server.operations.entitlements import TEAM_MEMBERS, claim
from instica_desktop.server.operations.plan_use import count_places
from instica_desktop.server.storage.transactions import hold
from instica_desktop.server.web.errors import Conflict

LAST_OWNER = "An organization needs an owner. Make somebody else an owner first."
_OWNERS_ONLY = "Only an owner may do this to an owner, or make one."


def _others_own(member: Membership) -> bool:
    owners = Membership.objects.filter(organization=member.organization, role=OWNER, is_active=True)
    return owners.exclude(pk=member.pk).exists()


def check_reach(actor_role: str | None, *roles: str) -> None:
    """Keep owners out of the reach of others. Errors: `PermissionDenied` (403)."""
    if OWNER in roles and actor_role != OWNER:
        raise PermissionDenied(_OWNERS_ONLY)


def change_member(member: Membership, actor_role: str | None, changes: dict[str, Any]) -> None:
    """Give a member another role, suspend or readmit them. Errors: 400 for the last owner, 402, 403."""
    hold(member.organization)
    role = changes.get("role", member.role)
    active = changes.get("is_active", member.is_active)
    check_reach(actor_role, member.role, role)
    owns = member.role == OWNER and member.is_active
    if owns and not (role == OWNER and active) and not _others_own(member):
        raise ValidationError({"role" if role != OWNER else "is_active": [LAST_OWNER]})
    if active and not member.is_active:
        claim(member.organization, TEAM_MEMBERS, lambda: count_places(member.organization))
    member.role, member.is_active = role, active
    member.save()


def remove_member(member: Membership, actor: User, actor_role: str | None) -> None:
    """Take a member out of the team, or let them leave. Who removes others may manage the team.

    Errors: `Conflict` (409) for the last owner, 403 for an owner who is out of reach.
    """
    hold(member.organization)
    if member.user.pk != actor.pk:
        check_reach(actor_role, member.role)
    if member.role == OWNER and not _others_own(member):
        raise Conflict(LAST_OWNER)
    organization, user = member.organization, member.user
    member.delete()
    _work_elsewhere(user, organization)


def place_in(user: User, uid: str) -> Organization:
    """Return an organization the user may work in. Errors: `NotFound` (404) for any other."""
    places = Membership.objects.select_related("organization").filter(user=user, is_active=True)
    place = places.filter(organization__uid=uid).first()
    if place is None:
        raise NotFound("Not found.")
    return place.organization


def work_in(user: User, organization: Organization) -> None:
    """Let a member work in an organization from now on."""
    User.objects.filter(pk=user.pk).update(organization=organization)


def _work_elsewhere(user: User, left: Organization) -> None:
    """Move a user who worked in an organization they left to another of theirs, or to none."""
    other = Membership.objects.filter(user=user, is_active=True).order_by("pk").first()
    target = other.organization_id if other else None  # pyright: ignore[reportAttributeAccessIssue]
    User.objects.filter(pk=user.pk, organization=left).update(organization=target)
