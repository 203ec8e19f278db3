"""The hash under which keys, tokens and one-time codes are stored.

They have 256 random bits, so one SHA-256 is enough.
"""

import hashlib


def digest_of(secret: str) -> str:
    """Return the hash of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
