"""What the status bar says, as pure functions of how things stand."""

from datetime import datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit

import msgspec

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.ages import age_words, clock, day_and_clock
from instica_desktop.features import mirror_words
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
NOT_CONNECTED = CellWords(text="Not connected", dot="control", tip="No shop is open.")


def connection_words(state: Connection, account: Account, now: datetime) -> CellWords:
    """Return what the first cell says."""
    tip = " ".join(part for part in (state.message, state.details) if part)
    match state.kind:
        case Kind.ONLINE:
            return CellWords(text="Online", dot="success", tip=f"Connected to {source_name(account)}.")
        case Kind.CONNECTING:
            local = account.kind is AccountKind.LOCAL
            return CellWords(text="Starting the local shop" if local else "Connecting", busy=True, tip=tip)
        case Kind.OFFLINE if state.manual:
            return CellWords(text="Working offline", tone="warning", icon="cloud-off", tip=tip)
        case Kind.OFFLINE:
            return CellWords(
                text=f"Offline since {since_words(state.since, now)}",
                tone="warning",
                icon="cloud-off",
                tip=tip,
            )
        case Kind.TROUBLE:
            text = f"Server trouble since {since_words(state.since, now)}"
            return CellWords(text=text, tone="warning", icon="triangle-alert", tip=tip)
        case Kind.SIGNED_OUT:
            return CellWords(text="Signed out", tone="error", icon="key-round", tip=tip)
        case Kind.PLAN_LAPSED:
            return CellWords(text="Plan lapsed", tone="warning", icon="credit-card", tip=tip)
        case Kind.CAPTIVE:
            return CellWords(text="Network asks for sign-in", tone="warning", icon="wifi-off", tip=tip)


def next_try_words(state: Connection, now: datetime) -> str:
    """Return when it is tried again, or an empty string where nothing is planned."""
    if state.manual or state.kind in (Kind.ONLINE, Kind.CONNECTING) or state.next_try is None:
        return ""
    left = round((state.next_try - now).total_seconds())
    if left <= 0:
        return "Trying now"
    return f"Next try in {left} s" if left < 90 else f"Next try in {round(left / 60)} min"


def way_out(state: Connection) -> str:
    """Return the word of the button beside the connection; empty for none."""
    if state.manual:
        return "Go online"
    if state.kind in (Kind.ONLINE, Kind.CONNECTING):
        return ""
    return "Connect again" if state.kind is Kind.SIGNED_OUT else "Try now"


def pending_words(counts: Counts, *, idle: str = "Nothing waiting") -> CellWords:
    """Return what the cell of edits says."""
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
        return CellWords(text=f"{edits(waiting)} waiting{more}", tone=tone, icon="cloud-upload", tip=tip)
    return CellWords(text=idle, tip=tip)


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


def copy_words(mirror: MirrorState, *, state: Connection) -> CellWords:
    """Return how much of the shop is on this computer: while it is being copied, and without a connection."""
    if mirror.asks:
        return CellWords(text=mirror_words.title(mirror), icon="hard-drive", tone="warning", tip=SHOW_WAITING)
    if mirror.copying and state.can_read:
        tip = f"{mirror_words.title(mirror)}: {mirror_words.sentence(mirror)}"
        return CellWords(text=mirror_words.share_words(mirror), icon="hard-drive", tip=tip)
    if not state.can_read:
        return CellWords(text=mirror_words.here_words(mirror), icon="hard-drive")
    return CellWords()


def source_name(account: Account) -> str:
    """Return a shop's name and, for a distant one, its server."""
    if account.kind is AccountKind.LOCAL:
        return account.label or "the local shop"
    host = urlsplit(account.base_url).hostname or account.base_url
    return f"{account.label} at {host}" if account.label else host


def edits(number: int) -> str:
    """Return `1 edit` or `3 edits`."""
    return f"{number:,} edit{'' if number == 1 else 's'}"


def since_words(moment: datetime, now: datetime) -> str:
    """Return the time of day, with the date where it was not today."""
    return clock(moment) if _same_day(moment, now) else day_and_clock(moment)


def when(moment: datetime, now: datetime) -> str:
    """Return `at 14:02`, or `on Sat 21 Nov 2026, 18:42`."""
    return f"at {clock(moment)}" if _same_day(moment, now) else f"on {day_and_clock(moment)}"


def _same_day(one: datetime, other: datetime) -> bool:
    return one.astimezone().date() == other.astimezone().date()


def _need(number: int) -> str:
    return "needs" if number == 1 else "need"
