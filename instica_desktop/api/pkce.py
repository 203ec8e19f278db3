"""Signing in through the browser: what proves that it was us who asked. Source: RFC 7636, RFC 8252."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pkce:
    """One attempt to sign in. The verifier and the state are secrets: they never show."""

    verifier: str = field(repr=False)
    state: str = field(repr=False)

    @classmethod
    def new(cls) -> "Pkce":
        """Return a fresh one, with 256 random bits in each."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32))

    @property
    def challenge(self) -> str:
        """The S256 challenge, which the browser may see."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")

    def params(self, redirect_uri: str) -> tuple[tuple[str, str], ...]:
        """Return the parameters with which the browser opens the provider's page."""
        return (
            ("redirect_uri", redirect_uri),
            ("state", self.state),
            ("code_challenge", self.challenge),
            ("code_challenge_method", "S256"),
        )

    def answers(self, state: str) -> bool:
        """Tell whether an answer that carries this state is the answer to this attempt."""
        return hmac.compare_digest(state.encode(), self.state.encode())
