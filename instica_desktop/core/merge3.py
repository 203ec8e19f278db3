"""Three-way merge of text: what two people made of the same text, put together where they do not clash.

Lines first; what clashes there, word by word. Careful rather than clever: two changes within a line are put
together only if some words between them are untouched, and if neither side wrote the line anew. Pure.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec

_WORDS = re.compile(r"\w+|[^\S\n]+|\n|[^\w\s]")
_WORD = re.compile(r"\w")
_ENOUGH_BETWEEN = 2
"""Untouched words there must be between a change of one side and one of the other."""
_MOST_WORK = 100_000
"""Pieces of one text times pieces of the other; what is more is not compared piece by piece."""


class Clash(msgspec.Struct, frozen=True):
    """A place where both sides wrote something else: whole lines, each with its line end."""

    base: str
    mine: str
    theirs: str


class Merged(msgspec.Struct, frozen=True):
    """The parts of the result in order: text both agree on, and clashes."""

    parts: tuple[str | Clash, ...]

    @property
    def clashes(self) -> tuple[Clash, ...]:
        """The places a person has to decide."""
        return tuple(part for part in self.parts if isinstance(part, Clash))

    @property
    def clean(self) -> bool:
        """Whether nothing clashed."""
        return not self.clashes

    @property
    def text(self) -> str:
        """The result; at a clash both versions stand below each other, mine first."""
        said = [part if isinstance(part, str) else part.mine + part.theirs for part in self.parts]
        return "".join(said).removesuffix("\n")


class _Change(msgspec.Struct, frozen=True):
    """Pieces `low` to `high` of the base became `new`, on one side (0 mine, 1 theirs)."""

    low: int
    high: int
    side: int
    new: tuple[str, ...]


class _Group(msgspec.Struct):
    """Changes of both sides that cannot be told apart: pieces `low` to `high` of the base."""

    low: int
    high: int
    changes: list[_Change]

    def text(self, base: Sequence[str], side: int) -> str:
        """Return what a side made of these pieces."""
        said: list[str] = []
        at = self.low
        for change in self.changes:
            if change.side == side:
                said += [*base[at : change.low], *change.new]
                at = change.high
        return "".join([*said, *base[at : self.high]])


def merge(base: str, mine: str, theirs: str) -> Merged:
    """Merge what two sides made of `base`. A side that changed nothing gives way to the other whole."""
    if mine in (base, theirs):
        return Merged((theirs,))
    if theirs == base:
        return Merged((mine,))
    old, left, right = (_ended(text) for text in (base, mine, theirs))
    parts: list[str | Clash] = []
    for part in _merged(_lines(old), _lines(left), _lines(right), apart=0):
        parts += [part] if isinstance(part, str) else _closer(part)
    return Merged(tuple(parts))


def _ended(text: str) -> str:
    """End every line in one way, the last one too: then a line that follows it changes nothing in it."""
    return text.replace("\r\n", "\n").replace("\r", "\n") + "\n"


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.split("\n")[:-1]]


def _closer(clash: Clash) -> list[str | Clash]:
    """Look at a clash line by line where lines stand beside each other, else at all of it at once."""
    old, left, right = _lines(clash.base), _lines(clash.mine), _lines(clash.theirs)
    if not len(old) == len(left) == len(right):
        return _word_by_word(clash)
    parts: list[str | Clash] = []
    for was, mine, theirs in zip(old, left, right, strict=True):
        if mine in (was, theirs) or theirs == was:
            parts.append(theirs if mine in (was, theirs) else mine)
        else:
            parts += _word_by_word(Clash(was, mine, theirs))
    return parts


def _word_by_word(clash: Clash) -> list[str | Clash]:
    """Merge the words of a clash. Unless all of it can be merged, it stays whole, for a person to read."""
    old, left, right = (_WORDS.findall(text) for text in (clash.base, clash.mine, clash.theirs))
    if _written_anew(old, left) or _written_anew(old, right):
        return [clash]
    parts = _merged(old, left, right, apart=_ENOUGH_BETWEEN)
    said = [part for part in parts if isinstance(part, str)]
    return ["".join(said)] if len(said) == len(parts) else [clash]


def _written_anew(old: Sequence[str], new: Sequence[str]) -> bool:
    """Tell whether less than half of the words are still there."""
    words = sum(1 for piece in old if _WORD.match(piece))
    kept = words - sum(
        1 for change in _changes(old, new, 0) for piece in old[change.low : change.high] if _WORD.match(piece)
    )
    return 2 * kept < words or not words


def _merged(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], apart: int) -> list[str | Clash]:
    """Merge pieces; `apart` is how many words have to lie between changes of different sides."""
    parts: list[str | Clash] = []
    at = 0
    for group in _groups(base, [*_changes(base, mine, 0), *_changes(base, theirs, 1)], apart):
        parts += ["".join(base[at : group.low]), _settled(base, group)]
        at = group.high
    parts.append("".join(base[at:]))
    return [part for part in parts if part != ""]


def _settled(base: Sequence[str], group: _Group) -> str | Clash:
    sides = {change.side for change in group.changes}
    mine, theirs = group.text(base, 0), group.text(base, 1)
    if len(sides) == 1:
        return mine if sides == {0} else theirs
    return mine if mine == theirs else Clash("".join(base[group.low : group.high]), mine, theirs)


def _groups(base: Sequence[str], changes: list[_Change], apart: int) -> list[_Group]:
    """Put together the changes that touch, and those of different sides with too little between them."""
    groups: list[_Group] = []
    for change in sorted(changes, key=lambda one: (one.low, one.high)):
        last = groups[-1] if groups else None
        if last is not None and _belongs(base, last, change, apart):
            last.changes.append(change)
            last.high = max(last.high, change.high)
        else:
            groups.append(_Group(change.low, change.high, [change]))
    return groups


def _belongs(base: Sequence[str], group: _Group, change: _Change, apart: int) -> bool:
    if change.low <= group.high:
        return True
    both = len({change.side, *(other.side for other in group.changes)}) > 1
    return both and sum(1 for piece in base[group.high : change.low] if _WORD.match(piece)) < apart


def _changes(old: Sequence[str], new: Sequence[str], side: int) -> list[_Change]:
    return [
        _Change(low, high, side, tuple(new[first:last])) for low, high, first, last in differences(old, new)
    ]


def differences(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Return where pieces `low` to `high` of the old became `first` to `last` of the new, in order.

    Long texts are first cut where pieces stand that occur once in each; what is then still too long to be
    compared within a moment counts as one difference.
    """
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle, fresh = old[start : len(old) - end], new[start : len(new) - end]
    found = _cut_up(middle, fresh) if len(middle) * len(fresh) > _MOST_WORK else _compared(middle, fresh)
    return [(start + low, start + high, start + first, start + last) for low, high, first, last in found]


def _compared(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    if len(old) * len(new) > _MOST_WORK:
        return [(0, len(old), 0, len(new))]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [place for kind, *place in matcher.get_opcodes() if kind != "equal"]  # pyright: ignore[reportReturnType]


def _cut_up(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Compare what lies between the landmarks of both texts."""
    found: list[tuple[int, int, int, int]] = []
    before, after = 0, 0
    for left, right in [*_landmarks(old, new), (len(old), len(new))]:
        parts = _compared(old[before:left], new[after:right])
        found += [
            (before + low, before + high, after + first, after + last) for low, high, first, last in parts
        ]
        before, after = left + 1, right + 1
    return found


def _landmarks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of pieces that occur once in each text: as many as stand in the same order."""
    once = {piece for piece, count in Counter(old).items() if count == 1}
    once &= {piece for piece, count in Counter(new).items() if count == 1}
    where = {piece: at for at, piece in enumerate(new) if piece in once}
    ends: list[int] = []  # by length of a rising row: its least last place in `new`
    tops: list[int] = []  # the same, as the number of a pair
    pairs = [(at, where[piece]) for at, piece in enumerate(old) if piece in once]
    former: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        former.append(tops[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        tops[length : length + 1] = [number]
    row: list[tuple[int, int]] = []
    number = tops[-1] if tops else -1
    while number >= 0:
        row.append(pairs[number])
        number = former[number]
    return row[::-1]
