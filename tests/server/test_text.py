"""Folding and search words, as the contract's paragraph says."""

import pytest

from instica_desktop.server.domain.search_words import alternatives, index_words, text_words
from instica_desktop.server.domain.text import compact, fold, sort_key


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ágætis byrjun", "agaetis byrjun"),
        ("WARP", "warp"),
        ("Ｗａｒｐ", "warp"),
        ("Straße", "strasse"),
        ("ガ", "カ"),
        ("İstanbul", "istanbul"),
        ("Łona", "lona"),
        ("ﬁne", "fine"),
    ],
)
def test_folding_drops_case_marks_and_width(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_are_runs_of_letters_or_digits() -> None:
    assert list(text_words("Blue Note, BLP 4003 (stereo)")) == ["blue", "note", "blp", "4003", "stereo"]


def test_words_that_signs_divide_also_count_run_together() -> None:
    assert list(text_words("Blue-Note (X-Ray’s)")) == ["bluenote", "note", "xrays", "rays", "s"]


def test_a_cjk_run_becomes_single_characters_and_pairs() -> None:
    assert set(text_words("細野晴臣LP")) == {"細", "野", "晴", "臣", "細野", "野晴", "晴臣", "lp"}
    assert list(text_words("猫")) == ["猫"]


def test_codes_also_count_without_separators() -> None:
    assert compact("IN-003 704") == "in003704"
    assert index_words(names=["Aja"], codes=["AB 1006"]).split() == ["aja", "ab1006", "1006"]


def test_a_blank_query_asks_for_nothing() -> None:
    assert alternatives(" \u200b ") != alternatives("  ") == ()


def test_empty_text_has_no_sort_key() -> None:
    assert sort_key("") is None
    assert sort_key("Élan") == "elan"
