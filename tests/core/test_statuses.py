"""Statuses and the moves a person may make."""

import itertools

import pytest

from instica_desktop.core.statuses import (
    AVAILABLE,
    ITEM_STATUSES,
    UNSOLD,
    carrier_name,
    item_status,
    may_move,
    next_statuses,
    order_status,
)

CODES = [status.code for status in ITEM_STATUSES]


def test_the_way_of_an_item_goes_from_draft_to_returned_and_on() -> None:
    way = ["draft", "received", "ready-to-sell", "listed", "sold", "shipped", "returned", "received"]
    for before, after in itertools.pairwise(way):
        assert after in next_statuses(before)
        assert next_statuses(before)[0] == after or before == "listed"


@pytest.mark.parametrize("code", sorted(UNSOLD))
def test_what_is_unsold_may_be_archived_and_brought_back(code: str) -> None:
    assert "archived" in next_statuses(code)
    assert code in next_statuses("archived")


@pytest.mark.parametrize("code", ["sold", "shipped"])
def test_what_is_sold_cannot_be_archived(code: str) -> None:
    assert not may_move(code, "archived")


def test_a_move_may_be_taken_back_and_only_that() -> None:
    for before in CODES:
        for after in CODES:
            legal = after in next_statuses(before) or before in next_statuses(after)
            assert may_move(before, after) is legal
    assert may_move("received", "draft")
    assert may_move("listed", "ready-to-sell")
    assert not may_move("draft", "listed")
    assert not may_move("draft", "sold")
    assert not may_move("draft", "draft")


def test_every_move_leads_to_a_status_there_is() -> None:
    assert {after for before in CODES for after in next_statuses(before)} <= set(CODES)
    assert AVAILABLE < UNSOLD < set(CODES)


def test_an_unknown_status_is_shown_and_leads_nowhere() -> None:
    assert next_statuses("in-orbit") == ()
    assert (item_status("in-orbit").label, item_status("in-orbit", "In orbit").label) == (
        "in-orbit",
        "In orbit",
    )
    assert item_status("in-orbit").tone == "neutral"
    assert order_status("partially_refunded").label == "Partially refunded"
    assert order_status("awaiting_shipment").label == "Awaiting shipment"


def test_carriers_have_names() -> None:
    assert carrier_name("royal_mail") == "Royal Mail"
    assert carrier_name("pigeon") == "pigeon"
    assert carrier_name(None) == ""
