"""What the list says of each edit, and which words of a text are marked. Pure functions."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core.errors import NotFound
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import AGAIN, GONE, Edit, Operation, OpKind, OpState
from instica_desktop.features.activity.compare import changed_spans
from instica_desktop.features.activity.gone import deletion_words
from instica_desktop.features.activity.groups import (
    card_entry,
    cards,
    dropping_words,
    entry,
    grouped,
    summary,
)
from instica_desktop.features.shell.progress import SendingProgress
from instica_desktop.sync import Pace, UnderWay
from instica_desktop.sync.attempts import GONE_WORDS, Attempt, after_error

NOW = datetime(2026, 11, 21, 14, 40, tzinfo=UTC)
CHANGED_PARCEL: dict[str, Any] = {"shipment": "p", "parcel": {"carrier": "ups"}}
OFFER = {"listing": "l", "platform_name": "eBay"}
SHELF = Edit("location", "A-1", "B-2")


def operation(state: OpState = OpState.QUEUED, **more: Any) -> Operation:
    given: dict[str, Any] = {"uuid": "u", "uid": "x", "kind": OpKind.UPDATE, "edits": (SHELF,)}
    return Operation(entity=Entity.ITEM, title="Blue Lines", created=NOW, state=state, **(given | more))


def test_groups_stand_in_the_order_of_need() -> None:
    found = grouped([operation(state) for state in OpState])
    assert [group.title for group in found] == ["Needs you", "Sending", "Waiting"]
    assert sum(len(group.operations) for group in found) == len(OpState)


@pytest.mark.parametrize(
    ("one", "lines", "acts"),
    [
        (operation(), ("Shelf A-1 → B-2",), ("drop",)),
        (operation(OpState.SENDING), ("Shelf A-1 → B-2",), ()),
        (operation(OpState.UNKNOWN), ("Shelf A-1 → B-2, checked before it is sent again",), ()),
        (
            operation(OpState.CONFLICT, theirs={"location": "C-3"}),
            ("Shelf was also changed on the server",),
            ("resolve",),
        ),
        (
            operation(
                OpState.CONFLICT,
                edits=(SHELF, Edit("condition_notes", "a", "b"), Edit("manual_sku", "1", "2")),
                theirs={"location": "C-3", "condition_notes": "c", "manual_sku": "3"},
            ),
            ("Shelf, notes and SKU were also changed on the server",),
            ("resolve",),
        ),
        (
            operation(OpState.CONFLICT, theirs={"uid": None}, message="It was deleted."),
            ("Shelf A-1 → B-2", "It was deleted."),
            ("recreate", "gone"),
        ),
        (
            operation(OpState.CONFLICT, kind=OpKind.CREATE, edits=(), message="There are several of these."),
            ("New copy", "There are several of these."),
            ("retry", "drop"),
        ),
        (
            operation(
                OpState.CONFLICT, kind=OpKind.ORDER_PHOTOS, edits=(), message="In another order since."
            ),
            ("Photos in a new order", "In another order since."),
            ("retry", "drop"),
        ),
        (
            operation(OpState.CONFLICT, kind=OpKind.REVISE_LISTING, payload=OFFER, message="No such offer."),
            ("eBay: Shelf A-1 → B-2", "No such offer."),
            ("gone",),
        ),
        (
            operation(OpState.CONFLICT, kind=OpKind.EDIT_SHIPMENT, payload=CHANGED_PARCEL, message="Gone."),
            ("Parcel: Shelf A-1 → B-2", "Gone."),
            ("another", "gone"),
        ),
        (
            operation(
                OpState.CONFLICT, kind=OpKind.EDIT_SHIPMENT, payload={"shipment": "p"}, message="Gone."
            ),
            ("Parcel: Shelf A-1 → B-2", "Gone."),
            ("gone",),  # of an earlier version: nothing tells what the parcel was
        ),
        (
            operation(OpState.CONFLICT, kind=OpKind.CREATE, theirs={AGAIN: {"uid": "n"}}, message="There."),
            ("New copy", "There."),
            ("resolve",),
        ),
        (
            operation(OpState.REFUSED, errors={"location": ("Too long.",), "non_field_errors": ("No.",)}),
            ("Shelf A-1 → B-2", "Shelf: Too long.", "No."),
            ("retry", "drop"),
        ),
        (
            operation(OpState.DAMAGED, message="This edit was damaged."),
            ("Shelf A-1 → B-2", "This edit was damaged."),
            ("send", "drop"),
        ),
        (
            operation(OpState.DAMAGED, edits=(), message="No backup has it."),
            ("No backup has it.",),
            ("drop",),
        ),
        (
            operation(OpState.REFUSED, message="Not offered.", retry_at=NOW + timedelta(minutes=50)),
            ("Shelf A-1 → B-2", "Not offered. Next try in 50 min."),
            ("retry", "drop"),
        ),
        (
            operation(OpState.RETRY, message="The server is busy.", retry_at=NOW + timedelta(seconds=24)),
            ("Shelf A-1 → B-2", "The server is busy. Next try in 24 s."),
            ("drop",),
        ),
        (
            operation(OpState.PAUSED_AUTH),
            ("Shelf A-1 → B-2", "Waits until you connect again with a valid key"),
            ("drop",),
        ),
    ],
)
def test_each_edit_says_what_it_is_and_what_can_be_done(
    one: Operation, lines: tuple[str, ...], acts: tuple[str, ...]
) -> None:
    shown = entry(one, NOW)
    assert shown.lines == lines
    assert shown.acts == acts


def test_an_order_that_is_gone_is_never_offered_to_be_made_again() -> None:
    order = msgspec.structs.replace(operation(), entity=Entity.ORDER)
    then = after_error(NotFound("Not there."), Attempt(order), faults=0, pace=Pace())
    gone = msgspec.structs.replace(
        order, state=then.state, message=then.message, theirs=dict(then.theirs or {})
    )
    shown = entry(gone, NOW)
    assert shown.acts == ("gone",)
    assert "come from marketplaces" in shown.lines[-1]
    assert "again, or drop" not in shown.lines[-1]


def test_a_deletion_of_what_was_changed_since_says_so() -> None:
    changed = {"location": "C-3", "price_item_usd": "12.00", "assets": ["a", "b"]}
    delete = operation(
        OpState.CONFLICT,
        kind=OpKind.DELETE,
        edits=(),
        theirs=changed,
        message="It was changed since.",
        seen={"location": "A-1", "assets": ["a"]},
    )
    shown = entry(delete, NOW)
    assert (shown.lines[-1], shown.acts) == ("It was changed since.", ("resolve",))
    assert "\nShelf: A-1 → C-3\n" in deletion_words(delete)
    assert "\nPhotos: 1 photo → 2 photos" in deletion_words(delete)


def test_what_waits_for_a_record_that_is_gone_is_one_card_and_one_decision() -> None:
    gone: dict[str, Any] = {"theirs": GONE, "message": GONE_WORDS}
    waiting = [
        operation(OpState.CONFLICT, uuid="a", **gone),
        operation(uuid="b", uid="another"),
        *(
            operation(OpState.CONFLICT, uuid=f"p{at}", kind=OpKind.ADD_PHOTO, edits=(), **gone)
            for at in range(20)
        ),
        operation(uuid="c", kind=OpKind.ORDER_PHOTOS, edits=(), payload={"order": []}),
    ]
    needs, rest = grouped(waiting)
    assert (needs.title, len(needs.operations), len(rest.operations)) == ("Needs you", 22, 1)
    (card,) = cards(needs.operations)
    shown = card_entry(card, NOW)
    assert shown.acts == ("recreate", "gone")
    assert shown.lines[:2] == ("20 photos and 2 edits, deleted elsewhere", "Shelf A-1 → B-2")
    assert "the changes have nowhere to go" in shown.lines[-1]
    assert shown.lines[-1].endswith("or drop the changes.")
    assert dropping_words(card).startswith("20 photos and 2 edits. They have not been sent")
    assert [len(one.operations) for one in cards(waiting)] == [22, 1]
    (single,) = cards(waiting[:1])
    assert card_entry(single, NOW) == entry(waiting[0], NOW)


def test_what_went_wrong_before_is_not_repeated_while_nothing_is_sent() -> None:
    one = operation(OpState.RETRY, message="The server is busy.", retry_at=NOW + timedelta(seconds=24))
    assert entry(one, NOW, sends=False).lines == ("Shelf A-1 → B-2",)


def test_what_is_of_unknown_outcome_waits_while_nothing_is_sent() -> None:
    unsure = [operation(OpState.UNKNOWN)]
    assert [group.title for group in grouped(unsure)] == ["Sending"]
    assert [group.title for group in grouped(unsure, sends=False)] == ["Waiting"]
    assert entry(unsure[0], NOW).acts == ()
    assert entry(unsure[0], NOW, sends=False).acts == ("drop",)


def test_a_photo_under_way_says_how_far_it_is() -> None:
    photo = operation(OpState.SENDING, kind=OpKind.ADD_PHOTO, edits=(), payload={"name": "front.jpg"})
    assert entry(photo, NOW, (430, 1000)).lines == ("New photo front.jpg, 43 % sent",)


def test_the_sentence_counts_and_says_how_edits_go_out() -> None:
    freely = "by themselves"
    assert summary([], freely) == "Everything is saved on the server."
    assert summary([], freely, typed=1) == "1 text was typed and not saved."
    assert summary([], freely, typed=2) == "2 texts were typed and not saved."
    assert summary([], freely, 2) == "2 photos are being added."
    assert summary([operation()], freely, 1).startswith("1 photo is being added. 1 edit is kept")
    assert summary([operation()], freely).endswith("1 edit is kept on this computer and goes out by itself.")
    offline = "6 edits are kept on this computer and go out when it answers."
    assert summary([operation()] * 6, "when it answers") == offline
    assert summary([operation(OpState.REFUSED)], freely).endswith("until you decide.")


def test_what_needs_the_user_does_not_count_as_going_out_by_itself() -> None:
    refused, conflict = operation(OpState.REFUSED), operation(OpState.CONFLICT)
    assert summary([operation(), refused], "when it answers") == (
        "1 edit is kept on this computer and goes out when it answers; 1 more waits until you decide."
    )
    assert summary([operation()] * 2 + [refused, conflict], "by themselves") == (
        "2 edits are kept on this computer and go out by themselves; 2 more wait until you decide."
    )


def test_only_changed_words_are_marked() -> None:
    before = "German first pressing. Plays clean."
    after = "German first pressing. Plays clean, faint warp, no skip."
    marked = [after[start : start + length] for start, length in changed_spans(before, after)]
    assert marked == [", faint warp, no skip"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_marks_lie_inside_the_text_in_order_and_never_on_blanks(before: str, after: str) -> None:
    end = 0
    for start, length in changed_spans(before, after):
        assert start >= end
        assert length > 0
        assert after[start : start + length].strip() == after[start : start + length]
        end = start + length
    assert end <= len(after)
    assert not changed_spans(after, after)


class Burst:
    """A shop that sends edit by edit."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.passed = 0

    def send(self, number: int) -> None:
        self.left -= number
        self.passed += number

    def under_way(self) -> UnderWay:
        return UnderWay(("u",)[: self.left], self.left, self.passed)

    def upload_progress(self, uuid: str) -> tuple[int, int] | None:
        return None


def test_a_burst_of_edits_fills_a_meter_and_a_single_one_does_not() -> None:
    progress, shop = SendingProgress(), Burst(4)
    progress.look(shop)
    assert progress.share == 0
    shop.send(3)
    progress.look(shop)
    assert progress.share == pytest.approx(0.75)
    shop.send(1)
    progress.look(shop)
    assert progress.share is None
    shop.left = 1
    progress.look(shop)
    assert progress.share is None


def test_edits_made_meanwhile_take_nothing_back_from_the_meter() -> None:
    progress, shop = SendingProgress(), Burst(10)
    shares: list[float] = []
    for sent, added in ((0, 0), (8, 0), (0, 8), (4, 0), (5, 0)):
        shop.send(sent)
        shop.left += added
        progress.look(shop)
        assert progress.share is not None
        shares.append(progress.share)
    assert shares == sorted(shares)
    assert shares[1] == pytest.approx(0.8)
    assert shares[-1] == pytest.approx(17 / 18)
