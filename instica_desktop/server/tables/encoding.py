"""Finding out how the text of a file is encoded: by its mark, else UTF-8 if most of it is, else cp1252."""

import codecs
from pathlib import Path

_CHUNK = 1 << 16
_ENOUGH = 1_000
"""Bytes that are no UTF-8 which decide without reading on."""
LOST = "\ufffe"
"""Stands for bytes that are no letter: Unicode keeps this code for no character."""
LOSSY = "instica-table"
"""The way to decode that puts `LOST` there."""
codecs.register_error(LOSSY, lambda error: (LOST, error.end))  # pyright: ignore[reportAttributeAccessIssue]
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"SQLite format 3\0")
"""How files begin that are no text: spreadsheets (XLSX, XLS), PDF, gzip, databases."""


class TableUnreadable(Exception):
    """The file cannot be read as a table, or not beyond a row; the message says why."""

    def __init__(self, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.message, self.row = message, row


def encoding_of(path: Path) -> str:
    """Return the name of the file's encoding. Errors: `TableUnreadable` for what is no text."""
    with path.open("rb") as file:
        start = file.read(_CHUNK)
    if any(start.startswith(mark) for mark in _NO_TEXT):
        raise TableUnreadable("This is not a CSV file. Save the table as CSV, then import that.")
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if name := _utf16_without_mark(start):
        return name
    return "utf-8" if _is_utf8(path) else "cp1252"


def _utf16_without_mark(start: bytes) -> str | None:
    """Tell by the zero bytes of Latin letters, which UTF-8 never has."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) // 2
    if half and odd > half * 0.4 and odd > 4 * even:
        return "utf-16-le"
    if half and even > half * 0.4 and even > 4 * odd:
        return "utf-16-be"
    return None


def _is_utf8(path: Path) -> bool:
    """Tell whether more letters beyond ASCII are UTF-8 than not: one bad byte does not garble the rest."""
    decoder = codecs.getincrementaldecoder("utf-8")(LOSSY)
    good = bad = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = decoder.decode(chunk)
            bad += text.count(LOST)
            good += len(chunk) - len(text)
            if bad > _ENOUGH and bad > good:
                break
    return bad == 0 or good > bad  # a character cut off at the end is a file cut off, not another encoding
