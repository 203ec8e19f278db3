"""Tags as words of the search index.

They begin with a character no typed word has, and hold no space and no sign.

A tag that is found whole is one word; one that is found by any part is a word from each of its characters
on, cut to `TAG_STEM` characters: a part of a tag is the beginning of one of them.
"""

from collections.abc import Iterator

from instica_desktop.server.domain.text import tag_key

TAG_STEM = 16
"""How many characters of a part the index compares; longer parts are rare."""

_MARK = "\ue000"
# ASCII's spaces, signs and quotation marks move to the private use area: the index would split or parse them.
_SHIFTED = {code: chr(0xE000 + code) for code in range(128) if not chr(code).isalnum()}


def tag_word(tag: str) -> str:
    """Return the word of a whole tag."""
    return _MARK + tag_key(tag).translate(_SHIFTED)


def tag_starts(tag: str) -> Iterator[str]:
    """Yield a word from each character of a tag on."""
    whole = tag_word(tag)[1:]
    for start in range(len(whole)):
        yield _MARK + whole[start : start + TAG_STEM]
