"""JSON that a reader stumbles over, made readable: too deep, half characters, letters of no alphabet.

Only what cannot be read is replaced, byte by byte everything else stays as it came. What is not JSON at all
stays that.
"""

import re

DEEPEST = 64
"""Levels of a value below which nothing is read: Python's own stack ends at some hundreds."""
_LONGEST_NUMBER = 300
"""Digits of a whole number beyond which it is none."""
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_NUMBER = re.compile(rb'"(?:[^"\\]++|\\.)*+"|(-?[0-9]{%d,}+(?![.eE0-9]))' % _LONGEST_NUMBER, re.DOTALL)


def legible(text: bytes) -> bytes:
    """Return JSON in which a reader finds U+FFFD for half a character, and null for what is too deep."""
    whole = text.decode("utf-8", "replace").encode()
    whole = _ESCAPE.sub(lambda found: b"\\ufffd" if found[1] else found[0], whole)
    whole = _NUMBER.sub(lambda found: b"null" if found[1] else found[0], whole)
    return _shallow(whole)


def _shallow(text: bytes) -> bytes:
    """Return JSON with null in the place of each list and object that lies too deep."""
    kept: list[bytes] = []
    depth = start = 0
    for token in _TOKEN.finditer(text):
        sign = text[token.start() : token.start() + 1]
        if sign in (b"[", b"{"):
            depth += 1
            if depth == DEEPEST + 1:
                kept += [text[start : token.start()], b"null"]
        elif sign in (b"]", b"}"):
            if depth == DEEPEST + 1:
                start = token.end()
            depth -= 1
    return b"".join([*kept, text[start:]])
