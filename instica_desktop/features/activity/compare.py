"""Which words of a text differ from the text before, for marking them; and the parts worth reading. Pure."""

import re

from instica_desktop.core.merge3 import differences

_PARTS = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)
_AROUND = 56
"""Characters kept on either side of a change."""
_GAP = " … "

Spans = list[tuple[int, int]]
"""(start, length), in characters."""


def changed_spans(before: str, after: str) -> Spans:
    """Return (start, length) of what in `after` is new, in characters; what only blanks divide is joined."""
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    starts = [0]
    for part in new:
        starts.append(starts[-1] + len(part))
    spans: Spans = []
    for _, _, first, last in differences(old, new):
        if after[starts[first] : starts[last]].strip():
            _join(spans, after, starts[first], starts[last])
    return [_trimmed(after, start, end) for start, end in spans]


def excerpt(text: str, spans: Spans, most: int) -> tuple[str, Spans]:
    """Return a long text's changes with a few words around each, and where they stand in it.

    A text of up to `most` characters comes back whole, one without changes is cut at its end.
    """
    if len(text) <= most:
        return text, spans
    said, moved = "", Spans()
    for start, end in _windows(text, spans) or [(0, most)]:
        if len(said) >= most:
            break
        end = min(end, start + most)
        said += _GAP if said else _GAP.lstrip() if start else ""
        inside = [(at, length) for at, length in spans if start <= at < end]
        moved += [(at - start + len(said), min(length, end - at)) for at, length in inside]
        said += text[start:end]
    return (said if text.endswith(said[-_AROUND:]) else said + _GAP.rstrip()), moved


def _windows(text: str, spans: Spans) -> list[tuple[int, int]]:
    """Return (start, end) of the changes with what stands around them, joined where they meet."""
    found: list[tuple[int, int]] = []
    for start, length in spans:
        low = _to_blank(text, max(0, start - _AROUND), -1)
        high = _to_blank(text, min(len(text), start + length + _AROUND), 1)
        if found and low <= found[-1][1]:
            low = found.pop()[0]
        found.append((low, high))
    return found


def _to_blank(text: str, at: int, step: int) -> int:
    """Move to the end of a word, or a little further; a text without blanks is cut anywhere."""
    for moved in range(at, at + 16 * step, step):
        if moved <= 0 or moved >= len(text):
            return max(0, min(len(text), moved))
        if text[moved].isspace():
            return moved + (1 if step < 0 else 0)
    return at


def _join(spans: Spans, text: str, start: int, end: int) -> None:
    """Add (start, end) to the spans; only blanks between it and the last one make them one."""
    if spans and not text[spans[-1][1] : start].strip():
        start = spans.pop()[0]
    spans.append((start, end))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return (start, length) of a span without blanks at its ends."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), len(part.strip())
