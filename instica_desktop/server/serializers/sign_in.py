"""Registering, signing in and getting back in, on the wire. Source: api contract, Authentication."""

from typing import Any

from rest_framework import serializers

from instica_desktop.server.domain.contacts import phone_key
from instica_desktop.server.serializers.accounts import UserRecord
from instica_desktop.server.serializers.fields import TextField

_LONGEST_SECRET = 512
_LONGEST_TOKEN = 8_000


class EmailField(serializers.EmailField):
    """A mail address of at most 254 characters; what is not a string is refused."""

    default_error_messages = {"invalid": "Enter a valid email address."}

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=254, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the address, its domain in small letters. Errors: `invalid`."""
        if not isinstance(data, str):
            self.fail("invalid")
        name, at, domain = super().to_internal_value(data).rpartition("@")
        return f"{name}{at}{domain.lower()}"


class SecretField(serializers.CharField):
    """A password or code, taken as it is and never shown."""

    default_error_messages = {"invalid": "A string is required."}

    def __init__(self, longest: int = _LONGEST_SECRET, **options: Any) -> None:
        super().__init__(max_length=longest, trim_whitespace=False, write_only=True, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the text. Errors: `invalid` for anything but a string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class PhoneField(TextField):
    """A phone number, kept as its digits with a plus."""

    default_error_messages = {"phone": "Enter a phone number, with its country code."}

    def __init__(self, **options: Any) -> None:
        super().__init__(40, **options)

    def to_internal_value(self, data: Any) -> str:
        """Return the number. Errors: `phone`."""
        text = super().to_internal_value(data)
        number = phone_key(text) if text else ""
        if number is None:
            self.fail("phone")
        return number


class RegistrationForm(serializers.Serializer):
    """What makes an account."""

    email = EmailField()
    password = SecretField()
    first_name = TextField(150)
    last_name = TextField(150)
    phone_number = PhoneField(required=False)


class LoginForm(serializers.Serializer):
    """Address and password."""

    email = TextField(254)
    password = SecretField()


class CodeForm(serializers.Serializer):
    """A code that came by mail."""

    token = SecretField()


class ResetForm(serializers.Serializer):
    """Whose password is forgotten."""

    email = EmailField()


class ResetConfirmForm(serializers.Serializer):
    """The account, the code that came by mail, and the new password."""

    uid = TextField(64)
    token = SecretField()
    new_password = SecretField()


class RecoveryForm(serializers.Serializer):
    """Whose address is forgotten."""

    phone_number = PhoneField()


class BrowserCodeForm(serializers.Serializer):
    """The code a browser page sent back, with what proves that we asked for it."""

    code = SecretField()
    code_verifier = SecretField()
    redirect_uri = TextField(200)


class IdentityForm(serializers.Serializer):
    """A provider's identity token, and the name the provider told the program."""

    identity_token = SecretField(_LONGEST_TOKEN)
    authorization_code = SecretField()
    first_name = TextField(150, required=False)
    last_name = TextField(150, required=False)


class LinkIdentityForm(serializers.Serializer):
    """A provider's identity token, to be linked."""

    provider = TextField(32)
    identity_token = SecretField(_LONGEST_TOKEN)


class LinkCodeForm(BrowserCodeForm):
    """A browser page's code, to be linked."""

    provider = TextField(32)


class PasswordForm(serializers.Serializer):
    """The password as it is, unless there is none, and as it shall be."""

    current_password = SecretField(required=False, allow_blank=True)
    new_password = SecretField()


class TokenRecord(serializers.Serializer):
    """A fresh token, shown this once."""

    token = serializers.CharField()


class VerifiedRecord(serializers.Serializer):
    """That the address is confirmed."""

    email_verified = serializers.BooleanField()


class SignInRecord(serializers.Serializer):
    """A fresh token, shown this once, and whose it is."""

    token = serializers.CharField()
    user = UserRecord()


class SocialSignInRecord(SignInRecord):
    """A fresh token, whose it is, and whether the account was made now."""

    created = serializers.BooleanField()


class ValidRecord(serializers.Serializer):
    """That the credential is good, and whose it is."""

    valid = serializers.BooleanField()
    user = UserRecord()


class DetailRecord(serializers.Serializer):
    """A sentence for the person."""

    detail = serializers.CharField()


class SocialAccountRecord(serializers.Serializer):
    """A linked account."""

    uid = serializers.CharField()
    provider = serializers.CharField()
    email = serializers.CharField()
    created = serializers.DateTimeField()
