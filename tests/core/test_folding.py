"""Text order, the same on every machine."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Kind of Blue", "kind of blue"),
        ("Ágætis byrjun", "agaetis byrjun"),
        ("Ｗａｒｐ", "warp"),
        ("Straße", "strasse"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("Motörhead", "motorhead"),
        ("İstanbul, ısı", "istanbul, isi"),
        ("Łódź, Øre, Ǿ, Œuvre, Ðorđe, Þór", "lodz, ore, o, oeuvre, dorde, thor"),
        ("ﬁsh", "fish"),
        ("ガラス", "カラス"),
        ("", ""),
    ],
)
def test_case_marks_and_widths_do_not_count(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=40))
def test_how_a_text_is_composed_does_not_matter(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text(max_size=40))
def test_the_ascii_path_agrees_with_the_long_one(text: str) -> None:
    ascii_only = text.encode("ascii", "ignore").decode()
    assert fold(ascii_only + "é") == fold(ascii_only) + "e"
