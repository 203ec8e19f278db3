"""The colours can be read by people."""

import re
from pathlib import Path

import pytest

import instica_desktop.qtkit as qtkit
from instica_desktop.qtkit.theme.tokens import DARK, LIGHT, SCHEMES, SHAPE_PAIRS, TEXT_PAIRS, Token, contrast

ROOM = Path(qtkit.__file__).parent


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-on-".join)
def test_text_can_be_read(scheme: str, pair: tuple[Token, Token]) -> None:
    tokens = SCHEMES[scheme]  # type: ignore[index]
    assert contrast(tokens[pair[0]], tokens[pair[1]]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("pair", SHAPE_PAIRS, ids="-on-".join)
def test_shapes_can_be_seen(scheme: str, pair: tuple[Token, Token]) -> None:
    tokens = SCHEMES[scheme]  # type: ignore[index]
    assert contrast(tokens[pair[0]], tokens[pair[1]]) >= 3


def test_both_schemes_have_the_same_tokens() -> None:
    assert LIGHT.keys() == DARK.keys()


def test_no_colour_is_written_anywhere_else() -> None:
    colour = re.compile(r"#[0-9A-Fa-f]{6}\b|QColor\(\s*\d")
    strays = [
        file.name
        for file in ROOM.rglob("*.py")
        if file.name != "tokens.py" and colour.search(file.read_text(encoding="utf-8"))
    ]
    assert strays == []
