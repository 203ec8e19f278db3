"""What decisions about stuck edits make of the steps: the newest one leads to what stood on the server."""

from typing import Any

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.decided import Decided, Fate, after
from instica_desktop.core.models.common import Entity

PRICE = "price_item_usd"


def edit(uid: str, before: Any, left: Any, field: str = PRICE) -> Act:
    return Act(kind=ActKind.EDIT, entity=Entity.ITEM, uid=uid, before={field: before}, after={field: left})


def revised(uid: str, before: Any, left: Any) -> Act:
    was, is_ = {"price_usd": before}, {"price_usd": left}
    return Act(kind=ActKind.REVISED, entity=Entity.ITEM, uid=uid, part="offer", before=was, after=is_)


def step(*acts: Act) -> Step:
    return Step(words="price", acts=acts)


def decided(*fates: Fate) -> Decided:
    return Decided(entity=Entity.ITEM, uid="a", fates=fates)


OLDER = step(edit("b", 1, 2))


def test_an_edit_that_won_is_what_is_taken_back_next() -> None:
    won = step(edit("a", 1, 2), revised("a", 1, 2))
    done, undone = after([won, OLDER], [], decided(Fate(PRICE, 1, 2, 9, 2)), str)
    assert (done[0], undone) == (OLDER, [])
    assert done[1].key == won.key
    assert done[1].acts == (edit("a", 9, 2), revised("a", 1, 2))


def test_an_edit_stays_under_what_stands_on_it() -> None:
    won = step(edit("a", 1, 2))
    gone = step(Act(kind=ActKind.DELETE, entity=Entity.ITEM, uid="a"))
    done, _ = after([won, gone], [], decided(Fate(PRICE, 1, 2, 9, 2)), str)
    assert [one.key for one in done] == [won.key, gone.key]


def test_an_undo_that_won_is_taken_back_to_what_stood_on_the_server_with_its_offers() -> None:
    undone_once = step(edit("a", 1, 2), revised("a", 1, 2), edit("c", 1, 2))
    done, undone = after([OLDER], [undone_once], decided(Fate(PRICE, 2, 1, 9, 1)), str)
    assert done[0] == OLDER
    assert done[1].acts == (edit("a", 9, 1), revised("a", 2, 1))
    assert done[1].key != undone_once.key
    assert [one.acts for one in undone] == [(edit("c", 1, 2),)]


def test_of_an_undo_of_several_fields_only_the_one_decided_about_is_new() -> None:
    two = Act(
        kind=ActKind.EDIT,
        entity=Entity.ITEM,
        uid="a",
        before={"location": "A", PRICE: 1},
        after={"location": "B", PRICE: 2},
    )
    done, undone = after([OLDER], [step(two)], decided(Fate(PRICE, 2, 1, 9, 5)), str)
    assert done[-1].acts == (edit("a", 9, 5),)
    assert [one.acts for one in undone] == [(edit("a", "A", "B", "location"),)]


def test_several_undos_at_once_are_one_that_is_taken_back() -> None:
    first, second = step(edit("a", 1, 2)), step(edit("a", 2, 3))
    done, undone = after([OLDER], [second, first], decided(Fate(PRICE, 3, 1, 9, 1)), str)
    assert ([one.acts for one in done[1:]], undone) == ([(edit("a", 9, 1),)], [])


def test_of_an_undo_that_lost_nothing_is_left() -> None:
    done, undone = after([OLDER], [step(edit("a", 1, 2))], decided(Fate(PRICE, 2, 1, 9, 9)), str)
    assert (done, undone) == ([OLDER], [])
