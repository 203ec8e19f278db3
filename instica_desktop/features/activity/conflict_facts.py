"""What the dialog of two versions says beside the choices: when theirs was made, what needs none. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from instica_desktop.core.ages import clock, day, utc_now
from instica_desktop.core.describe import LONG, field_name, field_value
from instica_desktop.core.meanwhile import PARTS
from instica_desktop.core.operations import Edit, Operation
from instica_desktop.sync.conflicts import merged_text, same

_SHORT = 120
_VERY_SHORT = 32
_RESULT = 200


class MergedRow(msgspec.Struct, frozen=True):
    """A field that needs no choice: its name, what it was, what it becomes, and why."""

    field: str
    name: str
    before: str
    after: str
    why: str


def merged_rows(operation: Operation, record: Mapping[str, Any], source: str) -> list[MergedRow]:
    """Return the fields only one side changed, or both in ways that fit. `record` is theirs, as it is now."""
    mine = [_edited(edit, record, source) for edit in operation.edits if edit.field not in operation.theirs]
    touched = {edit.field for edit in operation.edits}
    theirs = [
        _row(Edit(field, was, record[field]), f"only changed on {source}")
        for field, was in operation.seen.items()
        if field not in touched | PARTS and field in record and not same(field, was, record[field])
    ]
    return mine + theirs


def _edited(edit: Edit, record: Mapping[str, Any], source: str) -> MergedRow:
    now = record.get(edit.field, edit.base)
    if same(edit.field, now, edit.base):
        return _row(edit, "only you changed it")
    if same(edit.field, now, edit.new):
        return _row(edit, f"changed in the same way on {source}")
    both = merged_text(edit, now)
    return _row(Edit(edit.field, edit.base, edit.new if both is None else both), "both changes fit together")


def _row(edit: Edit, why: str) -> MergedRow:
    before, after = field_value(edit.field, edit.base), field_value(edit.field, edit.new)
    return MergedRow(edit.field, field_name(edit.field), _cut(before), _cut(after), why)


def _cut(text: str, most: int = _SHORT) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()} …"


def when_changed(record: Mapping[str, Any]) -> str:
    """Return when theirs was last changed, as far as the server tells; it does not tell by whom."""
    try:
        moment = datetime.fromisoformat(str(record.get("updated")))
    except ValueError:
        return "as it is there now"
    today = moment.astimezone().date() == utc_now().astimezone().date()
    return f"changed {clock(moment) if today else day(moment)}"


def result_words(chosen: list[tuple[str, str, str]], rows: list[MergedRow]) -> str:
    """Return the record to be, in short: (field, value, whose) of each choice, then what needs none."""
    short = [
        f"{field_name(field)} {_cut(value, _VERY_SHORT)}" for field, value, _ in chosen if field not in LONG
    ]
    texts = [f"{field_name(field)} {whose}" for field, _, whose in chosen if field in LONG]
    rest = [f"{row.name} {_cut(row.after, _VERY_SHORT)}" for row in rows if row.field not in LONG]
    return _cut("  ·  ".join([*short, *texts, *rest]), _RESULT)
