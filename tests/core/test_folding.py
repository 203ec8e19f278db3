"""Search words and text order, the same on every machine."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core.folding import compact, fold, query_words, search_text, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Kind of Blue", "kind of blue"),
        ("Ágætis byrjun", "agætis byrjun"),
        ("Ｗａｒｐ", "warp"),
        ("Straße", "strasse"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("Motörhead", "motorhead"),
        ("İstanbul", "istanbul"),
        ("ﬁsh", "fish"),
        ("ガラス", "カラス"),
        ("", ""),
    ],
)
def test_case_marks_and_widths_do_not_count(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_are_runs_of_letters_and_digits() -> None:
    assert list(words("A Love Supreme (Pt. 1)/impulse! A-77_x")) == [
        "a", "love", "supreme", "pt", "1", "impulse", "a", "77", "x",
    ]  # fmt: skip


def test_runs_without_spaces_become_pairs_and_singles() -> None:
    assert sorted(words("細野晴臣 Live")) == sorted(["細", "野", "晴", "臣", "細野", "野晴", "晴臣", "live"])
    assert query_words("細野晴臣") == ("細野", "野晴", "晴臣")
    assert query_words("細") == ("細",)


def test_a_query_asks_for_each_word_once() -> None:
    assert query_words("Blue blue  BLUE train") == ("blue", "train")
    assert query_words(" -!?  ") == ()


@pytest.mark.parametrize(
    ("code", "joined"), [("CS 8163", "cs8163"), ("A-77/1.b", "a771b"), ("", ""), ("--", "")]
)
def test_codes_count_without_separators(code: str, joined: str) -> None:
    assert compact(code) == joined


def test_a_record_s_words_stand_once_each_behind_a_space() -> None:
    assert search_text(["Blue Train", None, "blue"], ["BLP 1577", None]) == " blue train blp 1577 blp1577"
    assert search_text([], []) == ""


def matches(query: str, text: str) -> bool:
    return all(f" {word}" in search_text([text]) for word in query_words(query))


def test_every_query_word_must_begin_a_word() -> None:
    assert matches("mil dav", "Miles Davis")
    assert matches("晴臣", "細野晴臣")
    assert not matches("iles", "Miles Davis")
    assert not matches("miles coltrane", "Miles Davis")


@given(st.text(max_size=40))
def test_any_text_finds_itself(text: str) -> None:
    assert matches(text, text)


@given(st.text(max_size=40))
def test_how_a_text_is_composed_does_not_matter(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text(max_size=40))
def test_the_ascii_path_agrees_with_the_long_one(text: str) -> None:
    ascii_only = text.encode("ascii", "ignore").decode()
    assert fold(ascii_only + "é") == fold(ascii_only) + "e"
