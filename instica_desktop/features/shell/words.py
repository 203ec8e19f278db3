"""What the status bar says, as pure functions of how things stand."""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from instica_desktop.core.accounts import Account
from instica_desktop.core.ages import age_words, clock, day_and_clock
from instica_desktop.features import mirror_words
from instica_desktop.features.standing import Way, same_day, source_name, standing
from instica_desktop.qtkit.theme.tokens import Token
from instica_desktop.sync import Connection, Kind
from instica_desktop.sync.mirror import MirrorState

CellTone = Literal["", "warning", "error"]


class CellWords(msgspec.Struct, frozen=True, kw_only=True):
    """One cell: words, ground (empty for none), icon or dot in front, and the tooltip."""

    text: str = ""
    tone: CellTone = ""
    icon: str = ""
    dot: Token | None = None
    busy: bool = False
    tip: str = ""


class Counts(Protocol):
    """How many edits wait, are being sent, and need the user."""

    @property
    def waiting(self) -> int: ...
    @property
    def sending(self) -> int: ...
    @property
    def needs_user(self) -> int: ...


SHOW_WAITING = "Show what is waiting (F8)"
RENEWING = (
    "This version finds and orders records in a new way. Go on working: the copy on this computer is "
    "brought up to date in the background, and if you quit, the next start goes on with it."
)
NOT_CONNECTED = CellWords(text="Not connected", dot="control", tip="No shop is open.")


def connection_words(
    state: Connection,
    account: Account,
    now: datetime,
    *,
    held: bool = False,
    pause: datetime | None = None,
    full: datetime | None = None,
) -> CellWords:
    """Return what the first cell says: the state's title, and in the tooltip what to do."""
    stands = standing(state, account, now, held=held, pause=pause, full=full)
    return CellWords(
        text=stands.title,
        tone=stands.tone,
        icon=stands.icon,
        dot=stands.dot,
        busy=stands.busy,
        tip=stands.sentence,
    )


def way_out(state: Connection, account: Account) -> Way | None:
    """Return what the button beside the connection does; None for no button."""
    if not state.manual and state.kind in (Kind.ONLINE, Kind.CONNECTING):
        return None
    return next(iter(standing(state, account, state.since).ways), None)


def pending_words(
    counts: Counts, pause: datetime | None = None, adding: int = 0, unsaved: int = 0
) -> CellWords:
    """Return what the cell of edits says.

    `pause`: until when the server wants none; `adding`: photos; `unsaved`: texts that were typed and left.
    """
    if unsaved:
        rest = pending_words(counts, pause, adding)
        texts = f"{unsaved:,} text{'' if unsaved == 1 else 's'} not saved"
        said = f"{rest.text}, {texts}" if adding or any(_numbers(counts)) else texts
        icon = rest.icon or ("" if rest.busy else "circle-alert")
        return CellWords(text=said, tone="error", icon=icon, busy=rest.busy, tip=rest.tip)
    if adding:
        rest = pending_words(counts, pause)
        more = f", {rest.text[0].lower()}{rest.text[1:]}" if any(_numbers(counts)) else ""
        return CellWords(text=f"{adding_words(adding)}{more}", tone=rest.tone, busy=True, tip=rest.tip)
    waiting, sending, needs = counts.waiting, counts.sending, counts.needs_user
    tip = SHOW_WAITING
    if needs and not waiting and not sending:
        return CellWords(text=f"{edits(needs)} {_need(needs)} you", tone="error", icon="git-merge", tip=tip)
    more = f", {needs} {_need(needs)} you" if needs else ""
    tone: CellTone = "error" if needs else ""
    if sending:
        text = f"Sending {sending} of {sending + waiting}{more}"
        return CellWords(text=text, tone=tone, busy=True, tip=tip)
    if waiting:
        until = f" until {clock(pause)}" if pause else ""
        tip = f"The server asked for a pause. {tip}" if pause else tip
        return CellWords(
            text=f"{edits(waiting)} waiting{until}{more}", tone=tone, icon="cloud-upload", tip=tip
        )
    return CellWords(text="Nothing waiting", tip=tip)


def adding_words(number: int) -> str:
    """Return `1 photo is being added` or `12 photos are being added`."""
    return f"{number:,} photo{' is' if number == 1 else 's are'} being added"


def _numbers(counts: Counts) -> tuple[int, int, int]:
    return counts.waiting, counts.sending, counts.needs_user


def held_words(counts: Counts) -> CellWords:
    """Return what the cell of edits says while edits that were put back wait for the user's word."""
    number = counts.waiting + counts.sending + counts.needs_user
    tip = "Your edits were put back. Nothing is sent until you have looked and said so."
    text = f"{edits(number)} held back" if number else "Edits were put back"
    return CellWords(text=text, tone="warning", icon="history", tip=tip)


def age_words_of(
    what: str, as_of: datetime | None, state: Connection, account: Account, now: datetime
) -> CellWords:
    """Return how old the records on screen are, and in the tooltip where they come from."""
    source = source_name(account)
    if as_of is None:
        return CellWords(text="Nothing read yet" if state.can_read else "", tip=f"{what} come from {source}.")
    age = age_words(as_of, now)
    tip = f"{what} were last read from {source} {when(as_of, now)}."
    if state.can_read:
        return CellWords(text=f"Updated {age} ago", tip=tip)
    return CellWords(text=f"This computer’s copy, {age} old", icon="hard-drive", tip=tip)


def copy_words(
    mirror: MirrorState, known: int, *, state: Connection, renewed: float | None = None
) -> CellWords:
    """Return how much of the shop is on this computer: while it is being copied, and without a connection.

    `renewed`: how far the copy is with being brought up to date with this version.
    """
    if mirror.asks:
        return CellWords(text=mirror_words.title(mirror), icon="hard-drive", tone="warning", tip=SHOW_WAITING)
    if renewed is not None:
        share = f"Updating the copy {min(99, int(renewed * 100))} %"
        return CellWords(text=share, icon="hard-drive", tip=RENEWING)
    if mirror.copying and state.can_read:
        tip = f"{mirror_words.title(mirror)}: {mirror_words.sentence(mirror)}"
        return CellWords(text=mirror_words.share_words(mirror), icon="hard-drive", tip=tip)
    if not state.can_read:
        return CellWords(text=mirror_words.here_words(mirror, known), icon="hard-drive")
    return CellWords()


def edits(number: int) -> str:
    """Return `1 edit` or `3 edits`."""
    return f"{number:,} edit{'' if number == 1 else 's'}"


def when(moment: datetime, now: datetime) -> str:
    """Return `at 14:02`, or `on Sat 21 Nov 2026, 18:42`."""
    return f"at {clock(moment)}" if same_day(moment, now) else f"on {day_and_clock(moment)}"


def _need(number: int) -> str:
    return "needs" if number == 1 else "need"
