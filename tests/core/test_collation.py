"""The order of names and codes; the client's rules and the server's, each its own, agree."""

import random
from collections.abc import Callable
from itertools import product
from string import ascii_lowercase

import pytest

from instica_desktop.core import collation
from instica_desktop.server.domain import collation as theirs
from tests.support.scripts import SPACES, code, title

Key = Callable[[str], str | None]
RULES: dict[str, tuple[Key, Key]] = {
    "name": (collation.name_key, theirs.name_key),
    "code": (collation.code_key, theirs.code_key),
}
NAME_KEYS = pytest.mark.parametrize("key", RULES["name"], ids=["client", "server"])
CODE_KEYS = pytest.mark.parametrize("key", RULES["code"], ids=["client", "server"])
ARTICLES = (
    *("the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "los", "las", "il", "lo", "i", "gli"),
    *("de", "het", "den", "det", "os", "as", "o"),
)
NUMBERS = (
    *("0", "1", "2", "007", "8", "9", "10", "19", "99", "100", "12345678", "99999999", "100000000"),
    *(str(10**length) for length in range(9, 40)),
)


def _in_order(key: Key, texts: list[str]) -> None:
    shuffled = random.Random(len(texts)).sample(texts, len(texts))
    assert sorted(shuffled, key=lambda text: key(text) or "") == texts


@NAME_KEYS
def test_names_sort_without_their_articles(key: Key) -> None:
    _in_order(
        key,
        [
            "AC/DC",
            "L’Âge d’or",
            "The Beatles",
            "Los Bravos",
            "A Certain Ratio",
            "Die Doraus & die Marinas",
            "il Genio",
            "Iron Butterfly",
            "Les Négresses Vertes",
            "The The",
            "Die Toten Hosen",
        ],
    )


@NAME_KEYS
@pytest.mark.parametrize("article", ARTICLES)
def test_each_article_is_skipped_in_any_case_and_only_as_a_word(key: Key, article: str) -> None:
    assert key(f"{article} Zoo") == key(f" {article.upper()}\u00a0\u3000ZOO ") == "zoo"
    assert key(f"{article}zoo") == f"{article}zoo"
    assert key(f"{article}-zoo") == f"{article}-zoo"


@CODE_KEYS
def test_codes_sort_alike_whatever_divides_their_parts(key: Key) -> None:
    _in_order(key, ["ABC-9", "ABC 10", "ABC_11", "ABC/12 A", "ABC.12-B", "ABCD 1"])
    assert key("abc\u201309") == key(" ABC - 9 ") == key("ABC:9-") == key("ABC 9")
    assert key("--") == "--"


@NAME_KEYS
def test_no_other_short_word_is_an_article(key: Key) -> None:
    found = {
        word
        for length in (1, 2, 3)
        for word in map("".join, product(ascii_lowercase, repeat=length))
        if key(f"{word} zoo") == "zoo"
    }
    assert found == set(ARTICLES)


@NAME_KEYS
@pytest.mark.parametrize("apostrophe", "'‘’‛`ʼ′´＇")
def test_an_elided_article_is_skipped(key: Key, apostrophe: str) -> None:
    assert key(f"L{apostrophe}Amour") == key(f"l{apostrophe} Amour") == "amour"
    assert key(f"D{apostrophe}Angelo") != "angelo"
    assert key(f"L{apostrophe}") == "l" + ("'" if apostrophe in "´＇" else apostrophe)


@NAME_KEYS
def test_an_article_that_is_the_name_stays_and_one_is_enough(key: Key) -> None:
    assert [key(name) for name in ("A", " The ", "O", "L'")] == ["a", "the", "o", "l'"]
    assert key("The The") == "the"
    assert key("The A Team") == "a team"
    assert key("The !!!") == "!!!"


@CODE_KEYS
def test_codes_keep_what_looks_like_an_article(key: Key) -> None:
    _in_order(key, ["A 1", "A 2", "A 10", "B 1", "DE 1", "LA 1"])


@NAME_KEYS
def test_digits_compare_as_numbers(key: Key) -> None:
    _in_order(key, ["Vol", "Vol 2", "Vol 10", "Vol 10 b", "Vol 100", "Vol A"])
    _in_order(key, ["!!!", "10cc", "ABBA", "Maroon 5", "Maroon 50", "東京"])
    assert key("Vol 02") == key("vol ２") == key("Vol ٢") == key("Vol ²")


@CODE_KEYS
def test_codes_and_shelves_sort_as_people_count(key: Key) -> None:
    _in_order(key, ["A-1-9", "A-2-1", "A-2-10", "A-10-1", "B-1-1"])
    _in_order(key, ["FAC 2", "FAC 23.9", "FAC 23.12", "FAC 75", "FAC 451", "FACT 10"])
    _in_order(key, ["IN-999", "IN-1000", "IN-20000"])


@CODE_KEYS
def test_numbers_of_any_length_sort_by_their_value(key: Key) -> None:
    for before, after in ((a, b) for a in NUMBERS for b in NUMBERS if int(a) < int(b)):
        for behind in ("", " ", "x", "-9"):
            assert (key(before + behind) or "") < (key(after + "-1") or ""), (before, after)


@NAME_KEYS
def test_what_is_empty_has_no_key_and_a_long_text_has_a_short_one(key: Key) -> None:
    assert key("") is key("   ") is key("\u3000") is None
    assert len(key("Very Long 1 " * 400) or "") == collation.LONGEST_KEY
    assert len(key("1" * 9000) or "") == collation.LONGEST_KEY


@pytest.mark.parametrize("rule", RULES)
def test_both_agree_at_every_character(rule: str) -> None:
    ours, other = RULES[rule]
    odd: list[str] = []
    for plane in (*range(4), 14):
        for point in range(plane * 0x10000, (plane + 1) * 0x10000):
            text = f"l{chr(point)}a{chr(point)}7"
            if ours(text) != other(text):
                odd.append(f"U+{point:04X}")
    assert odd == []


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seed", range(4))
def test_both_give_random_texts_the_same_key(rule: str, seed: int) -> None:
    chance = random.Random(f"{rule} {seed}")
    ours, other = RULES[rule]
    apostrophes = ("'", "’", "´", "`", " ")
    for _ in range(3000):
        text = chance.choice((title, code))(chance)
        if chance.random() < 0.6:
            article = chance.choice((*ARTICLES, "L" + chance.choice(apostrophes)))
            text = chance.choice((str, str.upper, str.title))(article) + chance.choice(SPACES) + text
        text += chance.choice(("", " ", "0", "00", "9" * 20, "٣٤"))
        assert ours(text) == other(text), (seed, text)
