"""Answers that overtake each other: the newer one stays."""

from instica_desktop.core.models.common import Entity
from instica_desktop.store.tickets import Tickets

ITEM = Entity.ITEM


def test_an_older_answer_does_not_overwrite_a_newer_one() -> None:
    tickets = Tickets()
    with tickets.asking() as early:
        with tickets.asking() as late:
            assert tickets.claim(ITEM, ["a", "b"], late) == {"a", "b"}
        assert tickets.claim(ITEM, ["a", "b", "c"], early) == {"c"}
    with tickets.asking() as next_one:
        assert tickets.claim(ITEM, ["a"], next_one) == {"a"}


def test_what_was_just_delivered_or_deleted_outlives_a_page_asked_for_before() -> None:
    tickets = Tickets()
    with tickets.asking() as page:
        assert tickets.claim(ITEM, ["sold"], tickets.now()) == {"sold"}
        assert tickets.claim(ITEM, ["sold", "other"], page) == {"other"}
        assert tickets.claim(Entity.PRODUCT, ["sold"], page) == {"sold"}


def test_nothing_is_remembered_once_no_older_answer_can_come() -> None:
    tickets = Tickets()
    with tickets.asking() as ticket:
        tickets.claim(ITEM, [str(number) for number in range(100)], ticket)
        assert len(tickets._written) == 100
    assert not tickets._written
    tickets.claim(ITEM, ["a"], tickets.now())
    assert not tickets._written
