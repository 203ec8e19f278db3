"""The form of an API key and of a token, known without Django."""

import secrets
import string

LABEL = "ik_"
PREFIX = len(LABEL) + 8
"""How many characters of a key are stored readable, to find its row and to name it to its owner."""

TOKEN_LABEL = "it_"
"""What a token begins with: as long as a key's label, so that `PREFIX` is one number."""

_SHORTEST = 24
_ALPHABET = set(string.ascii_letters + string.digits + "-_.~")


def new_key() -> str:
    """Return a fresh key with 256 random bits."""
    return LABEL + secrets.token_urlsafe(32)


def new_token() -> str:
    """Return a fresh bearer token with 256 random bits."""
    return TOKEN_LABEL + secrets.token_urlsafe(32)


def fits_a_header(secret: str) -> bool:
    """Tell whether a text consists of what keys and tokens consist of."""
    return bool(secret) and set(secret) <= _ALPHABET


def is_usable(key: str) -> bool:
    """Tell whether a key given by a parent process is long enough and fits a header."""
    return len(key) >= _SHORTEST and fits_a_header(key)
