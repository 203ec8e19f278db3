"""Names of artists and labels as they are compared.

Discogs tells people of one name apart by a number, ` (2)`, and marks a name that is written otherwise on a
sleeve by a `*`. Neither is part of the name. Every letter is, and every accent
where a file gives both spellings.
"""

import re
import unicodedata
from functools import lru_cache

_AFTER = r"(?=\s*(?:$|[,;/&+|]|(?:feat|featuring|ft|vs|and|with|presents|present|pres|meets)\b))"
"""What follows a whole name: the end, or what joins it to the next."""
_NUMBER = re.compile(r"\s+\(\d{1,3}\)(?=\*?(?:[\s,;/&+|]|$))")
"""Small numbers only: a year in brackets (`Prince (1999)`) is somebody's own."""
_STAR = re.compile(rf"\s?\*{_AFTER}", re.IGNORECASE)


def bare_name(name: str) -> str:
    """Return a name without Discogs' marks, wherever they stand: `Kyle D (2) & Mick*` → `Kyle D & Mick`."""
    if "(" not in name and "*" not in name:
        return name
    bare = _STAR.sub("", _NUMBER.sub("", name)).strip()
    return bare or name


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return the form that one artist or label has: without case and Discogs' marks."""
    return unicodedata.normalize("NFC", bare_name(name)).lower()


def name_fold(name: str) -> str:
    """Return the form by which somebody finds one who leaves accents out: `BJORK` → `bjork`, `Mø` → `mø`."""
    decomposed = unicodedata.normalize("NFKD", bare_name(name))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
