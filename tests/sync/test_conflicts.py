"""Base, mine, theirs: the decision for each field."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core.operations import Edit
from instica_desktop.sync.conflicts import Choice, Own, decide, resolved, same

values = st.one_of(st.none(), st.sampled_from(["a", "b", "c", ""]))


@pytest.mark.parametrize(
    ("field", "left", "right"),
    [
        ("price_item_usd", "36", Decimal("36.00")),
        ("price_item_usd", "36.00", 36),
        ("weight_grams", 180, "180"),
        ("location", None, ""),
        ("location", " A-1 ", "A-1"),
        ("name", "Caf\u00e9", "Cafe\u0301"),
        ("tags", [], None),
        ("tags", ["jazz", "jazz"], ("jazz",)),
        ("acquired_at", "2025-01-01T00:00:00Z", "2025-01-01T01:00:00+01:00"),
        ("artist", {"name": "Nico"}, {"uid": "u1", "name": "Nico"}),
    ],
)
def test_the_same_in_other_words_is_the_same(field: str, left: Any, right: Any) -> None:
    assert same(field, left, right)
    assert same(field, right, left)


@pytest.mark.parametrize(
    ("field", "left", "right"),
    [
        ("price_item_usd", "36.00", "36.01"),
        ("price_item_usd", None, "0.00"),
        ("manual_sku", "007", "7"),
        ("location", "A-1", "a-1"),
        ("tags", ["a", "b"], ["b", "a"]),
        ("artist", {"name": "Nico"}, None),
    ],
)
def test_what_differs_differs(field: str, left: Any, right: Any) -> None:
    assert not same(field, left, right)


def test_each_field_is_decided_by_itself() -> None:
    edits = [Edit("location", "A", "B"), Edit("name", "x", "y"), Edit("price_item_usd", "1.00", "2.00")]
    decision = decide(edits, {"location": "A", "name": "y", "price_item_usd": "3.00"})
    assert decision.send == {"location": "B"}
    assert decision.applied == {"name"}
    assert decision.theirs == {"price_item_usd": "3.00"}


def test_a_field_the_server_does_not_show_is_sent() -> None:
    assert decide([Edit("location", "A", "B")], {}).send == {"location": "B"}


@given(base=values, mine=values, theirs=values)
def test_nothing_of_theirs_is_ever_overwritten(base: Any, mine: Any, theirs: Any) -> None:
    decision = decide([Edit("location", base, mine)], {"location": theirs})
    if decision.send:
        assert same("location", theirs, base)
    if not decision.send and not decision.theirs:
        assert same("location", theirs, mine)


LINES = "First pressing, plays clean.\nShips in a new sleeve."
notes = st.sampled_from(
    [LINES, LINES.replace("First", "The first"), f"{LINES}\nFaint warp.", "Anew.", "", None]
)


@given(base=notes, mine=notes, theirs=notes)
def test_free_text_is_merged_or_asked_about_and_what_is_sent_holds_both(
    base: str | None, mine: str | None, theirs: str | None
) -> None:
    edit = Edit("condition_notes", base, mine)
    decision = decide([edit], {"condition_notes": theirs})
    assert not (decision.theirs and decision.send)
    for field, merged in decision.merged.items():
        assert field == "condition_notes"
        assert merged.base == theirs
        assert same(field, decision.send.get(field, theirs), merged.new)
        for added in ("The first", "Faint warp."):
            both = added in (mine or "") or added in (theirs or "")
            assert (added in merged.new) == both or added in (base or "")
        again = decide([merged], {"condition_notes": merged.new})
        assert (again.send, again.theirs) == ({}, {})


choices = st.one_of(st.sampled_from(["mine", "theirs"]), values.map(Own))


@given(base=values, mine=values, theirs=values, choice=choices)
def test_a_settled_conflict_does_not_come_back(base: Any, mine: Any, theirs: Any, choice: Choice) -> None:
    remote = {"location": theirs}
    edits = [Edit("location", base, mine)]
    decision = decide(edits, remote)
    left = resolved(edits, decision.theirs, {"location": choice})
    assert decide(left, remote).theirs == {}
    if choice == "mine" and decision.theirs:
        assert decide(left, remote).send == {"location": mine}
    if isinstance(choice, Own) and decision.theirs:
        sent = decide(left, remote).send
        assert sent == ({} if same("location", choice.value, theirs) else {"location": choice.value})
