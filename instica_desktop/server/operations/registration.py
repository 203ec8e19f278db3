"""New accounts: a user with an organization of its own. Source: api contract, Authentication."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as Refused
from django.db import IntegrityError
from django.utils.text import slugify
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.contacts import email_key
from instica_desktop.server.domain.uids import new_uid
from instica_desktop.server.messaging.mail import send_later
from instica_desktop.server.models import Organization, User
from instica_desktop.server.operations.codes import VERIFY_EMAIL, issue_code, take_code
from instica_desktop.server.operations.hashing import hash_of
from instica_desktop.server.storage.transactions import writing

TAKEN = "An account with this email already exists."
_LONGEST_USERNAME = 150
_VERIFY = """Welcome to Instica.

To confirm that this address is yours, enter this code in the program within three days:

{code}

If you did not register, ignore this message.
"""


def hashed_password(password: str, user: User, field: str = "password") -> str:
    """Return the hash of a new password. Call it outside a transaction.

    Errors: `ValidationError` (400) on `field` for a password that is too weak, `Throttled`.
    """
    try:
        validate_password(password, user)
    except Refused as error:
        raise ValidationError({field: error.messages}) from error
    return hash_of(password)


def new_user(values: dict[str, Any]) -> User:
    """Return an unsaved user of these values; the address is the user's name where it is short enough."""
    key = email_key(values.get("email", ""))
    name = key if key and len(key) <= _LONGEST_USERNAME else f"user-{new_uid()}"
    user = User(username=name, **values)
    user.set_unusable_password()
    return user


def check_free(email: str) -> None:
    """Refuse an address that another account has. Errors: `ValidationError` (400) on `email`."""
    if User.objects.filter(email_key__isnull=False, email_key=email_key(email)).exists():
        raise ValidationError({"email": [TAKEN]})


def found_shop(user: User) -> None:
    """Save a new user with an organization of its own, which the user owns.

    Errors: `ValidationError` (400) on `email` when another account has the address.
    """
    check_free(user.email)
    name = user.first_name or user.last_name or user.email.partition("@")[0] or "New"
    display_name = f"{name}’s record shop"[:255]
    slug = f"{slugify(name)[:40] or 'shop'}-{new_uid()[:8]}"
    try:
        with writing():
            user.organization = Organization.objects.create(display_name=display_name, slug=slug)
            user.save()
    except IntegrityError:  # registered twice at once
        raise ValidationError({"email": [TAKEN]}) from None


def ask_to_verify(user: User) -> None:
    """Send the code that confirms a user's address."""
    code = issue_code(VERIFY_EMAIL, user=user, facts={"email": user.email})
    send_later("Confirm your address", _VERIFY.format(code=code), user.email)


def verify_email(code: str) -> bool:
    """Confirm the address a code was sent to; tells whether the code was good."""
    taken = take_code(VERIFY_EMAIL, code)
    if taken is None or taken.user is None or taken.user.email != taken.facts["email"]:
        return False
    User.objects.filter(pk=taken.user.pk).update(email_verified=True)
    return True
