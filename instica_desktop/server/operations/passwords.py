"""Signing in with a password, changing it, and getting back in without it."""

from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.contacts import email_key
from instica_desktop.server.domain.uids import new_uid
from instica_desktop.server.messaging.mail import send_later
from instica_desktop.server.messaging.texts import send_text_later
from instica_desktop.server.models import AccessToken, ApiKey, OneTimeCode, SocialAccount, User
from instica_desktop.server.operations.codes import RESET_PASSWORD, issue_code, take_code
from instica_desktop.server.operations.registration import hashed_password

_RESET = """Somebody asked for a new password for this account. If it was you, enter within one hour:

Account: {uid}
Code: {code}

If it was not you, ignore this message: the password stays as it is.
"""
_RECOVERY = "Instica: you sign in with {email}."


@cache
def _nobody() -> str:
    """Return a hash that no password has, checked for unknown users so that they take as long as others."""
    return str(make_password(new_uid()))


def user_by_email(email: str) -> User | None:
    """Return the user of an address."""
    key = email_key(email)
    return User.objects.select_related("organization").filter(email_key=key).first() if key else None


def signed_in(email: str, password: str) -> User | None:
    """Return the user whom address and password name, None without telling which of them is wrong."""
    user = user_by_email(email)
    usable = user is not None and user.has_password
    right = check_password(password, user.password if user and usable else _nobody())
    return user if user and usable and right and user.is_active else None


def set_password(user: User, hashed: str) -> None:
    """Store a new password; all tokens and reset codes of the user are dead."""
    User.objects.filter(pk=user.pk).update(password=hashed)
    user.password = hashed
    AccessToken.objects.filter(user=user).delete()
    OneTimeCode.objects.filter(user=user, purpose=RESET_PASSWORD).delete()


def check_current(user: User, password: str) -> None:
    """Refuse a change by somebody who does not know the password; an account without one has none to know.

    Errors: `ValidationError` (400) on `current_password`.
    """
    if user.has_password and not check_password(password, user.password):
        raise ValidationError({"current_password": ["The password is not right."]})


def ask_to_reset(email: str) -> None:
    """Send a reset code to the address of an active account; for any other, do nothing that shows."""
    user = user_by_email(email)
    if user is None or not user.is_active:
        return
    code = issue_code(RESET_PASSWORD, user=user, facts={"email": user.email})
    send_later("A new password", _RESET.format(uid=user.uid, code=code), user.email)


def hashed_for_reset(uid: str, password: str) -> str:
    """Return the hash of a new password, checked against the account it is for (or any, for no account)."""
    user = User.objects.filter(uid=uid).first() or User()
    return hashed_password(password, user, "new_password")


def reset(uid: str, code: str, hashed: str) -> bool:
    """Give the account of a reset code its new password; tells whether the code was good for this account.

    The code came by mail, so the address is proved. If it was not before, whoever made the account may
    have been somebody else: what they set up to get in, keys and linked accounts, is removed.
    """
    taken = take_code(RESET_PASSWORD, code)
    user = taken.user if taken else None
    if user is None or user.uid != uid or not user.is_active:
        return False
    if not user.email_verified:
        ApiKey.objects.filter(user=user, of_run=False).delete()
        SocialAccount.objects.filter(user=user).delete()
        User.objects.filter(pk=user.pk).update(email_verified=True)
    set_password(user, hashed)
    return True


def remind_of_email(phone: str) -> None:
    """Tell a phone with which addresses it can sign in; a number without an account is told nothing."""
    users = User.objects.filter(phone_number=phone, is_active=True, email_key__isnull=False)
    emails = list(users.order_by("pk").values_list("email", flat=True)[:5])
    if emails:
        send_text_later(phone, _RECOVERY.format(email=" or ".join(emails)))
