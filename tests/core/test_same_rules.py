"""The client's text rules and the server's, each its own, agree at every code point of Unicode."""

import random
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from instica_desktop.core import folding
from instica_desktop.server.domain import text as theirs
from instica_desktop.store import values
from tests.support.scripts import code, title, typed

BLOCK = 4096

RULES: dict[str, tuple[Callable[[str], Any], Callable[[str], Any]]] = {
    "fold": (folding.fold, theirs.fold),
    "words": (lambda text: list(folding.words(text)), lambda text: list(theirs.words(text))),
    "compact": (folding.compact, lambda text: theirs.compact(text)[: folding.LONGEST_WORD]),
    "tag": (values.tag, theirs.tag_key),
}


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


def _compare(rule: str, planes: Iterable[int]) -> None:
    ours, other = RULES[rule]
    odd = [
        f"U+{ord(char):04X}"
        for block in _blocks(planes)
        if ours(_between(block)) != other(_between(block))
        for char in block
        if ours(_between([char])) != other(_between([char]))
    ]
    assert odd == []


@pytest.mark.parametrize("rule", RULES)
def test_both_agree_at_every_character(rule: str) -> None:
    _compare(rule, ASSIGNED)


@pytest.mark.long
@pytest.mark.parametrize("rule", RULES)
def test_both_agree_at_every_code_point(rule: str) -> None:
    _compare(rule, range(sys.maxunicode // PLANE + 1))


def test_signs_among_the_letters_of_a_script_are_no_letters() -> None:
    assert list(folding.words("マイルス・デイヴィス")) == list(folding.words("マイルス デイヴィス"))
    assert list(folding.words("ジョン･ケージ")) == list(folding.words("ジョン ケージ"))
    assert list(folding.words("¡ñ!")) == ["n"]


@pytest.mark.parametrize("seed", range(4))
def test_both_find_the_same_by_what_is_typed(seed: int) -> None:
    chance = random.Random(seed)
    texts = [(title(chance), code(chance)) for _ in range(150)]
    for name, number in texts:
        ours = folding.search_text([name], [number])
        found = theirs.search_words([name], [number])
        assert set(ours.split(" ")) == {"", *found.split(" ")}, (seed, name, number)
        for query in (typed(chance, chance.choice(texts)[0]), typed(chance, name), typed(chance, number)):
            asked = all(f" {word}" in ours for word in folding.query_words(query))
            assert asked == all(f" {word}" in f" {found}" for word in theirs.words(query)), (
                seed,
                name,
                query,
            )


def test_words_count_by_their_first_500_characters() -> None:
    long = "ﬃ" * 300
    assert list(folding.words(long)) == ["ffi" * 166 + "ff"]
    assert folding.query_words(long) == ("ffi" * 166 + "ff",)
    assert list(folding.words("a" * 600)) == ["a" * 500]
