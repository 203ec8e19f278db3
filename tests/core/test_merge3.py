"""Merging what two people made of one text: what fits is put together, a clash is never decided alone."""

import re
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core.merge3 import Clash, differences, merge

# Few letters make many meetings: the same lines and words come again and again.
texts = st.text(st.sampled_from("ab \n.\r,é"), max_size=40)
LINES = [f"line number {number} says {word}" for number, word in enumerate("abcde")]
WORDS = re.compile(r"\w+")


def lines_of(*changes: tuple[int, str | None]) -> str:
    """Return the lines with some of them replaced, or left out."""
    wanted = dict(changes)
    found = [wanted.get(at, line) for at, line in enumerate(LINES)]
    return "\n".join(line for line in found if line is not None)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        ("one\ntwo\nthree", "ONE\ntwo\nthree", "one\ntwo\nTHREE", "ONE\ntwo\nTHREE"),
        ("one\ntwo", "one\ntwo\nthree", "zero\none\ntwo", "zero\none\ntwo\nthree"),
        ("one\ntwo\nthree", "two\nthree", "one\ntwo", "two"),
        ("one two\nred green", "one 2\nred green", "one two\nred blue", "one 2\nred blue"),
        (
            "German first pressing. Plays clean on both sides.",
            "West German first pressing. Plays clean on both sides.",
            "German first pressing. Plays clean on both sides. Inner sleeve is original.",
            "West German first pressing. Plays clean on both sides. Inner sleeve is original.",
        ),
        ("a\r\nb\r\nc", "a\r\nb\r\nc\r\nd", "A\nb\nc", "A\nb\nc\nd"),
        ("one\ntwo\nthree", "one\n2\nthree", "one\n2\nthree", "one\n2\nthree"),
        ("Old sleeve. Plays well.\n\nShips fast.", "", "Old sleeve. Plays well.\n\nShips fast.", ""),
    ],
)
def test_changes_in_different_places_are_put_together(base: str, mine: str, theirs: str, both: str) -> None:
    for merged in (merge(base, mine, theirs), merge(base, theirs, mine)):
        assert merged.clean
        assert merged.text == both


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        ("", "Plays clean.", "Inner sleeve is original."),
        ("weighs 180 g", "weighs 200 g", "weighs 140 g"),
        # only a full stop between both: whose sentence ends there?
        (
            "German first pressing. Plays clean.",
            "German first pressing. Plays clean, faint warp.",
            "German first pressing. Plays clean. Inner sleeve is original.",
        ),
        # both wrote it anew: the words they happen to share hold nothing together
        (
            "The sleeve has a tear at the top.",
            "A disc with the scratch at a side.",
            "The label has a stamp on the back of it.",
        ),
        ("one\ntwo\nthree", "one\nthree", "one\n2\nthree"),
    ],
)
def test_changes_in_one_place_are_left_to_the_user(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    assert not merged.clean
    (clash,) = merged.clashes
    assert (clash.mine.strip() in mine, clash.theirs.strip() in theirs) == (True, True)


def test_what_fits_around_a_clash_is_merged_and_both_versions_stand_in_the_draft() -> None:
    mine = lines_of((0, "mine at the top"), (2, "mine in the middle"))
    theirs = lines_of((2, "theirs in the middle"), (4, "theirs at the end"))
    merged = merge("\n".join(LINES), mine, theirs)
    assert merged.clashes == (Clash(f"{LINES[2]}\n", "mine in the middle\n", "theirs in the middle\n"),)
    assert merged.text.split("\n") == [
        "mine at the top",
        LINES[1],
        "mine in the middle",
        "theirs in the middle",
        LINES[3],
        "theirs at the end",
    ]


@given(base=texts, other=texts)
def test_an_unchanged_side_gives_way_to_the_other(base: str, other: str) -> None:
    assert merge(base, base, other).parts == (other,)
    assert merge(base, other, base).parts == (other,)
    assert merge(base, other, other).parts == (other,)


@given(base=texts, mine=texts, theirs=texts)
def test_both_sides_are_equal(base: str, mine: str, theirs: str) -> None:
    merged, turned = merge(base, mine, theirs), merge(base, theirs, mine)
    assert merged.clean == turned.clean
    if merged.clean:
        assert merged.text == turned.text
    else:
        swapped = [Clash(one.base, one.theirs, one.mine) for one in turned.clashes]
        assert list(merged.clashes) == swapped


@given(base=texts, mine=texts, theirs=texts)
def test_a_clash_shows_what_each_side_has_there(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    if merged.clean:
        return
    for text, side in ((base, "base"), (mine, "mine"), (theirs, "theirs")):
        lines = text.replace("\r\n", "\n").replace("\r", "\n") + "\n"
        for clash in merged.clashes:
            assert getattr(clash, side) in lines


places = st.sets(st.integers(0, len(LINES) - 1), max_size=4)


@given(mine=places, theirs=places, gone=st.booleans())
def test_no_changed_line_is_ever_lost(mine: set[int], theirs: set[int], gone: bool) -> None:
    """Each line is changed by nobody, one side or both; a changed line is in the result or in a clash."""
    ours = lines_of(*((at, f"mine {at} is new") for at in mine))
    other = lines_of(*((at, None if gone else f"theirs {at} is new") for at in theirs))
    merged = merge("\n".join(LINES), ours, other)
    said = set(merged.text.split("\n"))
    assert {f"mine {at} is new" for at in mine} <= said
    assert gone or {f"theirs {at} is new" for at in theirs} <= said
    assert {line for at, line in enumerate(LINES) if at not in mine | theirs} <= said
    if merged.clean:
        assert not mine & theirs
        assert not {line for at, line in enumerate(LINES) if at in mine | theirs} & said
    if mine & theirs:
        assert not merged.clean


words = st.lists(st.sampled_from("abcdefgh"), max_size=14).map(" ".join)


@given(base=words, mine=words, theirs=words)
def test_no_new_word_is_ever_lost(base: str, mine: str, theirs: str) -> None:
    """Words nobody had before stand in the result of a clean merge, whoever wrote them."""
    mine, theirs = (f"{mine} minenew", f"theirsnew {theirs}")
    merged = merge(base, mine, theirs)
    found = chain.from_iterable(
        WORDS.findall(part if isinstance(part, str) else part.mine + part.theirs) for part in merged.parts
    )
    assert {"minenew", "theirsnew"} <= set(found)


def test_long_texts_take_no_long_time() -> None:
    base = " ".join(f"word{number % 700}" for number in range(4_000))
    mine, theirs = base.replace("word3 ", "three "), base.replace("word5 ", "five ")
    merged = merge(base, mine, theirs)
    assert len(merged.clashes) == 1
    assert len(differences(base.split(" "), mine.split(" "))) == 1
