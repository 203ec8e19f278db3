"""Signing in with a password, changing it, and getting back in without it."""

from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.contacts import email_key
from instica_desktop.server.messaging.mail import send_later
from instica_desktop.server.messaging.texts import send_text_later
from instica_desktop.server.models import AccessToken, ApiKey, OneTimeCode, SocialAccount, User
from instica_desktop.server.operations.codes import RESET_PASSWORD, find_code, issue_code, take_code
from instica_desktop.server.operations.hashing import fits
from instica_desktop.server.storage.transactions import writing

_RESET = """Somebody asked for a new password for this account. If it was you, enter within one hour:

Account: {uid}
Code: {code}

If it was not you, ignore this message: the password stays as it is.
"""
_RECOVERY = "Instica: you sign in with {email}."


def user_by_email(email: str) -> User | None:
    """Return the user of an address."""
    key = email_key(email)
    return User.objects.select_related("organization").filter(email_key=key).first() if key else None


def signed_in(email: str, password: str) -> User | None:
    """Return the user whom address and password name, None without telling which of them is wrong.

    Errors: `Throttled`.
    """
    user = user_by_email(email)
    right = fits(password, str(user.password) if user and user.has_password else None)
    return user if user and right and user.is_active else None


def set_password(user: User, hashed: str) -> None:
    """Store a new password; all tokens and reset codes of the user are dead."""
    User.objects.filter(pk=user.pk).update(password=hashed)
    user.password = hashed
    AccessToken.objects.filter(user=user).delete()
    OneTimeCode.objects.filter(user=user, purpose=RESET_PASSWORD).delete()


def check_current(user: User, password: str) -> None:
    """Refuse a change by somebody who does not know the password; an account without one has none to know.

    Errors: `ValidationError` (400) on `current_password`, `Throttled`.
    """
    if user.has_password and not fits(password, str(user.password)):
        raise ValidationError({"current_password": ["The password is not right."]})


def ask_to_reset(email: str) -> None:
    """Send a reset code to the address of an active account.

    For any other the same is done, with a code of nobody and a mail to nobody, so that time tells nothing.
    """
    found = user_by_email(email)
    user = found if found and found.is_active else None
    code = issue_code(RESET_PASSWORD, user=user)
    text = _RESET.format(uid=user.uid if user else "", code=code)
    send_later("A new password", text, user.email if user else None)


def user_of_reset(uid: str, code: str) -> User | None:
    """Return the account of a reset code, which stays usable; None when it is not good for this account.

    A code that is presented for another account is used up: somebody else has seen it.
    """
    found = find_code(RESET_PASSWORD, code)
    if found is None or found.user is None:
        return None
    if found.user.uid != uid:
        with writing():
            take_code(RESET_PASSWORD, code)
        return None
    return found.user if found.user.is_active else None


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
    """Tell a phone with which addresses it can sign in; for a number without an account, tell nobody."""
    users = User.objects.filter(phone_number=phone, is_active=True, email_key__isnull=False)
    emails = list(users.order_by("pk").values_list("email", flat=True)[:5])
    send_text_later(phone if emails else None, _RECOVERY.format(email=" or ".join(emails)))
