"""What may be sent when; what an error makes of an operation; the way from one status to another."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import Any

import pytest

from instica_desktop.core import errors
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, Operation, OpKind, OpState
from instica_desktop.core.statuses import ITEM_STATUSES, may_move
from instica_desktop.sync.attempts import Attempt, after_error
from instica_desktop.sync.pace import Pace
from instica_desktop.sync.queue import (
    LONGEST_HELD,
    LONGEST_WAIT,
    all_stuck,
    due_heads,
    next_asking,
    next_due,
    ready,
    worth_asking,
)
from instica_desktop.sync.statusway import status_way
from instica_desktop.sync.wirework import continued, patches

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def operation(
    seq: int, uid: str = "i1", kind: OpKind = OpKind.UPDATE, field: str = "name", **more: Any
) -> Operation:
    edits = (Edit(field, "a", "b"),) if kind is OpKind.UPDATE else ()
    return Operation(
        uuid=f"op{seq}", entity=Entity.ITEM, uid=uid, kind=kind, edits=edits, seq=seq, created=NOW, **more
    )


def names(operations: list[Operation]) -> list[str]:
    return [one.uuid for one in operations]


def test_one_operation_of_each_object_goes_at_a_time_oldest_first() -> None:
    queue = [operation(1), operation(2), operation(3, "i2")]
    assert names(ready(queue, NOW)) == ["op1", "op3"]


def test_what_is_being_sent_holds_up_its_own_object_only() -> None:
    queue = [operation(1, state=OpState.SENDING), operation(2), operation(3, "i2")]
    assert names(ready(queue, NOW)) == ["op3"]


@pytest.mark.parametrize("state", [OpState.REFUSED, OpState.CONFLICT])
def test_what_waits_for_the_user_holds_up_only_what_builds_on_it(state: OpState) -> None:
    stuck = operation(1, state=state)
    assert names(ready([stuck, operation(2, field="location")], NOW)) == ["op2"]
    assert names(ready([stuck, operation(2, field="name")], NOW)) == []
    assert names(ready([stuck, operation(2, kind=OpKind.ADD_PHOTO, payload={"blob": "x"})], NOW)) == ["op2"]
    assert names(ready([stuck, operation(2, kind=OpKind.DELETE)], NOW)) == ["op2"]  # it decides the rest


def test_all_is_stuck_only_when_nothing_that_waits_can_go() -> None:
    stuck, behind = operation(1, state=OpState.CONFLICT), operation(2)
    free, under_way = operation(3, uid="b"), operation(4, uid="c", state=OpState.SENDING)
    assert all_stuck([[stuck, behind]], set())
    assert not all_stuck([[stuck]], set())  # nothing waits
    assert not all_stuck([[stuck, behind], [free]], set())
    assert not all_stuck([[stuck, behind], [under_way]], set())
    naming = operation(5, uid="d", kind=OpKind.CREATE, payload={"product": "tmp-p"})
    assert all_stuck([[naming]], {"tmp-p", "d"})


def test_nothing_overtakes_the_making_of_its_object() -> None:
    made = operation(1, "tmp-1", OpKind.CREATE, state=OpState.REFUSED)
    assert names(ready([made, operation(2, "tmp-1", OpKind.ADD_PHOTO)], NOW)) == []
    assert (
        names(ready([made, operation(2, "i9", OpKind.PRIMARY_PHOTO, payload={"asset": "tmp-1"})], NOW)) == []
    )


def test_a_clock_set_back_by_a_day_parks_no_retry() -> None:
    tomorrow = NOW + timedelta(days=1)
    assert names(ready([operation(1, state=OpState.RETRY, retry_at=tomorrow)], NOW)) == ["op1"]
    soon = NOW + LONGEST_WAIT
    assert names(ready([operation(1, state=OpState.RETRY, retry_at=soon)], NOW)) == []


def test_what_builds_on_what_is_stuck_waits_and_the_rest_goes_on() -> None:
    refused = operation(1, kind=OpKind.ADD_PHOTO, payload={"blob": "x"}, state=OpState.REFUSED)
    order = operation(2, kind=OpKind.ORDER_PHOTOS, payload={"order": ["tmp-op1", "a"]})
    chosen = operation(3, kind=OpKind.PRIMARY_PHOTO, payload={"asset": "tmp-op1"})
    assert names(ready([refused, order, chosen, operation(4)], NOW)) == ["op4"]
    other = operation(5, kind=OpKind.PRIMARY_PHOTO, payload={"asset": "a"})
    assert names(ready([refused, order, other], NOW)) == ["op5"]


def test_an_item_is_not_offered_before_its_price_and_status_are_settled() -> None:
    offer = operation(2, kind=OpKind.ADD_LISTING, payload={"platform": "ebay"})
    assert names(ready([operation(1, field="status", state=OpState.REFUSED), offer], NOW)) == []
    assert names(ready([operation(1, field="location", state=OpState.REFUSED), offer], NOW)) == ["op2"]


def test_changes_of_one_offer_wait_for_each_other_and_not_for_those_of_another() -> None:
    stuck = operation(1, kind=OpKind.REVISE_LISTING, payload={"listing": "l1"}, state=OpState.CONFLICT)
    same = operation(2, kind=OpKind.DELIST, payload={"listing": "l1"})
    other = operation(3, kind=OpKind.DELIST, payload={"listing": "l2"})
    assert names(ready([stuck, same, other], NOW)) == ["op3"]


def test_nothing_is_changed_on_a_record_that_is_to_be_deleted() -> None:
    edit, delete = operation(1), operation(2, kind=OpKind.DELETE)
    assert names(ready([edit, delete], NOW)) == ["op2"]
    unknown = operation(1, state=OpState.UNKNOWN)  # what may be there already is settled first
    assert names(ready([unknown, delete], NOW)) == ["op1"]
    made = operation(1, "tmp-1", OpKind.CREATE)
    assert names(ready([made, operation(2, "tmp-1", OpKind.DELETE)], NOW)) == ["op1"]
    sending = operation(2, kind=OpKind.DELETE, state=OpState.SENDING)
    assert names(ready([edit, sending], NOW)) == []
    refused = operation(2, kind=OpKind.DELETE, state=OpState.REFUSED)
    assert names(ready([edit, refused], NOW)) == ["op1"]


def test_a_place_orders_objects_and_never_the_operations_of_one() -> None:
    queue = [operation(1, place=2), operation(2, "i2", place=1), operation(3, place=2), operation(4, "i3")]
    assert names(ready(queue, NOW)) == ["op2", "op1", "op4"]


def test_looking_for_what_may_go_stops_when_enough_is_found() -> None:
    looked: list[int] = []

    def endless() -> Iterator[list[Operation]]:
        for seq in count(1):
            looked.append(seq)
            yield [operation(seq, f"i{seq}")]

    assert names(list(islice(due_heads(endless(), set(), NOW), 3))) == ["op1", "op2", "op3"]
    assert looked == [1, 2, 3]


def test_a_retry_waits_for_its_time() -> None:
    later = NOW + timedelta(seconds=5)
    queue = [operation(1, state=OpState.RETRY, retry_at=later)]
    assert ready(queue, NOW) == []
    assert names(ready(queue, later)) == ["op1"]
    assert next_due(queue, NOW) == later
    assert next_due(queue, later) is None
    assert next_due([operation(1)], NOW) is None


def test_what_is_held_up_past_its_time_hides_no_later_one() -> None:
    later = NOW + timedelta(seconds=5)
    held_up = operation(1, state=OpState.RETRY, retry_at=NOW - timedelta(seconds=5))
    assert next_due([held_up, operation(2, "i2", state=OpState.RETRY, retry_at=later)], NOW) == later


CASES: list[tuple[errors.InsticaError, bool, bool, OpState, bool]] = [
    # error, unsure before, something written, state after, counts as a try
    (errors.Unreachable("x"), False, True, OpState.RETRY, False),
    (errors.Unreachable("x"), True, False, OpState.UNKNOWN, False),
    (errors.ReplyLost("x"), False, False, OpState.RETRY, True),
    (errors.ReplyLost("x"), False, True, OpState.UNKNOWN, True),
    (errors.ReplyLost("x"), True, False, OpState.UNKNOWN, True),
    (errors.NotInstica("x"), False, True, OpState.UNKNOWN, True),
    (errors.ServerTrouble("x", status=503), False, True, OpState.UNKNOWN, True),
    (errors.ServerTrouble("x", status=500), False, True, OpState.UNKNOWN, True),
    (errors.Throttled("x", retry_after=30), False, True, OpState.RETRY, False),
    (errors.ServerFull("x", status=507), False, True, OpState.RETRY, False),
    (errors.ServerFull("x", status=507), True, False, OpState.UNKNOWN, False),
    (errors.SignedOut("x"), False, True, OpState.PAUSED_AUTH, False),
    (errors.SignedOut("x"), True, False, OpState.UNKNOWN, False),
    (errors.PlanLapsed("x"), False, True, OpState.PAUSED_PLAN, False),
    (errors.ValidationFailed({"name": ["No."]}), False, True, OpState.REFUSED, False),
    (errors.TooLarge("x"), False, True, OpState.REFUSED, False),
    (errors.Forbidden("x"), False, True, OpState.REFUSED, False),
    (errors.NotFound("x"), False, False, OpState.CONFLICT, False),
    (errors.NotFound("x", part=True), False, True, OpState.REFUSED, False),
    (errors.NotOffered("x"), False, True, OpState.REFUSED, False),
    (errors.NotOffered("x"), True, False, OpState.REFUSED, False),
    (errors.Clash("x"), False, True, OpState.UNKNOWN, True),
    (errors.InputError("x"), False, False, OpState.REFUSED, False),
]


@pytest.mark.parametrize(("error", "unsure", "wrote", "state", "spent"), CASES)
def test_the_matrix_of_retries(
    error: errors.InsticaError, unsure: bool, wrote: bool, state: OpState, spent: bool
) -> None:
    then = after_error(error, Attempt(operation(1), unsure=unsure, wrote=wrote), faults=1, pace=Pace())
    assert (then.state, then.spent) == (state, spent)
    assert then.message


def test_a_server_that_keeps_failing_on_one_change_is_left_alone() -> None:
    error = errors.ServerTrouble("x", status=500, request_id="req-7")
    attempt = Attempt(operation(1), wrote=True)
    assert after_error(error, attempt, faults=2, pace=Pace()).state is OpState.UNKNOWN
    then = after_error(error, attempt, faults=3, pace=Pace())
    assert then.state is OpState.REFUSED
    assert "req-7" in then.message


def test_what_a_server_does_not_offer_is_asked_for_again_a_while_later() -> None:
    then = after_error(errors.NotOffered("x", again=90), Attempt(operation(1)), faults=0, pace=Pace())
    assert (then.state, then.wait) == (OpState.REFUSED, 90)
    later, refused = NOW + timedelta(seconds=then.wait), OpState.REFUSED
    held = [operation(1, state=refused, retry_at=later), operation(2, state=refused)]
    assert worth_asking(held, NOW) == []
    assert next_asking(held, NOW) == later
    assert names(worth_asking(held, later)) == ["op1"]
    assert next_asking(held, later) is None
    assert names(ready(held, later)) == []  # it is queued anew first


def test_a_clock_that_was_set_back_makes_it_no_longer() -> None:
    far = operation(1, state=OpState.REFUSED, retry_at=NOW + 2 * LONGEST_HELD)
    assert names(worth_asking([far], NOW)) == ["op1"]


def test_what_an_earlier_try_may_have_done_is_not_forgotten_by_a_lack() -> None:
    for unsure, wrote, certain in ((True, False, False), (True, True, True), (False, False, True)):
        attempt = Attempt(operation(1), unsure=unsure, wrote=wrote)
        assert after_error(errors.NotOffered("x"), attempt, faults=0, pace=Pace()).certain is certain


def test_a_refusal_carries_its_messages_by_field() -> None:
    error = errors.ValidationFailed({"status": ["No.", "Never."]})
    then = after_error(error, Attempt(operation(1)), faults=0, pace=Pace())
    assert then.errors == {"status": ("No.", "Never.")}


def test_the_wait_grows_and_is_never_longer_than_the_longest() -> None:
    pace = Pace(backoff=1, longest_backoff=60)
    assert all(0 <= pace.delay(0) <= 1 for _ in range(50))
    assert max(pace.delay(30) for _ in range(200)) <= 60
    assert max(pace.delay(30) for _ in range(200)) > 20


def test_every_way_between_statuses_is_made_of_legal_moves() -> None:
    for before in ITEM_STATUSES:
        for after in ITEM_STATUSES:
            way = status_way(before.code, after.code)
            assert way[-1] == after.code
            if before != after:
                steps = zip((before.code, *way), way, strict=False)
                assert all(may_move(one, other) for one, other in steps)
                assert "archived" not in way[:-1]


def test_a_walk_fills_fields_first_and_empties_them_last() -> None:
    assert status_way("draft", "listed") == ("received", "ready-to-sell", "listed")
    there = patches({"status": "listed", "price_item_usd": "5.00"}, "draft")
    assert there[0] == {"status": "received", "price_item_usd": "5.00"}
    assert there[1:] == [{"status": "ready-to-sell"}, {"status": "listed"}]
    back = patches({"status": "received", "price_item_usd": None}, "listed")
    assert back == [{"status": "ready-to-sell"}, {"status": "received", "price_item_usd": None}]
    assert patches({"status": "planet"}, "draft") == [{"status": "planet"}]
    assert patches({"name": "x"}, "draft") == [{"name": "x"}]


def test_a_status_on_our_way_is_our_own_doing() -> None:
    edits = (Edit("status", "draft", "listed"),)
    assert continued(edits, {"status": "received"}) == (Edit("status", "received", "listed"),)
    assert continued(edits, {"status": "sold"}) == edits
