"""Invitations by mail: sent, sent again, accepted once. Source: api contract, Organization, `invites`.

The token goes out by mail only; the database holds its hash, and no answer shows it.
"""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError

from instica_desktop.server.domain.contacts import email_key
from instica_desktop.server.domain.roles import ROLES
from instica_desktop.server.messaging.mail import send_later
from instica_desktop.server.models import Invite, Membership, Organization, User
from instica_desktop.server.operations.entitlements import TEAM_MEMBERS, claim
from instica_desktop.server.operations.plan_use import count_members, count_places
from instica_desktop.server.storage.transactions import hold

VALID_FOR = timedelta(days=7)

_WORDS = """\
{inviter} invites you to work in {shop} as {role}.

Sign in with this mail address in Instica Desktop, choose "Join a team" and enter this code:

{token}

The code works once, until {expires:%d %B %Y, %H:%M} UTC. If you did not expect this mail, ignore it.
"""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _name(user: User) -> str:
    return f"{user.first_name} {user.last_name}".strip() or user.username


def _send(invite: Invite, inviter: User) -> None:
    """Give the invitation a fresh token and mail it once it is stored; the former token is dead."""
    token = secrets.token_urlsafe(32)
    invite.digest, invite.expires = _digest(token), timezone.now() + VALID_FOR
    invite.invited_by = inviter
    invite.save()
    shop = " ".join(invite.organization.display_name.split())
    role = ROLES[invite.role].lower()
    words = _WORDS.format(inviter=_name(inviter), shop=shop, role=role, token=token, expires=invite.expires)
    subject = f"Invitation to {shop}"
    send_later(subject, words, invite.email)


def _check_new(organization: Organization, email: str) -> None:
    if Membership.objects.filter(organization=organization, user__email_key=email_key(email)).exists():
        raise ValidationError({"email": ["This person is in the team already."]})
    open_ones = Invite.objects.filter(organization=organization, accepted_by__isnull=True)
    if open_ones.filter(email=email).exists():
        raise ValidationError({"email": ["This person is invited already. Send the invitation again."]})


def invite_member(organization: Organization, inviter: User, email: str, role: str) -> Invite:
    """Invite somebody by mail. Errors: 400 on `email`, 402 when the plan has no place left."""
    hold(organization)
    _check_new(organization, email)
    claim(organization, TEAM_MEMBERS, lambda: count_places(organization))
    invite = Invite(organization=organization, email=email, role=role)
    _send(invite, inviter)
    return invite


def resend_invite(invite: Invite, inviter: User) -> None:
    """Mail an invitation again, with another token and a new time limit. Errors: 402."""
    if invite.expires <= timezone.now():
        claim(invite.organization, TEAM_MEMBERS, lambda: count_places(invite.organization))
    _send(invite, inviter)


def accept_invite(token: str, user: User, *, stay: bool) -> Membership:
    """Make the user a member, who works there from now on, unless they `stay`. Errors: 400, 402, 403, 404."""
    invite = Invite.objects.select_related("organization").filter(digest=_digest(token)).first()
    if invite is None:
        raise NotFound("Not found.")
    if email_key(invite.email) != email_key(user.email):
        raise PermissionDenied("This invitation was sent to another mail address.")
    hold(invite.organization)
    invite.refresh_from_db(fields=["accepted_by"])
    _check_usable(invite, user)
    claim(invite.organization, TEAM_MEMBERS, lambda: count_members(invite.organization))
    member = Membership.objects.create(user=user, organization=invite.organization, role=invite.role)
    invite.accepted_by = user
    invite.save(update_fields=["accepted_by"])
    if not stay:
        User.objects.filter(pk=user.pk).update(organization=invite.organization)
    return member


def _check_usable(invite: Invite, user: User) -> None:
    problem = ""
    if invite.accepted_by is not None:
        problem = "This invitation was used already."
    elif invite.expires <= timezone.now():
        problem = "This invitation has expired. Ask for another one."
    elif Membership.objects.filter(user=user, organization=invite.organization).exists():
        problem = "You are in this team already."
    if problem:
        raise ValidationError({"non_field_errors": [problem]})
