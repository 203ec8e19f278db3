"""Queries as data: the parameters they become, and their changes."""

from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import DEFAULT_ORDERING, FILTERS, ORDERINGS, Filter, Query

ITEMS = Query(Entity.ITEM)


def test_the_default_ordering_is_always_sent() -> None:
    assert ITEMS.params() == [("ordering", "-created")]
    assert Query(Entity.ORDER).params() == [("ordering", "-sold_at")]
    assert all(DEFAULT_ORDERING[entity] in ORDERINGS[entity] for entity in Entity)


def test_search_filters_and_ordering_become_parameters() -> None:
    query = ITEMS.with_search("  blue ").with_filter("status", ["listed", "sold"]).with_ordering("-name")
    assert query.params() == [("search", "blue"), ("status", "listed,sold"), ("ordering", "-name")]


def test_a_search_is_cut_and_cleaned_as_the_server_wants_it() -> None:
    assert ITEMS.with_search(" a\0b \ud800").sought == "a b"
    assert ITEMS.with_search("x" * 600).params()[0] == ("search", "x" * 500)
    assert ITEMS.with_search("\0").params() == ITEMS.params()


def test_values_are_taken_apart_as_the_server_does() -> None:
    query = ITEMS.with_filter("tags", ["rock, pop", "jazz", " ", "pop"]).with_filter("product", [" p "])
    assert query.wanted("tags") == ("rock", "pop", "jazz")
    assert query.params()[:2] == [("product", "p"), ("tags", "rock,pop,jazz")]
    assert ITEMS.with_filter("location", ["B, left", "A"]).params()[:2] == [
        ("location", "B, left"),
        ("location", "A"),
    ]
    assert ITEMS.with_filter("status", ["", ","]).params() == ITEMS.params()
    assert Query(Entity.PRODUCT).with_filter("has_inventory", ["1"]).wanted("has_inventory") == ("true",)


def test_blank_search_is_no_search() -> None:
    assert ITEMS.with_search("   ").params() == ITEMS.params()


def test_a_filter_is_replaced_and_removed() -> None:
    query = ITEMS.with_filter("status", ["listed"]).with_filter("type", ["physical"])
    assert query.with_filter("status", ["sold"]).values("status") == ("sold",)
    assert query.with_filter("status", []).filters == (Filter("type", ("physical",)),)
    assert query.values("location") == ()


def test_every_documented_ordering_is_there_both_ways() -> None:
    for names in ORDERINGS.values():
        plain = {name for name in names if f"-{name}" in names}
        assert {name.removeprefix("-") for name in names} >= plain
    assert {"listed_first", "price_high_low", "days_in_inventory", "-condition_item"} <= ORDERINGS[
        Entity.ITEM
    ]
    assert {"most_inventory", "least_inventory", "-artist__name"} <= ORDERINGS[Entity.PRODUCT]
    assert "-listed_first" not in ORDERINGS[Entity.ITEM]


def test_a_list_of_orderings_is_read_as_the_server_reads_it() -> None:
    assert Query(Entity.ITEM, ordering=" -location,, title ,-location").orderings == ("-location", "title")
    assert Query(Entity.ITEM, ordering=" , ").orderings == Query(Entity.ITEM).orderings == ("-created",)


@given(st.permutations(sorted(FILTERS[Entity.ITEM])))
def test_the_same_filters_are_the_same_query_however_they_came(names: list[str]) -> None:
    query = ITEMS
    for name in names:
        query = query.with_filter(name, ["x"])
    straight = ITEMS
    for name in sorted(names):
        straight = straight.with_filter(name, ["x"])
    assert query == straight
    assert hash(query) == hash(straight)
