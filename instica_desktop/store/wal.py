"""The write-ahead log beside a database, looked at before SQLite reads it.

To SQLite the first frame whose checksum does not fit is the end of what was committed: that is how it tells
a write that a power cut tore. A byte that the disk spoilt in the middle looks the same, and everything behind
it, committed long ago, would go without a word. Here the two are told apart, and the log is put in order.
The format: https://sqlite.org/fileformat2.html#the_write_ahead_log

A checksum is linear, and each one goes on from the one before. So most single bytes that changed are found
and put back as they were; of other damage what lies behind it still proves itself, and the seals of the rows
and SQLite’s own checks, which come after, tell what it cost.
"""

import struct
import sys
from array import array
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from operator import mul
from pathlib import Path

import msgspec

from instica_desktop.store.files import replacing

Sum = tuple[int, int]
_MAGIC, _VERSION = 0x377F0682, 3_007_000
_HEADER, _FRAME, _SUMMED = 32, 24, 8
"""Bytes of the header of a log and of a frame; so many of the latter's are under its checksum."""
_WORD = 0xFFFFFFFF
_PAGE = 4096
"""The size of a page of a new database, in bytes."""
_PAGE_SIZES = frozenset(1 << power for power in range(9, 17))
_LOOKS = 3


class Mended(msgspec.Struct, frozen=True):
    """A spoilt log put in order: SQLite reads `content` to its end. `lacks` frames had to be left out."""

    content: bytes
    lacks: int = 0


def log_of(path: Path) -> Path:
    """Return where the log of a database lies, should it have one."""
    return path.with_name(f"{path.name}-wal")


def looked_at(path: Path, *, synced: bool = True) -> Mended | None:
    """Look at the log of a database; None where nothing in it is spoilt, or there is none.

    Where not each commit is `synced`, a power cut may leave gaps: only a spoilt byte is damage there.
    Somebody else may be writing it: what seems spoilt must be so twice.
    """
    before, found = b"", None
    for _ in range(_LOOKS):
        content = _content(log_of(path))
        if before and content == before:
            break
        before, found = content, mended(content, synced=synced)
        if found is None:
            break
    return found


def hides_more(path: Path, frames: int) -> bool:
    """Tell whether a spoilt byte keeps SQLite from reading more of a log than its first `frames`.

    Quick where that is all of a log, however long. It is one whose commits are not synced.
    """
    log = log_of(path)
    if not log.exists() or log.stat().st_size < _HEADER + (frames + 1) * (_FRAME + _PAGE):
        return False
    reading = _Reading(log.read_bytes(), synced=False)
    return bool(list(reading.frames(frames))) and reading.spoilt


def rewrite(path: Path, log: Mended, aside: Path) -> None:
    """Put a log in the place of the spoilt one, durably, both files as they were found being kept `aside`.

    Nobody may have the database open. Where there is no room for a copy, the mending goes on all the same.
    """
    with suppress(OSError):
        for source, target in ((log_of(path), log_of(aside)), (path, aside)):
            with replacing(target, durable=True) as file:
                file.write(source.read_bytes())
    with replacing(log_of(path), durable=True) as file:
        file.write(log.content)
    with suppress(OSError):  # the index of the spoilt one, which who opens the database makes anew
        path.with_name(f"{path.name}-shm").unlink(missing_ok=True)


def mended(content: bytes, *, synced: bool = True) -> Mended | None:
    """Return what SQLite is to read instead of a spoilt log, None where nothing in it is spoilt."""
    if len(content) < _HEADER:
        return None
    reading = _Reading(content, synced=synced)
    frames = list(reading.frames())
    return Mended(reading.written(frames), reading.lacks) if frames and reading.spoilt else None


class _Frame(msgspec.Struct):
    """A frame as it lies in the file: its page and commit size, salts, checksum; and what is summed up."""

    summed: bytes
    salts: bytes
    sum: Sum

    @property
    def ends(self) -> bool:
        """Whether it ends a transaction."""
        return self.summed[4:_SUMMED] != bytes(4)

    @property
    def has_page(self) -> bool:
        """Whether it says which page it holds."""
        return self.summed[:4] != bytes(4)


class _Reading:
    """A log read frame by frame, each held to the checksum before it. `spoilt`: something was mended."""

    def __init__(self, content: bytes, *, synced: bool) -> None:
        self.lacks = 0
        self._synced = synced
        self._header = content[:_HEADER] if _is_header(content[:_HEADER]) else _likely_header(content)
        self.spoilt = self._header != content[:_HEADER]
        magic, _, page = struct.unpack(">III", self._header[:12])
        self._salts, self._big, size = self._header[16:24], bool(magic & 1), _FRAME + page
        starts = range(_HEADER, len(content) - size + 1, size)
        self._frames = [_cut(content[start : start + size]) for start in starts]
        self._first = _pair(content[_HEADER - 8 : _HEADER])
        if not self._fits(0, self._first):
            self._first = _pair(self._header[_HEADER - 8 :])

    def frames(self, start: int = 0) -> Iterator[_Frame]:
        """Yield the frames from `start` up to the last that was written, or to where a write was torn."""
        before = self._frames[start - 1].sum if start else self._first
        for at, frame in enumerate(self._frames[start:], start):
            reached = _sum(frame.summed, before, big=self._big)
            if reached != frame.sum or frame.salts != self._salts:
                whole = self._whole(at, before, reached)
                if whole is None:
                    return
                self.spoilt = True
                frame = whole
            before = frame.sum
            if frame.has_page:
                yield frame
            else:
                self.lacks += 1

    def written(self, frames: list[_Frame]) -> bytes:
        """Return these frames as a log whose checksums fit."""
        parts, before = [self._header], _pair(self._header[_HEADER - 8 :])
        for frame in frames:
            before = _sum(frame.summed, before, big=self._big)
            head = frame.summed[:_SUMMED] + self._salts + struct.pack(">II", *before)
            parts += [head, frame.summed[_SUMMED:]]
        return b"".join(parts)

    def _whole(self, at: int, before: Sum, reached: Sum) -> _Frame | None:
        """Return what a frame that does not fit was, or what is left of it; None where the log ends.

        A later transaction behind it tells that it was written whole: a torn write is the last there is.
        """
        frame = self._frames[at]
        if reached == frame.sum or self._fits(at + 1, reached):
            return _Frame(frame.summed, self._salts, reached)
        likely = list(_likely(frame.summed, frame.sum, before, big=self._big))
        if _is_byte(reached, frame.sum) and not self._fits(at + 1, frame.sum):
            likely.append(frame.summed)  # or its checksum was spoilt
        if not likely and not (self._synced and self._is_acknowledged(at)):
            return None
        summed = likely[0] if len(likely) == 1 else frame.summed
        return _Frame(summed, self._salts, frame.sum)

    def _is_acknowledged(self, at: int) -> bool:
        """Tell whether a later transaction ended than the one of a frame, which was on the disk before that.

        Of the last one a power cut leaves any of its frames, and not only the first.
        """
        ends = [
            number
            for number, frame in enumerate(self._frames[at:], at)
            if frame.ends
            and frame.salts == self._salts
            and (number == at or self._fits(number, self._frames[number - 1].sum))
        ]
        return len(ends) > 1

    def _fits(self, at: int, before: Sum) -> bool:
        frames = self._frames[at : at + 1]
        return bool(frames) and _sum(frames[0].summed, before, big=self._big) == frames[0].sum


def _content(log: Path) -> bytes:
    try:
        return log.read_bytes()
    except FileNotFoundError:
        return b""


def _is_header(header: bytes) -> bool:
    magic, version, page, _ = struct.unpack(">IIII", header[:16])
    fits = _pair(header[24:]) == _sum(header[:24], (0, 0), big=bool(magic & 1))
    return fits and magic | 1 == _MAGIC | 1 and version == _VERSION and page in _PAGE_SIZES


def _likely_header(content: bytes) -> bytes:
    """Return a header as SQLite makes them here, for the frames there are: they prove themselves."""
    big, salts = sys.byteorder == "big", content[_HEADER + 8 : _HEADER + 16].ljust(8, b"\0")
    made = struct.pack(">III", _MAGIC | big, _VERSION, _PAGE) + content[12:16] + salts
    return made + struct.pack(">II", *_sum(made, (0, 0), big=big))


def _cut(frame: bytes) -> _Frame:
    return _Frame(frame[:_SUMMED] + frame[_FRAME:], frame[_SUMMED:16], _pair(frame[16:_FRAME]))


def _pair(eight: bytes) -> Sum:
    one, other = struct.unpack(">II", eight)
    return one, other


def _is_byte(one: Sum, other: Sum) -> bool:
    """Tell whether two sums differ in a byte at most."""
    pairs = zip(struct.pack(">II", *one), struct.pack(">II", *other), strict=True)
    return sum(left != right for left, right in pairs) <= 1


def _words(summed: bytes, *, big: bool) -> "array[int]":
    words = array("I", summed)
    if big != (sys.byteorder == "big"):
        words.byteswap()
    return words


def _sum(summed: bytes, before: Sum, *, big: bool) -> Sum:
    """Return the checksum of what is summed up, going on from the one before (section 4.2 of the format).

    There it is a loop over pairs of words; here the weights with which each word comes to stand in its end.
    """
    words = (before[0], before[1] - before[0], *_words(summed, big=big))
    one, other = (sum(map(mul, weights, words)) for weights in _weights(len(words)))
    return one & _WORD, other & _WORD


@cache
def _weights(number: int) -> tuple[list[int], list[int]]:
    """Return the weights of so many words in both halves of a checksum; the first two are the one before."""
    weights: list[Sum] = []
    first, second = (1, 1), (0, 1)
    for _ in range(0, number, 2):
        weights += [second, first]
        first, second = _further(first), _further(second)
    return [one for one, _ in reversed(weights)], [other for _, other in reversed(weights)]


def _further(half: Sum) -> Sum:
    """Return what a checksum becomes over a pair of words that are zero."""
    one, other = half
    return (one + other) & _WORD, (one + 2 * other) & _WORD


def _likely(summed: bytes, wanted: Sum, before: Sum, *, big: bool) -> Iterator[bytes]:
    """Yield what has the `wanted` checksum and differs in one byte.

    The difference of two checksums is taken back word by word to where it may come from: there it is that of
    one word. The upper bits of words leave few bits of a difference: then several places may be meant.
    """
    words = _words(summed, big=big)
    reached = _sum(summed, before, big=big)
    one, other = (wanted[0] - reached[0]) & _WORD, (wanted[1] - reached[1]) & _WORD
    for second in range(len(words) - 1, 0, -2):
        if one in (0, other):
            at = second if one == 0 else second - 1
            was = (words[at] + other) & _WORD
            if _bytes_in(was ^ words[at]) == 1:
                whole = words[:]
                whole[at] = was
                yield _bytes_of(whole, big=big)
        one, other = (2 * one - other) & _WORD, (other - one) & _WORD


def _bytes_in(word: int) -> int:
    return sum(byte != 0 for byte in word.to_bytes(4, "big"))


def _bytes_of(words: "array[int]", *, big: bool) -> bytes:
    if big != (sys.byteorder == "big"):
        words.byteswap()
    return words.tobytes()
