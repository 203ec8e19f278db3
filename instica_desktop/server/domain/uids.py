"""Identifiers: opaque strings, unguessable, never reused."""

import random
import secrets


def new_uid() -> str:
    """Return a fresh uid of 24 hexadecimal digits (96 random bits)."""
    return secrets.token_hex(12)


def seeded_uid(rng: random.Random) -> str:
    """Return a uid that depends only on the generator, for shops that must come out the same twice."""
    return f"{rng.getrandbits(96):024x}"
