"""Accounts elsewhere that open an account here. Source: api contract, Authentication, social accounts.

An account is never linked by its address alone: whoever controls an address at some provider would get
into the account here. The owner signs in and links it.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.digests import digest_of
from instica_desktop.server.models import OneTimeCode, SocialAccount, User
from instica_desktop.server.operations.codes import USED_IDENTITY
from instica_desktop.server.operations.identities import Identity, verify
from instica_desktop.server.operations.passwords import user_by_email
from instica_desktop.server.operations.registration import found_shop, new_user
from instica_desktop.server.storage.transactions import writing

REFUSED = "Unable to log in with provided credentials."
_TAKEN = "An account with this email already exists. Sign in with its password, then link this account to it."
_BAD_TOKEN = "This identity token is not valid, has expired or was used before."
_LINKED_ELSEWHERE = "This account is linked to another user."
_OTHER_LINKED = "Another account of this provider is linked. Remove it first."


def identity_of(provider: str, token: str) -> Identity:
    """Return whom a token stands for. Reads the provider's keys, so call it outside a transaction.

    Errors: `ValidationError` (400) on `identity_token`, `ProviderUnreachable` (503).
    """
    identity = verify(provider, token)
    if identity is None:
        raise ValidationError({"identity_token": [_BAD_TOKEN]})
    return identity


def use_up(identity: Identity, token: str) -> None:
    """Note that a token was used, so that one who saw it cannot use it again.

    Errors: `ValidationError` (400) on `identity_token`.
    """
    expires = datetime.fromtimestamp(min(identity.expires + 60, 4_102_444_800), UTC)
    try:
        with writing():
            OneTimeCode.objects.create(purpose=USED_IDENTITY, digest=digest_of(token), expires=expires)
    except IntegrityError:
        raise ValidationError({"identity_token": [_BAD_TOKEN]}) from None


def sign_in(identity: Identity, names: dict[str, Any]) -> tuple[User, bool]:
    """Return (user, whether it was made now) of an identity.

    Errors: `ValidationError` (400) for an inactive user, and when another account has the address.
    """
    links = SocialAccount.objects.select_related("user__organization")
    link = links.filter(provider=identity.provider, subject=identity.subject).first()
    if link is not None:
        if not link.user.is_active:
            raise ValidationError(REFUSED)
        return link.user, False
    if user_by_email(identity.email) is not None:
        raise ValidationError(_TAKEN)
    user = new_user({**names, "email": identity.email, "email_verified": identity.email_verified})
    found_shop(user)
    _link(user, identity)
    return user, True


def _link(user: User, identity: Identity) -> SocialAccount:
    return SocialAccount.objects.create(
        user=user, provider=identity.provider, subject=identity.subject, email=identity.email
    )


def link(user: User, identity: Identity) -> SocialAccount:
    """Link an identity to a user who is signed in; linking it again changes nothing.

    Errors: `ValidationError` (400) when it, or the user, is linked otherwise.
    """
    theirs = SocialAccount.objects.filter(provider=identity.provider, subject=identity.subject).first()
    if theirs is not None:
        if theirs.user.pk != user.pk:
            raise ValidationError(_LINKED_ELSEWHERE)
        return theirs
    if SocialAccount.objects.filter(user=user, provider=identity.provider).exists():
        raise ValidationError(_OTHER_LINKED)
    try:
        with writing():
            return _link(user, identity)
    except IntegrityError:
        raise ValidationError(_LINKED_ELSEWHERE) from None
