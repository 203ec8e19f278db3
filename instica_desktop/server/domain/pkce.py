"""Signing in through the browser: what may be asked for. Source: RFC 8252 (loopback), RFC 7636 (PKCE).

The answer goes to a program that listens on this computer and nowhere else: a redirect to any other address
would hand the code to whoever wrote the link.
"""

import base64
import hashlib
import hmac
import re

_LOOPBACK = re.compile(r"http://127\.0\.0\.1:([1-9]\d{0,4})((?:/[A-Za-z0-9._~-]+)*/?)", re.ASCII)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
_STATE = re.compile(r"[!-~]{1,512}", re.ASCII)


def loopback_origin(redirect_uri: str) -> str | None:
    """Return the origin of a redirect to this computer, None when it leads anywhere else."""
    found = _LOOPBACK.fullmatch(redirect_uri)
    if found is None or int(found[1]) > 65535 or len(redirect_uri) > 200 or "/.." in redirect_uri:
        return None
    return f"http://127.0.0.1:{found[1]}"


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_challenge(text: str) -> bool:
    """Tell whether a text can be an S256 challenge."""
    return _CHALLENGE.fullmatch(text) is not None


def is_state(text: str) -> bool:
    """Tell whether a text can be carried back as the state."""
    return _STATE.fullmatch(text) is not None


def verifies(verifier: str, challenge: str) -> bool:
    """Tell whether a verifier is that of a challenge; compared in constant time."""
    if _VERIFIER.fullmatch(verifier) is None:
        return False
    return hmac.compare_digest(challenge_of(verifier), challenge)
