"""What waits, in the order of need: Needs you, Sending, Waiting. Words for each edit; no widgets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from instica_desktop.core.ages import age_words, clock, day
from instica_desktop.core.describe import describe, field_name
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import (
    GONE,
    NEEDS_USER,
    PARTS,
    Operation,
    OpKind,
    OpState,
    is_unreadable,
    other_parcel,
)
from instica_desktop.features.unsaved import count_words
from instica_desktop.qtkit.theme.tokens import Token

Act = Literal["resolve", "retry", "send", "recreate", "another", "drop", "gone", ""]

NAMED = 3
"""How many edits of a record that is gone are named; the photos are counted."""


class Group(msgspec.Struct, frozen=True):
    """One heading and its operations, oldest first."""

    title: str
    operations: tuple[Operation, ...]


class Card(msgspec.Struct, frozen=True):
    """What is shown in one row: an edit, or all that waits for a record that is gone."""

    operations: tuple[Operation, ...]

    @property
    def first(self) -> Operation:
        """The one that stands for all: what is decided about it is decided about the others."""
        return next((one for one in self.operations if one.theirs == GONE), self.operations[0])


class Entry(msgspec.Struct, frozen=True):
    """How one operation is shown. `acts` are its buttons, the likely one first; `lines` may be several."""

    icon: str
    token: Token
    spins: bool
    lines: tuple[str, ...]
    time: str
    acts: tuple[Act, ...]


def grouped(operations: Sequence[Operation], *, sends: bool = True) -> list[Group]:
    """Return the groups that are not empty, in the order of need. `sends`: edits go out just now."""
    parts: dict[str, list[Operation]] = {"Needs you": [], "Sending": [], "Waiting": []}
    gone = _gone(operations)
    for operation in operations:
        stuck = _key(operation) in gone and operation.state is not OpState.SENDING
        parts["Needs you" if stuck else _group_of(operation, sends=sends)].append(operation)
    parts["Waiting"] = _by_record(parts["Waiting"])
    return [Group(title, tuple(found)) for title, found in parts.items() if found]


def _by_record(operations: Sequence[Operation]) -> list[Operation]:
    """Return the operations with those of one record together: that is how they are put in order."""
    found: dict[tuple[str, str], list[Operation]] = {}
    for operation in operations:
        found.setdefault((operation.entity, operation.uid), []).append(operation)
    return [operation for own in found.values() for operation in own]


def cards(operations: Sequence[Operation]) -> list[Card]:
    """Return what is decided at once in one: all that waits for a record that is gone, else each edit."""
    gone, found = _gone(operations), dict[object, list[Operation]]()
    for operation in operations:
        key = _key(operation)
        found.setdefault(key if key in gone else operation.uuid, []).append(operation)
    return [Card(tuple(own)) for own in found.values()]


def _key(operation: Operation) -> tuple[Entity, str]:
    return (operation.entity, operation.uid)


def _gone(operations: Sequence[Operation]) -> set[tuple[Entity, str]]:
    return {_key(one) for one in operations if one.theirs == GONE}


def count_of(operations: Sequence[Operation]) -> str:
    """Return `20 photos and 2 edits`."""
    photos = sum(one.kind is OpKind.ADD_PHOTO for one in operations)
    counts = ((photos, "photo"), (len(operations) - photos, "edit"))
    return " and ".join(f"{number:,} {noun}{'' if number == 1 else 's'}" for number, noun in counts if number)


def card_entry(
    card: Card, now: datetime, upload: tuple[int, int] | None = None, *, sends: bool = True
) -> Entry:
    """Return how a card is shown; of several edits how many there are, and what each but a photo changes."""
    shown = entry(card.first, now, upload, sends=sends)
    if len(card.operations) == 1:
        return shown
    edits = [describe(one) for one in card.operations if one.kind is not OpKind.ADD_PHOTO]
    why = card.first.message.replace("the change has", "the changes have").replace(
        "the change.", "the changes."
    )
    lines = (f"{count_of(card.operations)}, deleted elsewhere", *edits[:NAMED], why)
    return msgspec.structs.replace(shown, lines=lines)


def sent_words(number: int) -> str:
    """Return how many edits reached the server today; nothing when none did."""
    return f"{number:,} edit{'' if number == 1 else 's'} sent today" if number else ""


def _group_of(operation: Operation, *, sends: bool) -> str:
    if operation.state in NEEDS_USER:
        return "Needs you"
    under_way = operation.state is OpState.SENDING or (sends and operation.state is OpState.UNKNOWN)
    return "Sending" if under_way else "Waiting"


def summary(operations: Sequence[Operation], when: str, adding: int = 0, typed: int = 0) -> str:
    """Return the sentence under the heading.

    `when` is that of the `Outlook`, `adding` counts photos, `typed` texts that were left and are not saved.
    """
    if typed:
        rest = f" {summary(operations, when, adding)}" if operations or adding else ""
        return f"{count_words(typed)}{rest}"
    if adding:
        photos = f"{adding:,} photo{' is' if adding == 1 else 's are'} being added."
        return f"{photos} {summary(operations, when)}" if operations else photos
    if not operations:
        return "Everything is saved on the server."
    needs = sum(operation.state in NEEDS_USER for operation in operations)
    number = len(operations) - needs or needs
    what = f"{number:,} edit{'' if number == 1 else 's'}"
    are, go = ("is", "goes") if number == 1 else ("are", "go")
    if needs == len(operations):
        return f"{what} {are} kept on this computer until you decide."
    if number == 1:
        when = when.replace("by themselves", "by itself").replace("through them", "through it")
    more = f"; {needs:,} more wait{'s' if needs == 1 else ''} until you decide" if needs else ""
    return f"{what} {are} kept on this computer and {go} out {when}{more}."


def entry(
    operation: Operation, now: datetime, upload: tuple[int, int] | None = None, *, sends: bool = True
) -> Entry:
    """Return how an operation is shown. `upload` is (sent, in all) bytes of a photo under way.

    `sends`: edits go out just now. Else why not is said once for all, and what happened before is old.
    """
    time = _time(operation.created, now)
    match operation.state:
        case OpState.CONFLICT if is_overtaken(operation):
            lines = (describe(operation), operation.message)
            return Entry("git-merge", "danger", False, lines, time, ("resolve",))
        case OpState.CONFLICT if is_gone(operation):
            lines = (describe(operation), operation.message or "This record is no longer on the server.")
            acts: tuple[Act, ...] = ("recreate", "gone") if can_be_recreated(operation) else ("gone",)
            return Entry("trash-2", "danger", False, lines, time, acts)
        case OpState.CONFLICT if not operation.theirs:
            acts = _acts_alone(operation)
            return Entry("circle-help", "danger", False, (describe(operation), operation.message), time, acts)
        case OpState.CONFLICT:
            return Entry("git-merge", "danger", False, (conflict_words(operation),), time, ("resolve",))
        case OpState.REFUSED:
            *first, last = (describe(operation), *refusal_lines(operation))
            lines = (*first, last + _next_words(operation, now))
            return Entry("circle-alert", "danger", False, lines, time, ("retry", "drop"))
        case OpState.DAMAGED if is_unreadable(operation):
            return Entry("circle-alert", "danger", False, (operation.message,), time, ("drop",))
        case OpState.DAMAGED:
            lines = (describe(operation), operation.message)
            return Entry("circle-alert", "danger", False, lines, time, ("send", "drop"))
        case OpState.SENDING:
            return Entry("loader-circle", "info", True, (_sending(operation, upload),), time, ())
        case OpState.UNKNOWN:
            words = f"{describe(operation)}, checked before it is sent again"
            return Entry("circle-help", "warning", False, (words,), time, () if sends else ("drop",))
        case _:
            lines = (describe(operation), *_waiting_lines(operation, now, sends=sends))
            return Entry("clock", "warning", False, lines, time, ("drop",))


def _acts_alone(operation: Operation) -> tuple[Act, ...]:
    """Return what can be done about an act that has nothing to be compared with."""
    if operation.kind not in PARTS:
        return ("retry", "drop")
    return ("another", "gone") if other_parcel(operation) else ("gone",)


def is_overtaken(operation: Operation) -> bool:
    """Tell whether an act waits because somebody else changed what it depends on, not what it writes."""
    other = bool(operation.theirs) and operation.theirs != GONE
    return other and not any(edit.field in operation.theirs for edit in operation.edits)


def is_gone(operation: Operation) -> bool:
    """Tell whether the record of a conflict is no longer on the server."""
    return operation.state is OpState.CONFLICT and operation.theirs == GONE


def can_be_recreated(operation: Operation) -> bool:
    """Tell whether the record was deleted on the server and can be made again; orders come from elsewhere."""
    return operation.theirs == GONE and operation.entity is not Entity.ORDER


def conflict_words(operation: Operation) -> str:
    """Return `Item price and notes were also changed on the server`."""
    names = [field_name(edit.field) for edit in operation.edits if edit.field in operation.theirs]
    rest = [name if name.isupper() else name[0].lower() + name[1:] for name in names[1:]]
    every = [*names[:1], *rest]
    joined = f"{', '.join(every[:-1])} and {every[-1]}" if len(every) > 1 else every[0]
    return f"{joined} {'were' if len(every) > 1 else 'was'} also changed on the server"


def refusal_lines(operation: Operation) -> list[str]:
    """Return why the server refused, one line per field; the general reason where no field is named."""
    lines: list[str] = []
    for field, messages in operation.errors.items():
        text = " ".join(messages)
        lines.append(text if field in ("non_field_errors", "detail") else f"{field_name(field)}: {text}")
    return lines or [operation.message or "The server refused this change."]


def asks_before_dropping(operation: Operation) -> bool:
    """Tell whether dropping an operation is asked about: what it would do is more than to change fields."""
    if operation.kind is OpKind.DELETE and operation.theirs != GONE:
        return False
    plain = operation.kind is OpKind.UPDATE and (bool(operation.edits) or is_unreadable(operation))
    return not plain or operation.state in (OpState.CONFLICT, OpState.UNKNOWN)


def dropping_words(card: Card) -> str:
    """Return what dropping a card means, and whether it can be taken back."""
    operation = card.first
    if len(card.operations) > 1:
        words = "They have not been sent; what you wrote stays in History."
        return f"{count_of(card.operations)}. {words} Undo cannot make them again: the record is gone."
    unsure = operation.state is OpState.UNKNOWN
    where = "If it reached the server before, it stays there" if unsure else "It has not been sent"
    gone = " It cannot be made again by Undo: the record is gone." if operation.theirs == GONE else ""
    return f"{describe(operation)}. {where}; what you wrote stays in History.{gone}"


def _sending(operation: Operation, upload: tuple[int, int] | None) -> str:
    words = describe(operation)
    if upload and upload[1]:
        return f"{words}, {round(100 * upload[0] / upload[1])} % sent"
    return words


def _waiting_lines(operation: Operation, now: datetime, *, sends: bool) -> list[str]:
    match operation.state:
        case OpState.PAUSED_AUTH:
            return ["Waits until you connect again with a valid key"]
        case OpState.PAUSED_PLAN:
            return ["Waits until the plan covers changes again"]
        case OpState.RETRY if operation.message and sends:
            return [operation.message + _next_words(operation, now)]
        case _:
            return []


def _next_words(operation: Operation, now: datetime) -> str:
    if operation.retry_at is None or operation.retry_at <= now:
        return ""
    return f" Next try in {age_words(now, operation.retry_at)}."


def _time(moment: datetime, now: datetime) -> str:
    """Return the time of day; the date when it was not today."""
    same_day = moment.astimezone().date() == now.astimezone().date()
    return clock(moment) if same_day else day(moment)
