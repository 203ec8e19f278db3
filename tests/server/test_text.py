"""Folding and search words, as the contract's paragraph says."""

import pytest

from instica_desktop.server.domain.text import compact, fold, search_words, sort_key, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ágætis byrjun", "agætis byrjun"),
        ("WARP", "warp"),
        ("Ｗａｒｐ", "warp"),
        ("Straße", "strasse"),
        ("ガ", "カ"),
        ("İstanbul", "istanbul"),
        ("ﬁne", "fine"),
    ],
)
def test_folding_drops_case_marks_and_width(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_are_runs_of_letters_or_digits() -> None:
    assert list(words("Blue-Note, BLP 4003 (stereo)")) == ["blue", "note", "blp", "4003", "stereo"]


def test_a_cjk_run_becomes_single_characters_and_pairs() -> None:
    assert set(words("細野晴臣LP")) == {"細", "野", "晴", "臣", "細野", "野晴", "晴臣", "lp"}
    assert list(words("猫")) == ["猫"]


def test_codes_also_count_without_separators() -> None:
    assert compact("IN-003 704") == "in003704"
    assert search_words(["Aja"], ["AB 1006"]).split() == ["aja", "ab", "1006", "ab1006"]


def test_empty_text_has_no_sort_key() -> None:
    assert sort_key("") is None
    assert sort_key("Élan") == "elan"
