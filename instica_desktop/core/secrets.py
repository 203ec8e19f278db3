"""A secret in whatever form a text may carry it, and the mask that takes its place.

Whoever shortens a text masks it first: half a secret is found by nobody.
"""

import base64
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

MASK = "•••"
SHORTEST = 6
"""Shorter ones are masked nowhere: they would be found in every other word, and open nothing."""

_ESCAPES = "%\\&+"
"""What every escape begins with."""
_BETWEEN = r"[\s:,-]{0,2}"
"""What may stand between the bytes of a dump."""
_NAMES = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
"""What HTML calls the characters it escapes."""
_LETTERS = {"+": r"(?:[+-]|%2[bB])", "/": r"(?:[/_]|\\/|%2[fF])"}
"""Letters of base64 that its other alphabet, URLs and JSON write in another way."""


class Secrets:
    """Some secrets, to be masked wherever they turn up."""

    def __init__(self, secrets: Iterable[str | None]) -> None:
        self._secrets = tuple(
            dict.fromkeys(secret for secret in secrets if secret and len(secret) >= SHORTEST)
        )

    def hide(self, text: str) -> str:
        """Return a text with every form of each secret masked."""
        for secret in self._secrets:
            text = hide(text, secret)
        return text

    def hide_in(self, value: Any) -> Any:
        """Return a JSON value with the secrets masked in all of its texts, names of fields included."""
        if not self._secrets:
            return value
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, list | tuple):
            return [self.hide_in(part) for part in cast("list[Any]", value)]
        if isinstance(value, dict):
            parts = cast("dict[str, Any]", value).items()
            return {self.hide(name): self.hide_in(part) for name, part in parts}
        return value


def hide(text: str, secret: str) -> str:
    """Return a text with a secret masked: as it is, and as URLs, JSON, HTML, base64 and hex write it."""
    if not secret:
        return text
    text = text.replace(secret, MASK)
    if any(sign in text for sign in _ESCAPES):
        text = _escaped(secret).sub(MASK, text)
    return _encoded(secret).sub(MASK, text)


@lru_cache(maxsize=256)
def _escaped(secret: str) -> re.Pattern[str]:
    """Return what finds a secret of which any letters stand as escapes."""
    return re.compile("".join(_letter(char) for char in secret))


def _letter(char: str) -> str:
    """Return what finds one character: itself, or as an escape of URLs, of JSON, or of HTML."""
    code = ord(char)
    units = char.encode("utf-16-be")
    forms = [re.escape(char) if char.isalnum() else rf"\\*{re.escape(char)}"]
    forms.append("".join(rf"%(?:25)*{_any_case(f'{byte:02x}')}" for byte in char.encode()))
    forms.append("".join(rf"\\+u{_any_case(units[at : at + 2].hex())}" for at in range(0, len(units), 2)))
    forms.append("".join(rf"\\+x{_any_case(f'{byte:02x}')}" for byte in char.encode()))
    named = f"|{_NAMES[char]}" if char in _NAMES else ""
    forms.append(rf"&(?:amp;)*(?:#0*{code}|#[xX]0*{_any_case(f'{code:x}')}{named});?")
    if char == " ":
        forms.append(r"\+")
    return f"(?:{'|'.join(forms)})"


@lru_cache(maxsize=256)
def _encoded(secret: str) -> re.Pattern[str]:
    """Return what finds a secret written as a whole in hex or base64."""
    content = secret.encode()
    dumped = _BETWEEN.join(f"(?:0x)?{_any_case(f'{byte:02x}')}" for byte in content)
    return re.compile("|".join([dumped, *(_in_base64(content, at) for at in range(3))]))


def _any_case(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _in_base64(content: bytes, before: int) -> str:
    """Return what finds bytes in base64 that follow `before` others (mod 3), also where lines are broken.

    The letters at both ends hold bits of the neighbours as well: they go along.
    """
    whole = base64.b64encode(bytes(before) + content).decode().rstrip("=")
    first = (0, 2, 3)[before]
    last = len(whole) if (before + len(content)) % 3 == 0 else len(whole) - 1
    letters = [_LETTERS.get(letter, letter) for letter in whole[first:last]]
    end = "" if last == len(whole) else r"[\w+/=-]?"
    return ("" if before == 0 else r"[\w+/-]?") + r"(?:\\r|\\n|\s)*".join(letters) + end
