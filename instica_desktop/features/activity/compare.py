"""Which words of a text differ from the text before, for marking them. Pure."""

import re
from difflib import SequenceMatcher

_PARTS = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)


def changed_spans(before: str, after: str) -> list[tuple[int, int]]:
    """Return (start, length) of what in `after` is not in `before`, in characters; neighbours are joined."""
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    starts = [0]
    for part in new:
        starts.append(starts[-1] + len(part))
    spans: list[tuple[int, int]] = []
    for kind, _, _, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind in ("replace", "insert"):
            spans.append((starts[first], starts[last] - starts[first]))
    return [_trimmed(after, *span) for span in spans if after[span[0] : span[0] + span[1]].strip()]


def _trimmed(text: str, start: int, length: int) -> tuple[int, int]:
    """Return a span without blanks at its ends."""
    part = text[start : start + length]
    lead = len(part) - len(part.lstrip())
    return start + lead, len(part.strip())
