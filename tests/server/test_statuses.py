"""The legal moves of an item."""

import itertools

from instica_desktop.server.domain.statuses import ITEM_STATUSES, LEGAL_MOVES, UNSOLD, legal_moves

_CHAIN = ["draft", "received", "ready-to-sell", "listed", "sold", "shipped", "returned", "received"]


def test_the_chain_runs_forward_and_each_move_may_be_taken_back() -> None:
    for before, after in itertools.pairwise(_CHAIN):
        assert after in LEGAL_MOVES[before]
        assert before in LEGAL_MOVES[after]


def test_archiving_is_from_and_to_the_unsold_only() -> None:
    assert set(LEGAL_MOVES["archived"]) == set(UNSOLD)
    assert [code for code in ITEM_STATUSES if "archived" in LEGAL_MOVES[code]] == list(UNSOLD)


def test_moves_of_the_server_are_not_taken_back_by_hand() -> None:
    assert legal_moves("sold", "") == ("listed", "shipped")
    assert legal_moves("sold", "sale") == ("shipped",)
    assert legal_moves("shipped", "shipment") == ("returned",)


def test_jumps_are_illegal() -> None:
    assert "sold" not in LEGAL_MOVES["draft"]
    assert "draft" not in LEGAL_MOVES["listed"]
