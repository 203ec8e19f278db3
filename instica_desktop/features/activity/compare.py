"""Which words of a text differ from the text before, for marking them. Pure."""

import re
from difflib import SequenceMatcher

_PARTS = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)


def changed_spans(before: str, after: str) -> list[tuple[int, int]]:
    """Return (start, length) of what in `after` is new, in characters; what only blanks divide is joined."""
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    starts = [0]
    for part in new:
        starts.append(starts[-1] + len(part))
    spans: list[tuple[int, int]] = []
    for kind, _, _, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind in ("replace", "insert") and after[starts[first] : starts[last]].strip():
            _join(spans, after, starts[first], starts[last])
    return [_trimmed(after, start, end) for start, end in spans]


def _join(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add (start, end) to the spans; only blanks between it and the last one make them one."""
    if spans and not text[spans[-1][1] : start].strip():
        start = spans.pop()[0]
    spans.append((start, end))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return (start, length) of a span without blanks at its ends."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), len(part.strip())
