"""What the status bar says, for every way things can stand."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.ages import clock
from instica_desktop.features.shell import words
from instica_desktop.features.shell.restored_banner import damaged_words, restored_words
from instica_desktop.features.standing import LABELS, Way, next_try_words, page_of, standing
from instica_desktop.sync import Connection, Kind
from instica_desktop.sync.care import Restored
from instica_desktop.sync.mirror import MirrorState

NOW = datetime(2026, 11, 21, 14, 40, tzinfo=UTC)
SINCE = NOW - timedelta(minutes=38)
REMOTE = Account(id="a", base_url="https://app.instica.com", label="Northside Records")
LOCAL = Account(id="local", base_url="", label="Local shop", kind=AccountKind.LOCAL)


class Counts(msgspec.Struct):
    waiting: int = 0
    sending: int = 0
    needs_user: int = 0


def state(kind: Kind, **more: object) -> Connection:
    return msgspec.structs.replace(Connection(kind, SINCE, message="Why"), **more)


@pytest.mark.parametrize(
    ("kind", "account", "text", "tone"),
    [
        (Kind.ONLINE, REMOTE, "Online", ""),
        (Kind.CONNECTING, REMOTE, "Connecting", ""),
        (Kind.CONNECTING, LOCAL, "Starting the local shop", ""),
        (Kind.OFFLINE, REMOTE, f"Offline since {clock(SINCE)}", "warning"),
        (Kind.TROUBLE, REMOTE, f"Server trouble since {clock(SINCE)}", "warning"),
        (Kind.SIGNED_OUT, REMOTE, "Signed out", "error"),
        (Kind.PLAN_LAPSED, REMOTE, "Plan lapsed", "warning"),
        (Kind.CAPTIVE, REMOTE, "Network asks for sign-in", "warning"),
        (Kind.OTHER_ACCOUNT, REMOTE, "Wrong account", "error"),
    ],
)
def test_every_state_has_words_and_tells_in_the_tooltip_what_to_do(
    kind: Kind, account: Account, text: str, tone: str
) -> None:
    happened = state(kind, why="Its name was not found.", details="gaierror -2")
    said = words.connection_words(happened, account, NOW)
    assert (said.text, said.tone) == (text, tone)
    assert said.tip == standing(happened, account, NOW).sentence
    assert "gaierror" not in said.tip
    assert ("Its name was not found." in said.tip) is (kind in (Kind.OFFLINE, Kind.OTHER_ACCOUNT))
    assert bool(said.icon) + bool(said.dot) + said.busy == 1


def test_a_shop_that_is_brought_up_to_date_says_how_far_it_is() -> None:
    said = words.connection_words(state(Kind.CONNECTING, prepared=0.417), LOCAL, NOW)
    assert said.text == "Updating the local shop, 41 %"
    assert said.busy
    assert "minutes" in said.tip


def test_a_copy_that_is_brought_up_to_date_says_how_far_it_is() -> None:
    for kind in (Kind.ONLINE, Kind.OFFLINE):
        said = words.copy_words(MirrorState(parts={}), 3, state=state(kind), renewed=0.5)
        assert said.text == "Updating the copy 50 %"
        assert "next start" in said.tip


def test_connecting_says_what_it_waits_for_when_the_server_asked_for_a_pause() -> None:
    later = NOW + timedelta(minutes=2)
    said = words.connection_words(state(Kind.CONNECTING), REMOTE, NOW, pause=later).tip
    assert said.startswith(f"The server asked for a pause until {clock(later)}.")
    assert "pause" not in words.connection_words(state(Kind.CONNECTING), REMOTE, NOW).tip


def test_offline_by_choice_is_told_apart_and_has_a_way_back() -> None:
    chosen = state(Kind.OFFLINE, manual=True)
    assert words.connection_words(chosen, REMOTE, NOW).text == "Working offline"
    assert words.way_out(chosen, REMOTE) is Way.GO_ONLINE
    assert next_try_words(chosen, NOW) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(24, "Next try in 24 s"), (0, "Trying now"), (-5, "Trying now"), (300, "Next try in 5 min")],
)
def test_the_next_try_counts_down(seconds: int, text: str) -> None:
    offline = state(Kind.OFFLINE, next_try=NOW + timedelta(seconds=seconds))
    assert next_try_words(offline, NOW) == text


def test_a_clock_that_was_set_does_not_stretch_the_countdown() -> None:
    offline = state(Kind.OFFLINE, next_try=NOW + timedelta(days=1), wait=24.0)
    assert next_try_words(offline, NOW) == "Next try in 24 s"


def test_a_slow_connection_is_told_and_offers_to_work_offline() -> None:
    slow = state(Kind.ONLINE, slow=True)
    assert words.connection_words(slow, REMOTE, NOW).text == "Slow connection"
    assert standing(slow, REMOTE, NOW).ways == (Way.WORK_OFFLINE,)
    assert words.way_out(slow, REMOTE) is None


@pytest.mark.parametrize("account", [REMOTE, LOCAL])
@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("slow", [False, True])
def test_every_state_says_what_to_do_and_has_a_button_for_it(
    kind: Kind, account: Account, slow: bool
) -> None:
    stands = standing(state(kind, slow=slow), account, NOW)
    assert stands.sentence.endswith(".")
    assert "!" not in stands.title + stands.sentence
    assert stands.ways
    assert all(LABELS[way] for way in stands.ways)
    assert bool(stands.icon) + bool(stands.dot) + stands.busy == 1
    if account is LOCAL:  # it has no page on the web, and no key to be given
        assert not {Way.NETWORK_PAGE, Way.PLAN_PAGE, Way.CONNECT_AGAIN} & set(stands.ways)
        assert "None" not in stands.sentence


def test_the_pages_that_are_opened_belong_to_the_shop_and_carry_no_key() -> None:
    assert page_of(Way.NETWORK_PAGE, REMOTE) == "http://app.instica.com/"
    assert page_of(Way.PLAN_PAGE, REMOTE) == "https://app.instica.com/"
    assert page_of(Way.TRY_NOW, REMOTE) == ""
    assert page_of(Way.NETWORK_PAGE, REMOTE) in standing(state(Kind.CAPTIVE), REMOTE, NOW).sentence


def test_it_does_not_promise_to_send_what_is_held_back() -> None:
    assert "sent at once" in standing(state(Kind.ONLINE), REMOTE, NOW).sentence
    assert "sent" not in standing(state(Kind.ONLINE), REMOTE, NOW, held=True).sentence
    full = words.connection_words(state(Kind.ONLINE), REMOTE, NOW, held=True, full=NOW)
    assert (full.text, "no room" in full.tip) == ("The server is full", True)


def test_an_old_offline_time_carries_its_date() -> None:
    long_ago = state(Kind.OFFLINE, since=NOW - timedelta(days=3))
    assert "18 Nov 2026" in words.connection_words(long_ago, REMOTE, NOW).text


@pytest.mark.parametrize(
    ("counts", "text", "tone"),
    [
        (Counts(), "Nothing waiting", ""),
        (Counts(waiting=1), "1 edit waiting", ""),
        (Counts(waiting=3), "3 edits waiting", ""),
        (Counts(waiting=2, sending=1), "Sending 1 of 3", ""),
        (Counts(needs_user=1), "1 edit needs you", "error"),
        (Counts(needs_user=2), "2 edits need you", "error"),
        (Counts(waiting=6, needs_user=1), "6 edits waiting, 1 needs you", "error"),
        (Counts(sending=1, needs_user=2), "Sending 1 of 1, 2 need you", "error"),
    ],
)
def test_the_cell_of_edits(counts: Counts, text: str, tone: str) -> None:
    said = words.pending_words(counts)
    assert (said.text, said.tone) == (text, tone)


@pytest.mark.parametrize(
    ("counts", "text", "tone"),
    [
        (Counts(), "2 texts not saved", "error"),
        (Counts(waiting=3), "3 edits waiting, 2 texts not saved", "error"),
        (Counts(sending=1), "Sending 1 of 1, 2 texts not saved", "error"),
        (Counts(needs_user=1), "1 edit needs you, 2 texts not saved", "error"),
    ],
)
def test_texts_that_are_not_saved_are_said_beside_the_edits(counts: Counts, text: str, tone: str) -> None:
    said = words.pending_words(counts, unsaved=2)
    assert (said.text, said.tone) == (text, tone)
    assert words.pending_words(Counts(), unsaved=1).text == "1 text not saved"
    assert (
        words.pending_words(Counts(), adding=1, unsaved=1).text == "1 photo is being added, 1 text not saved"
    )


def test_a_pause_the_server_asked_for_is_told_with_its_end() -> None:
    said = words.pending_words(Counts(waiting=2), NOW)
    assert said.text == f"2 edits waiting until {clock(NOW)}"
    assert said.tip.startswith("The server asked for a pause.")


def test_photos_that_are_being_added_are_said_before_all_else() -> None:
    assert words.pending_words(Counts(), adding=1).text == "1 photo is being added"
    assert words.pending_words(Counts(), adding=12).text == "12 photos are being added"
    said = words.pending_words(Counts(waiting=1, sending=2), adding=12)
    assert (said.text, said.busy) == ("12 photos are being added, sending 2 of 3", True)
    assert words.pending_words(Counts(needs_user=1), adding=2).tone == "error"


def test_age_names_its_source_and_says_when_it_is_only_a_copy() -> None:
    fresh = words.age_words_of("Items", NOW - timedelta(seconds=14), state(Kind.ONLINE), REMOTE, NOW)
    assert fresh.text == "Updated 14 s ago"
    assert "Northside Records at app.instica.com" in fresh.tip
    old = words.age_words_of("Items", SINCE, state(Kind.OFFLINE), REMOTE, NOW)
    assert old.text == "This computer’s copy, 38 min old"


def test_nothing_is_said_of_records_that_were_never_read() -> None:
    assert words.age_words_of("Items", None, state(Kind.OFFLINE), REMOTE, NOW).text == ""
    assert words.age_words_of("Items", None, state(Kind.ONLINE), REMOTE, NOW).text == "Nothing read yet"


def test_the_banner_says_what_was_damaged_and_what_that_means() -> None:
    assert damaged_words(1)[0] == "1 edit was damaged on this computer’s disk"
    assert damaged_words(2)[1].startswith("They are not sent. Activity says what a backup has of each")
    noted = restored_words(Restored(NOW, edits=3, notes=True), 3)
    assert noted[0] == "What is noted about your waiting edits was damaged on this computer’s disk"
    assert "The edits themselves are whole." in noted[1]
    log = restored_words(Restored(NOW, edits=3, log=True), 3)
    assert log == (
        "The log of your waiting edits was damaged on this computer’s disk",
        "It is in order again. 3 edits wait now. The edits themselves are whole. Look through them; nothing "
        "is sent until you say so.",
    )
    both = restored_words(Restored(NOW, edits=3, notes=True), 3, 2)
    assert "2 edits were damaged too, and are not sent." in both[1]
    assert "whole" not in both[1]
    passed = restored_words(Restored(NOW, NOW, edits=3, passed_over=2), 3)
    assert passed[1].startswith("2 newer backups are damaged too. 3 edits wait now.")
