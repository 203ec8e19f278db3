"""Names without Discogs' marks."""

import pytest

from instica_desktop.server.domain.names import bare_name, name_key


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Bad Company (3)", "Bad Company"),
        ("Kyle D (2) & Mick S (9)", "Kyle D & Mick S"),
        ("A (2), B (13) Feat. C (101)", "A, B Feat. C"),
        ("Mill Records (2), Other (4)", "Mill Records, Other"),
        ("Lil J & The Boyz*", "Lil J & The Boyz"),
        ("Lil J *", "Lil J"),
        ("Lil J* & The Boyz", "Lil J & The Boyz"),
        ("Kyle D (2)*", "Kyle D"),
        ("Prince (1999)", "Prince (1999)"),
        ("N*E*R*D", "N*E*R*D"),
        ("M*A*S*H (2)", "M*A*S*H"),
        ("Was (Not Was)", "Was (Not Was)"),
        ("(2)", "(2)"),
        ("*", "*"),
        ("?", "?"),
        ("Sunn O)))", "Sunn O)))"),
    ],
)
def test_marks_go_wherever_they_stand(name: str, bare: str) -> None:
    assert bare_name(name) == bare
    assert name_key(name) == name_key(bare.upper())
