"""The client's text rules and the server's, each its own, agree at every code point of Unicode."""

import random
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from instica_desktop.core import folding, search_words
from instica_desktop.core.overlay_listings import is_by_hand
from instica_desktop.server.domain import search_words as their_words
from instica_desktop.server.domain import text as theirs
from instica_desktop.server.domain.platforms import PLATFORMS, is_selling
from instica_desktop.store import values
from tests.support.scripts import code, title, typed

BLOCK = 4096

RULES: dict[str, tuple[Callable[[str], Any], Callable[[str], Any]]] = {
    "fold": (folding.fold, theirs.fold),
    "words": (
        lambda text: list(search_words.text_words(text)),
        lambda text: list(their_words.text_words(text)),
    ),
    "codes": (
        lambda text: list(search_words.barcode_words(text)),
        lambda text: list(their_words.barcode_words(text)),
    ),
    "queries": (search_words.alternatives, their_words.alternatives),
    "signs": (
        lambda text: list(filter(None, map(search_words.sign_word, text.split(" ")))),
        lambda text: [word for name in text.split(" ") for word in their_words.sign_words(name)],
    ),
    "tag": (values.tag, theirs.tag_key),
}


def test_both_know_which_marketplaces_are_served_by_hand() -> None:
    known = [platform.slug for platform in PLATFORMS]
    assert [is_by_hand(slug) for slug in known] == [not is_selling(slug) for slug in known]


PLANE = 0x10000
ASSIGNED = (*range(4), 14)
"""The planes in which Unicode has assigned anything but private use."""


def _blocks(planes: Iterable[int]) -> Iterator[list[str]]:
    for plane in planes:
        for start in range(plane * PLANE, (plane + 1) * PLANE, BLOCK):
            yield [chr(point) for point in range(start, start + BLOCK)]


def _between(chars: list[str]) -> str:
    """Return each between a letter and a CJK sign: how the three part shows what it is."""
    return "".join(f"a{char}猫 " for char in chars)


def _alone(chars: list[str]) -> str:
    return " ".join(char for char in chars if not char.isspace())


def _compare(rule: str, planes: Iterable[int]) -> None:
    ours, other = RULES[rule]
    shown = _alone if rule == "signs" else _between
    odd = [
        f"U+{ord(char):04X}"
        for block in _blocks(planes)
        if ours(shown(block)) != other(shown(block))
        for char in block
        if ours(shown([char])) != other(shown([char]))
    ]
    assert odd == []


@pytest.mark.parametrize("rule", RULES)
def test_both_agree_at_every_character(rule: str) -> None:
    _compare(rule, ASSIGNED[:2] if rule == "queries" else ASSIGNED)  # the other planes differ by kind alone


@pytest.mark.long
@pytest.mark.parametrize("rule", RULES)
def test_both_agree_at_every_code_point(rule: str) -> None:
    _compare(rule, range(sys.maxunicode // PLANE + 1))


def test_signs_among_the_letters_of_a_script_are_no_letters() -> None:
    words = search_words.text_words
    assert list(words("マイルス・デイヴィス")) == list(words("マイルス デイヴィス"))
    assert list(words("ジョン･ケージ")) == list(words("ジョン ケージ"))
    assert list(words("¡ñ!")) == ["n"]


def _odd(chance: random.Random) -> str:
    """Return a text of what the rules treat in a way of its own."""
    return "".join(chance.choices(_ODD, k=chance.randint(1, 16)))


_ODD = (
    *"abs71 2x-./'\"´’”*,!$&+#×øå猫éöł\u200d\u0301\n&_ि",
    "inch",
    "in",
    " ",
    "lp",
    "2 LPs",
    "45 rpm",
    '12" ',
    "u\u0308",
    "００",
    "ﬁ",
)


@pytest.mark.parametrize("seed", range(4))
def test_both_find_the_same_by_what_is_typed(seed: int) -> None:
    chance = random.Random(seed)
    texts = [(title(chance), code(chance), _odd(chance)) for _ in range(150)]
    for name, number, odd in texts:
        names, codes, barcodes = (name, odd), (number, odd), (f"0{chance.randint(1, 10**13)}",)
        record = search_words.Searchable(names=names, codes=codes, barcodes=barcodes)
        ours = search_words.search_text(record)
        assert ours == " " + their_words.index_words(names=names, codes=codes, barcodes=barcodes), seed
        parts = (chance.choice(texts)[0], name, number, odd, barcodes[0])
        for query in (*(typed(chance, part) for part in parts), odd, f"{number} {odd}"):
            asked = search_words.alternatives(query)
            assert asked == their_words.alternatives(query), (seed, query)


def test_words_count_by_their_first_500_characters() -> None:
    long = "ﬃ" * 300
    assert list(search_words.text_words(long)) == ["ffi" * 166 + "ff"]
    assert search_words.alternatives(long) == (("ffi" * 166 + "ff",),)
    assert list(search_words.text_words("a" * 600)) == ["a" * 500]
