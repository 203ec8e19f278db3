"""Grades of records and sleeves, best first (Goldmine scale with EX), as the API codes them.

Source: api-reference, Inventory, `condition_item` and `condition_container`.
"""

import msgspec


class Grade(msgspec.Struct, frozen=True):
    """One grade: wire code, short label for tables (`VG+`), full name for people, rank (0 is best)."""

    code: str
    label: str
    name: str
    rank: int


ITEM_GRADES: tuple[Grade, ...] = tuple(
    Grade(code, label, name, rank)
    for rank, (code, label, name) in enumerate(
        (
            ("m", "M", "Mint"),
            ("nm", "NM", "Near Mint"),
            ("ex", "EX", "Excellent"),
            ("vg_plus", "VG+", "Very Good Plus"),
            ("vg", "VG", "Very Good"),
            ("g_plus", "G+", "Good Plus"),
            ("g", "G", "Good"),
            ("f", "F", "Fair"),
            ("p", "P", "Poor"),
        )
    )
)

SLEEVE_EXTRAS: tuple[Grade, ...] = (
    Grade("generic", "Generic", "Generic sleeve", 9),
    Grade("no_cover", "No cover", "No cover", 10),
    Grade("not_graded", "Not graded", "Not graded", 11),
)

SLEEVE_GRADES: tuple[Grade, ...] = ITEM_GRADES + SLEEVE_EXTRAS

_BY_CODE = {grade.code: grade for grade in SLEEVE_GRADES}

UNGRADED_RANK = 99
"""Where records without a grade, or with one we do not know, sort: after all others."""


def grade_for(code: str | None) -> Grade | None:
    """Return the grade of a wire code, or None for no grade and for codes this version does not know."""
    return _BY_CODE.get(code or "")


def grade_rank(code: str | None) -> int:
    """Return the sort rank of a wire code: 0 for Mint, `UNGRADED_RANK` for none or unknown."""
    grade = grade_for(code)
    return grade.rank if grade else UNGRADED_RANK


def grade_label(code: str | None, display: str | None = None) -> str:
    """Return what a table shows: our label, else the server's `_display`, else the raw code, else nothing."""
    grade = grade_for(code)
    return grade.label if grade else (display or code or "")
