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
_NO_TABLE = "This is not a CSV file. Save the table as CSV, then import that."
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TEXT = (
    *(b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"SQLite format 3\0"),
    *(b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"RIFF"),
    *(b"7z\xbc\xaf", b"Rar!\x1a", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
)
"""How files begin that are no text: spreadsheets (XLSX, XLS), PDF, gzip, databases, pictures, archives."""
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\v\f\r\x1b"))
_MOST_CONTROLS = 0.02
"""Share of the first bytes that may be control characters, some few always."""
_FEW = 8


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
        raise TableUnreadable(_NO_TABLE)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if name := _utf32_without_mark(start) or _utf16_without_mark(start):
        return name
    if _is_binary(start):
        raise TableUnreadable(_NO_TABLE)
    return "utf-8" if _is_utf8(path) else "cp1252"


def _is_binary(start: bytes) -> bool:
    """Tell by control characters among bytes that are no UTF-8."""
    controls = len(start) - len(start.translate(None, _CONTROLS))
    if controls <= max(_FEW, len(start) * _MOST_CONTROLS):
        return False
    return LOST in codecs.getincrementaldecoder("utf-8")(LOSSY).decode(start)


def _utf32_without_mark(start: bytes) -> str | None:
    """Tell by the two zero bytes that nearly every letter has."""
    zeros = [start[place::4].count(0) for place in range(4)]
    whole, some = len(start) // 4 * 0.9, len(start) // 4 * 0.1
    if min(zeros[2:]) > whole and zeros[0] <= some:
        return "utf-32-le"
    if min(zeros[:2]) > whole and zeros[3] <= some:
        return "utf-32-be"
    return None


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
