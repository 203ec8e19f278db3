"""Registering, signing in and out, getting back in. Source: api-reference, Authentication.

Of these only the paths of the registration and of Apple are published. Each is tried once: a person waits for
the answer, and each has a limit of its own, which says nothing about other requests.
"""

from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from instica_desktop.api.answers import Offer
from instica_desktop.api.pages import Read, data_of, list_of, nothing
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.api.pkce import Pkce
from instica_desktop.api.places import segment
from instica_desktop.core.models.account import Notice, SignIn, SocialAccount, Validity

AUTH = "/api/auth/"
T = TypeVar("T")


class AuthSection:
    """`/api/auth/`. A `SignIn` holds a token: keep it where keys are kept."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def register(
        self, email: str, password: str, first_name: str, last_name: str, phone_number: str = ""
    ) -> SignIn:
        """Make an account with a shop of its own. A code goes to the address.

        Raises:
            ValidationFailed: with messages by field, such as a weak password or an address that is taken.
        """
        body = {"email": email, "password": password, "first_name": first_name, "last_name": last_name}
        body |= {"phone_number": phone_number} if phone_number else {}
        return await self._public("register/email/", body, data_of(SignIn), (password,))

    async def verify_email(self, code: str) -> None:
        """Confirm the address with the code that was sent to it.

        Raises:
            ValidationFailed: it is not valid, has expired or was used before.
        """
        await self._public("email/verify/", {"token": code}, nothing, (code,))

    async def resend_verification(self) -> Notice:
        """Have the code sent once more; the one sent before is dead.

        Raises:
            Throttled: it was sent too often.
        """
        return await self._own("POST", "email/verify/resend/", data_of(Notice))

    async def login(self, email: str, password: str) -> SignIn:
        """Sign in with a password.

        Raises:
            ValidationFailed: one of the two is not right.
            Throttled: it was tried too often.
        """
        body = {"email": email, "password": password}
        return await self._public("login/", body, data_of(SignIn), (password,))

    async def logout(self) -> None:
        """Kill the token this client has; a client with a key is refused (ValidationFailed)."""
        await self._own("POST", "logout/", nothing)

    async def validate(self) -> Validity:
        """Return whose the key or token is.

        Raises:
            SignedOut: it is not accepted.
        """
        return await self._own("POST", "validate/", data_of(Validity))

    async def reset_password(self, email: str) -> Notice:
        """Have a code sent to the address. The answer does not tell whether there is such an account.

        Raises:
            Throttled: it was asked for too often.
        """
        return await self._public("password/reset/", {"email": email}, data_of(Notice))

    async def confirm_reset(self, uid: str, code: str, new_password: str) -> None:
        """Set a new password with account and code as they came by mail. All tokens are dead.

        Raises:
            ValidationFailed: under `token` for a code that is not valid, `new_password` for a weak one.
        """
        body = {"uid": uid, "token": code, "new_password": new_password}
        await self._public("password/reset/confirm/", body, nothing, (code, new_password))

    async def recover_email(self, phone_number: str) -> Notice:
        """Have the address texted to a phone. The answer does not tell whether there is such an account.

        Raises:
            Throttled: it was asked for too often.
        """
        return await self._public("email-recovery/", {"phone_number": phone_number}, data_of(Notice))

    async def apple(
        self, identity_token: str, authorization_code: str, first_name: str = "", last_name: str = ""
    ) -> SignIn:
        """Sign in with what Apple gave the program; the account is made at the first sign-in."""
        body = {"identity_token": identity_token, "authorization_code": authorization_code}
        names = {"first_name": first_name, "last_name": last_name}
        body |= {name: value for name, value in names.items() if value}
        return await self._public("apple/", body, data_of(SignIn), (identity_token, authorization_code))

    def login_url(self, provider: str, redirect_uri: str, pkce: Pkce) -> str:
        """Return the address to open in the system's browser.

        `redirect_uri` is `http://127.0.0.1:PORT/callback`, where the program listens for the answer.
        """
        base = f"{self._pipeline.address.base}/accounts/{segment(provider)}/login/"
        return f"{base}?{urlencode(pkce.params(redirect_uri))}"

    async def exchange(self, provider: str, code: str, redirect_uri: str, pkce: Pkce) -> SignIn:
        """Sign in with the code the browser brought back.

        Raises:
            ValidationFailed: the code is not valid, has expired or was used before.
        """
        body, hidden = _proof(code, redirect_uri, pkce)
        return await self._public(f"{segment(provider)}/", body, data_of(SignIn), hidden)

    async def social_accounts(self) -> tuple[SocialAccount, ...]:
        """Return the accounts elsewhere that open this one."""
        return await self._own("GET", "social/", list_of(SocialAccount))

    async def link(self, provider: str, code: str, redirect_uri: str, pkce: Pkce) -> SocialAccount:
        """Link an account elsewhere with the code the browser brought back.

        Raises:
            ValidationFailed: the code is not valid, or either account is linked otherwise.
        """
        body, hidden = _proof(code, redirect_uri, pkce)
        body["provider"] = provider
        return await self._own("POST", "social/", data_of(SocialAccount), body, hidden)

    async def unlink(self, provider: str) -> None:
        """Remove a link.

        Raises:
            Clash: it is the only way into this account.
        """
        await self._own("DELETE", f"social/{segment(provider)}/", nothing)

    async def _public(self, path: str, body: Any, read: Read[T], secrets: Sequence[str] = ()) -> T:
        """Send what needs no key; none goes along, so that a dead one keeps nobody out."""
        call = Call(
            "POST",
            AUTH + path,
            body=body,
            offer=Offer.EXTRA,
            public=True,
            retry=False,
            own_limit=True,
            secrets=secrets,
        )
        return await self._pipeline.send(call, read)

    async def _own(
        self, method: str, path: str, read: Read[T], body: Any = None, secrets: Sequence[str] = ()
    ) -> T:
        """Send what is about the caller's own account."""
        offer = Offer.MAYBE if method == "DELETE" else Offer.EXTRA
        call = Call(
            method,
            AUTH + path,
            body=body,
            offer=offer,
            retry=method == "GET",
            own_limit=True,
            secrets=secrets,
        )
        return await self._pipeline.send(call, read)


def _proof(code: str, redirect_uri: str, pkce: Pkce) -> tuple[dict[str, str], tuple[str, str]]:
    """Return (the body that exchanges a code, what in it is secret)."""
    body = {"code": code, "code_verifier": pkce.verifier, "redirect_uri": redirect_uri}
    return body, (code, pkce.verifier)
