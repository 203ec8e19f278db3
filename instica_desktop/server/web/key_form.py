"""The form of an API key, known without Django."""

import secrets
import string

LABEL = "ik_"
PREFIX = len(LABEL) + 8
"""How many characters of a key are stored readable, to find its row and to name it to its owner."""

_SHORTEST = 24
_ALPHABET = set(string.ascii_letters + string.digits + "-_.~")


def new_key() -> str:
    """Return a fresh key with 256 random bits."""
    return LABEL + secrets.token_urlsafe(32)


def is_usable(key: str) -> bool:
    """Tell whether a key given by a parent process is long enough and fits a header."""
    return len(key) >= _SHORTEST and set(key) <= _ALPHABET
