"""Grades of records and sleeves, best first. Source: api contract, Inventory, Grades."""

ITEM_GRADES: dict[str, str] = {
    "m": "M",
    "nm": "NM",
    "ex": "EX",
    "vg_plus": "VG+",
    "vg": "VG",
    "g_plus": "G+",
    "g": "G",
    "f": "F",
    "p": "P",
}
"""Wire code → label, best first."""

CONTAINER_GRADES: dict[str, str] = ITEM_GRADES | {
    "generic": "Generic",
    "no_cover": "No cover",
    "not_graded": "Not graded",
}
"""Wire code → label for sleeves and other containers."""

_RANKS = {code: rank for rank, code in enumerate(ITEM_GRADES)}


def grade_rank(code: str) -> int | None:
    """Return 0 for the best grade, 8 for the worst, None for no grade (sorts last)."""
    return _RANKS.get(code)
