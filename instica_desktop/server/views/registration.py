"""Registering, signing in and out, getting back in. Source: api contract, Authentication.

Slow hashing is done before the write lock is taken, and after all that is cheap to refuse; limits are counted
before anything is looked up.
"""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from instica_desktop.server.domain.contacts import email_key
from instica_desktop.server.domain.roles import Action
from instica_desktop.server.models import AccessToken, User
from instica_desktop.server.operations import passwords
from instica_desktop.server.operations.registration import (
    ask_to_verify,
    check_free,
    found_shop,
    hashed_password,
    new_user,
    verify_email,
)
from instica_desktop.server.serializers import sign_in as forms
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.storage.transactions import writing
from instica_desktop.server.views.forms import checked
from instica_desktop.server.web import throttles
from instica_desktop.server.web.keys import issue_token

REFUSED = "Unable to log in with provided credentials."
_BAD_CODE = "This code is not valid, has expired or was used before."
_ON_ITS_WAY = {"detail": "If an account has this address, a message is on its way to it."}
_TEXT_ON_ITS_WAY = {"detail": "If an account has this number, a message is on its way to it."}
_RESENT = {"detail": "A message is on its way to your address."}
_ALREADY = {"detail": "Your address is confirmed."}


class PublicView(APIView):
    """Needs no credential and looks at none, so that a dead one does not keep anybody out."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = [throttles.SenderThrottle]


def _signed_in(user: User, status: int = 200) -> Response:
    return Response(forms.SignInRecord({"token": issue_token(user), "user": user}).data, status=status)


class RegisterView(PublicView):
    """Makes an account with an organization of its own."""

    @extend_schema(
        request=forms.RegistrationForm, responses={201: forms.SignInRecord, 429: ErrorRecord}, auth=[]
    )
    def post(self, request: Any) -> Response:
        """Return the new user with a token; a code goes to its address."""
        values = checked(forms.RegistrationForm, request)
        throttles.throttle_registration(request, email_key(values["email"]) or "")
        check_free(values["email"])
        password = values.pop("password")
        user = new_user(values)
        user.password = hashed_password(password, user)
        with writing():
            found_shop(user)
            ask_to_verify(user)
            return _signed_in(user, 201)


class VerifyView(PublicView):
    """Confirms an address."""

    @extend_schema(request=forms.CodeForm, responses=forms.VerifiedRecord, auth=[])
    def post(self, request: Any) -> Response:
        """Take the code that was sent to the address."""
        code = checked(forms.CodeForm, request)["token"]
        with writing():
            if not verify_email(code):
                raise ValidationError({"token": [_BAD_CODE]})
        return Response({"email_verified": True})


class ResendView(APIView):
    """Sends the caller the code that confirms the address once more; the one sent before is dead."""

    needs = {"*": Action.OWN_ACCOUNT}

    @extend_schema(request=None, responses={200: forms.DetailRecord, 429: ErrorRecord})
    def post(self, request: Any) -> Response:
        """Send it, unless the address is confirmed."""
        user = request.user
        if user.email_verified:
            return Response(_ALREADY)
        if not user.email:
            raise ValidationError("This account has no address.")
        throttles.throttle(throttles.VERIFICATION, user.uid)
        with writing():
            ask_to_verify(user)
        return Response(_RESENT)


class LoginView(PublicView):
    """Signs in with address and password."""

    @extend_schema(request=forms.LoginForm, responses={200: forms.SignInRecord, 429: ErrorRecord}, auth=[])
    def post(self, request: Any) -> Response:
        """Return a token; unknown, inactive and wrong are answered alike."""
        values = checked(forms.LoginForm, request)
        tried = throttles.from_here(email_key(values["email"]) or "", request)
        with throttles.trying_password(tried):
            user = passwords.signed_in(values["email"], values["password"])
        if user is None:
            raise ValidationError(REFUSED)
        throttles.forgive(throttles.PASSWORD_TRIES, tried)
        with writing():
            return _signed_in(user)


class LogoutView(APIView):
    """Ends the token the request came with."""

    needs = {"*": Action.OWN_ACCOUNT}

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Any) -> Response:
        """Delete the token."""
        if not isinstance(request.auth, AccessToken):
            raise ValidationError("Only a token can be signed out. An API key is deleted instead.")
        AccessToken.objects.filter(pk=request.auth.pk).delete()
        return Response(status=204)


class ValidateView(APIView):
    """Tells whether a credential is good; a bad one is 401."""

    needs = {"*": Action.OWN_ACCOUNT}

    @extend_schema(request=None, responses=forms.ValidRecord)
    def post(self, request: Any) -> Response:
        """Return whose it is."""
        return Response(forms.ValidRecord({"valid": True, "user": request.user}).data)


class ResetView(PublicView):
    """Sends a code to whoever forgot the password."""

    @extend_schema(request=forms.ResetForm, responses={200: forms.DetailRecord, 429: ErrorRecord}, auth=[])
    def post(self, request: Any) -> Response:
        """Answer alike whether or not there is such an account."""
        email = checked(forms.ResetForm, request)["email"]
        throttles.throttle(throttles.PASSWORD_RESET, email_key(email) or "")
        with writing():
            passwords.ask_to_reset(email)
        return Response(_ON_ITS_WAY)


class ResetConfirmView(PublicView):
    """Sets a new password with the code that came by mail."""

    @extend_schema(request=forms.ResetConfirmForm, responses={204: None}, auth=[])
    def post(self, request: Any) -> Response:
        """Change the password; all tokens are dead."""
        values = checked(forms.ResetConfirmForm, request)
        user = passwords.user_of_reset(values["uid"], values["token"])
        if user is None:
            raise ValidationError({"token": [_BAD_CODE]})
        hashed = hashed_password(values["new_password"], user, "new_password")
        with writing():
            done = passwords.reset(user.uid, values["token"], hashed)
            if done:
                return Response(status=204)
        raise ValidationError({"token": [_BAD_CODE]})


class RecoveryView(PublicView):
    """Texts the sign-in address to whoever forgot it."""

    @extend_schema(request=forms.RecoveryForm, responses={200: forms.DetailRecord, 429: ErrorRecord}, auth=[])
    def post(self, request: Any) -> Response:
        """Answer alike whether or not there is such an account."""
        phone = checked(forms.RecoveryForm, request)["phone_number"]
        throttles.throttle(throttles.EMAIL_RECOVERY, phone)
        with writing():
            passwords.remind_of_email(phone)
        return Response(_TEXT_ON_ITS_WAY)
