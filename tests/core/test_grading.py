"""Grades: order, labels, and codes this version does not know."""

from instica_desktop.core.grading import (
    ITEM_GRADES,
    SLEEVE_EXTRAS,
    SLEEVE_GRADES,
    UNGRADED_RANK,
    grade_for,
    grade_label,
    grade_rank,
)


def test_grades_are_best_first() -> None:
    assert [grade.label for grade in ITEM_GRADES] == ["M", "NM", "EX", "VG+", "VG", "G+", "G", "F", "P"]
    ranks = [grade.rank for grade in SLEEVE_GRADES]
    assert ranks == sorted(set(ranks))
    assert [grade.code for grade in SLEEVE_EXTRAS] == ["generic", "no_cover", "not_graded"]


def test_codes_are_those_of_the_wire() -> None:
    assert [grade.code for grade in ITEM_GRADES] == [
        "m",
        "nm",
        "ex",
        "vg_plus",
        "vg",
        "g_plus",
        "g",
        "f",
        "p",
    ]


def test_a_known_code_has_its_grade() -> None:
    grade = grade_for("vg_plus")
    assert grade is not None
    assert (grade.label, grade.name) == ("VG+", "Very Good Plus")
    assert grade_rank("m") == 0


def test_unknown_and_missing_codes_sort_last_and_show_what_there_is() -> None:
    assert grade_for("mint_sealed") is None
    assert grade_for(None) is None
    assert grade_rank("mint_sealed") == grade_rank(None) == UNGRADED_RANK
    assert max(grade.rank for grade in SLEEVE_GRADES) < UNGRADED_RANK
    assert grade_label("mint_sealed", "Mint, sealed") == "Mint, sealed"
    assert grade_label("mint_sealed") == "mint_sealed"
    assert grade_label(None) == ""
    assert grade_label("vg", "Sehr gut") == "VG"
