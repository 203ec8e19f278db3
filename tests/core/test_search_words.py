"""What is kept of a record for searching, and what a typed text asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core.search_words import (
    LONGEST_GROUP,
    Searchable,
    alternatives,
    barcode_words,
    code_words,
    search_text,
    sign_word,
    text_words,
)
from tests.support.asking import finds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A Love Supreme (Pt. 1)", "alove love supreme pt1 1"),
        ("AC/DC", "acdc dc"),
        ("Run-D.M.C.", "rundmc dmc mc c \ue002dmc \ue002mc"),
        ("The B-52’s", "theb52s b52s 52s s"),
        ("4 Hero, U 2", "4hero hero u2 2"),
        ("Blue Train", "blue train"),
        ("Ke$ha & P!nk!", "ke hapnk pnk nk kesha pink"),
        ("Ty Dolla $ign for $20", "ty dolla ign for 20 sign"),
        ("Die Ärzte", "die arzte aerzte"),
        ("लता मंगेशकर", "लता मंगेशकर"),
        ("Rock\u00adabilly", "rockabilly"),
        ("細野晴臣 Live", "細 野 晴 臣 細野 野晴 晴臣 live"),
        ('7", Single', "7 single 7inch"),
        ("2xLP, 10 inch", "2xlp 10 inch lp 10inch"),
        ("LP × 2", "lpx2 x2 2 2xlp lp"),
        ("2 LP, 33⅓ RPM", "2lp lp 3313rpm 3rpm rpm 2xlp 33rpm"),
        ("Chapter 2 LP", "chapter2lp 2lp lp"),
        ("C++ & 3OH!3", "\ue002c\ue02b\ue02b c3oh3 3oh3 3"),
        ("Åse Bjørn", "ase bjorn aase bjoern"),
        ('The "99" Sessions', "the 99 sessions"),
        ('"Hit" 12" Mix', "hit 12 mix 12inch"),
    ],
)
def test_words_of_a_text(text: str, words: str) -> None:
    assert list(dict.fromkeys(text_words(text))) == words.split()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("CS 8163", "cs8163 8163"),
        ("TPLP71", "tplp71 71"),
        ("FAC 23.12", "fac2312 2312 12"),
        ("EKS 75011, K 42 090", "eks75011k42090 75011k42090 k42090 42090 090"),
        ("--", ""),
    ],
)
def test_a_code_counts_from_each_of_its_parts_on(code: str, words: str) -> None:
    assert list(code_words(code)) == words.split()


def test_a_barcode_counts_with_and_without_its_zeros() -> None:
    upc = "74646493519", "074646493519", "0074646493519", "00074646493519"
    assert set(upc) <= set(barcode_words("0 74646 49351 9"))
    assert set(barcode_words("4006381333931")) == {"4006381333931", "04006381333931"}
    assert list(barcode_words("12345")) == ["12345"]
    assert list(barcode_words("B123456")) == ["b123456", "123456"]


def test_a_name_of_signs_is_one_word() -> None:
    assert search_text(Searchable(names=("!!!",), texts=("???",))) == f" {sign_word('!!!')}"
    assert sign_word("a!") == sign_word(" ") == ""
    assert sign_word("‘ ’") == sign_word("''")
    assert not set(sign_word("\\'\" %")) & set("\\'\" %")


def test_a_long_text_stays_as_long() -> None:
    letters = " ".join("abcdefghij" * 100)
    words = list(text_words(letters))
    assert len(words) == 1999  # each run together, and all but the last spelled out
    assert max(map(len, words)) == LONGEST_GROUP + 1


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Blue blue  BLUE", (("blue",), ("blueblueblue",))),
        ("tplp 71", (("tplp", "71"), ("tplp71",))),
        ("ac/dc power", (("ac", "dc", "power"), ("acdc", "power"), ("acdcpower",))),
        ("motörhead", (("motorhead",), ("motoerhead",))),
        ("ke$ha", (("ke", "ha"), ("keha",), ("kesha",))),
        ('7"', (("7inch",),)),
        ("2×LP", (("2xlp",),)),
        ("2lp", (("2xlp",), ("2lp",))),
        ("45 rpm", (("45rpm",),)),
        ("r.e.m. live", (("live", "\ue002rem"), ("live", "rem "), ("remlive",))),
        ("a&m", (("\ue002am",), ("am ",))),
        ("c++", (("\ue002c\ue02b\ue02b",),)),
        ("細野晴臣", (("細野", "野晴", "晴臣"),)),
        ("細", (("細",),)),
        ("  ", ()),
        ("!?", ((sign_word("!?"),),)),
    ],
)
def test_what_a_typed_text_asks_for(typed: str, asked: tuple[tuple[str, ...], ...]) -> None:
    assert alternatives(typed) == asked


def test_every_query_word_must_begin_a_word() -> None:
    words = search_text(Searchable(texts=("Miles Davis",)))
    assert finds("mil dav", words)
    assert not finds("iles", words)
    assert not finds("miles coltrane", words)


@given(st.text(max_size=40))
def test_any_text_finds_itself(text: str) -> None:
    assert finds(text, search_text(Searchable(names=(text,))))
    assert finds(text, search_text(Searchable(codes=(text,)))) or sign_word(text)


@given(st.text("abx29 -./'`*,_&+!#", max_size=40))
def test_the_ascii_path_agrees_with_the_long_one(text: str) -> None:
    words = [word for word in text_words(f"{text}\n猫") if word != "猫"]
    assert dict.fromkeys(words) == dict.fromkeys(text_words(text))
