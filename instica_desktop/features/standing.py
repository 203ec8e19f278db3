"""How the connection stands and what to do about it: the one source of these words and buttons."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.ages import clock, day_and_clock
from instica_desktop.qtkit.theme.tokens import Token
from instica_desktop.sync import Connection, Kind


class Way(StrEnum):
    """What a button beside the state does."""

    TRY_NOW = "try_now"
    GO_ONLINE = "go_online"
    WORK_OFFLINE = "work_offline"
    CONNECT_AGAIN = "connect_again"
    NETWORK_PAGE = "network_page"
    PLAN_PAGE = "plan_page"


LABELS: dict[Way, str] = {
    Way.TRY_NOW: "Try now",
    Way.GO_ONLINE: "Go online",
    Way.WORK_OFFLINE: "Work offline",
    Way.CONNECT_AGAIN: "Connect again",
    Way.NETWORK_PAGE: "Open this network’s page",
    Way.PLAN_PAGE: "Open Instica on the web",
}


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One state: a few words, a sentence that says what to do, and the buttons, the likely one first."""

    title: str
    sentence: str
    tone: Literal["", "warning", "error"] = ""
    icon: str = ""
    dot: Token | None = None
    busy: bool = False
    ways: tuple[Way, ...] = ()


def standing(
    state: Connection,
    account: Account,
    now: datetime,
    *,
    held: bool = False,
    pause: datetime | None = None,
    full: datetime | None = None,
) -> Standing:
    """Return how things stand with a shop. `held`: something else than the connection holds edits back.

    `pause`: until when the server asked to be left alone. `full`: when a server without room is asked again.
    """
    if state.manual:
        return Standing(
            title="Working offline",
            sentence="As you chose: nothing is read or sent. What you change is kept on this computer.",
            tone="warning",
            icon="cloud-off",
            ways=(Way.GO_ONLINE,),
        )
    match state.kind:
        case Kind.ONLINE if full:
            return Standing(
                title="The server is full",
                sentence="It can be read, but has no room to store changes. They are kept on this computer "
                f"and sent once there is room; it is asked again at {clock(full)}.",
                tone="warning",
                icon="triangle-alert",
                ways=(Way.TRY_NOW, Way.WORK_OFFLINE),
            )
        case Kind.ONLINE:
            return _online(state, account, held=held)
        case Kind.CONNECTING:
            return _connecting(state, account, pause)
        case Kind.OFFLINE | Kind.TROUBLE:
            return _gone(state, account, now)
        case Kind.CAPTIVE:
            return _captive(account)
        case Kind.SIGNED_OUT | Kind.OTHER_ACCOUNT | Kind.PLAN_LAPSED:
            return _refused(state, account)


def _online(state: Connection, account: Account, *, held: bool) -> Standing:
    place = source_name(account)
    if state.slow:
        return Standing(
            title="Slow connection",
            sentence=f"Answers from {place} take long just now. Go on working: "
            "changes are kept at once and sent as they get through.",
            tone="warning",
            icon="hourglass",
            ways=(Way.WORK_OFFLINE,),
        )
    return Standing(
        title="Online",
        sentence=f"Connected to {place}." if held else f"Connected to {place}. Changes are sent at once.",
        dot="success",
        ways=(Way.WORK_OFFLINE,),
    )


def _connecting(state: Connection, account: Account, pause: datetime | None) -> Standing:
    if state.prepared is not None:
        return Standing(
            title=f"Updating the local shop, {int(state.prepared * 100)} %",
            sentence="This version keeps the shop in a new way: it is brought up to date once, which can "
            "take some minutes. You can work with this computer’s copy meanwhile.",
            busy=True,
            ways=(Way.WORK_OFFLINE,),
        )
    local = account.kind is AccountKind.LOCAL
    why = f"The server asked for a pause until {clock(pause)}. " if pause else ""
    return Standing(
        title="Starting the local shop" if local else "Connecting",
        sentence=f"{why}You can work with this computer’s copy meanwhile.",
        busy=True,
        ways=(Way.WORK_OFFLINE,),
    )


def _gone(state: Connection, account: Account, now: datetime) -> Standing:
    since = since_words(state.since, now)
    if state.kind is Kind.TROUBLE:
        return Standing(
            title=f"Server trouble since {since}",
            sentence="The server answers, but with errors. You need not do anything: "
            "changes are kept and sent when it has recovered.",
            tone="warning",
            icon="triangle-alert",
            ways=(Way.TRY_NOW, Way.WORK_OFFLINE),
        )
    cause = (
        "The local shop’s server does not answer; it is started again by itself."
        if account.kind is AccountKind.LOCAL
        else f"{_host(account)} cannot be reached. {state.why or 'Check this computer’s network.'}"
    )
    return Standing(
        title=f"Offline since {since}",
        sentence=f"{cause} Go on working: changes are kept and sent when it answers again.",
        tone="warning",
        icon="cloud-off",
        ways=(Way.TRY_NOW, Way.WORK_OFFLINE),
    )


def _captive(account: Account) -> Standing:
    if account.kind is AccountKind.LOCAL:
        cause = "Another program answers in place of the local shop’s server."
        return _start_again("Something else answers", cause, "wifi-off")
    return Standing(
        title="Network asks for sign-in",
        sentence="A page of this network answers in the server’s place. Sign in there, in your browser "
        f"({page_of(Way.NETWORK_PAGE, account)}). Your changes are kept.",
        tone="warning",
        icon="wifi-off",
        ways=(Way.NETWORK_PAGE, Way.TRY_NOW),
    )


def _refused(state: Connection, account: Account) -> Standing:
    if account.kind is AccountKind.LOCAL:
        cause = "The local shop’s server does not take changes at present."
        return _start_again("Changes are not taken", cause, "triangle-alert")
    match state.kind:
        case Kind.SIGNED_OUT:
            return Standing(
                title="Signed out",
                sentence="The key is no longer accepted. Make a new one on the web under Settings, "
                "API keys, and connect with it. Your changes are kept.",
                tone="error",
                icon="key-round",
                ways=(Way.CONNECT_AGAIN, Way.TRY_NOW),
            )
        case Kind.OTHER_ACCOUNT:
            return Standing(
                title="Wrong account",
                sentence=f"{state.why or state.message} Nothing is read or sent, so that nothing gets "
                f"mixed up. Connect with the key of {account.label or 'this shop'}.",
                tone="error",
                icon="users",
                ways=(Way.CONNECT_AGAIN, Way.TRY_NOW),
            )
        case _:
            return Standing(
                title="Plan lapsed",
                sentence="The plan does not cover changes at present. You can read; changes are kept. "
                f"Renew it at {page_of(Way.PLAN_PAGE, account)}, then try again.",
                tone="warning",
                icon="credit-card",
                ways=(Way.PLAN_PAGE, Way.TRY_NOW),
            )


def _start_again(title: str, cause: str, icon: str) -> Standing:
    """Return what is wrong with the local shop's own server, which a new start mends."""
    return Standing(
        title=title,
        sentence=f"{cause} Quit and start again; your changes are kept.",
        tone="warning",
        icon=icon,
        ways=(Way.TRY_NOW, Way.WORK_OFFLINE),
    )


def next_try_words(state: Connection, now: datetime) -> str:
    """Return when it is tried again, or an empty string where nothing is planned."""
    if state.manual or state.kind in (Kind.ONLINE, Kind.CONNECTING) or state.next_try is None:
        return ""
    seconds = (state.next_try - now).total_seconds()
    left = round(min(seconds, state.wait) if state.wait else seconds)  # the clock may have been set
    if left <= 0:
        return "Trying now"
    return f"Next try in {left} s" if left < 90 else f"Next try in {round(left / 60)} min"


def page_of(way: Way, account: Account) -> str:
    """Return the page a way opens in the browser, or an empty string.

    A network that wants a sign-in shows its page in place of any page without encryption. The shop's own
    host is asked for, so that nobody else hears of it, and no key goes along.
    """
    address = urlsplit(account.base_url)
    if way is Way.NETWORK_PAGE:
        return f"http://{address.hostname}/"
    return f"{address.scheme}://{address.netloc}/" if way is Way.PLAN_PAGE else ""


def source_name(account: Account) -> str:
    """Return a shop's name and, for a distant one, its server."""
    if account.kind is AccountKind.LOCAL:
        return account.label or "the local shop"
    host = _host(account)
    return f"{account.label} at {host}" if account.label else host


def since_words(moment: datetime, now: datetime) -> str:
    """Return the time of day, with the date where it was not today."""
    return clock(moment) if same_day(moment, now) else day_and_clock(moment)


def same_day(one: datetime, other: datetime) -> bool:
    """Tell whether two moments are of one day here."""
    return one.astimezone().date() == other.astimezone().date()


def _host(account: Account) -> str:
    return urlsplit(account.base_url).hostname or account.base_url
