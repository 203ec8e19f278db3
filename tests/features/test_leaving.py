"""Many deletions on their way: shown from the first that is sent, summed up in one message at the end."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject

from instica_desktop.core.models.common import Entity
from instica_desktop.features.inventory.view import SPEC
from instica_desktop.features.lists.leaving import MANY, LeavingWork
from instica_desktop.sync import Leaving
from tests.features.conftest import Window


class Home(QObject):
    """A shop that tells how its deletions stand, and the window it is shown in."""

    def __init__(self) -> None:
        super().__init__()
        self.now = Leaving()
        self.ui = Window()
        shop = SimpleNamespace(leaving=self._leaving, on_state=[])
        self.work = LeavingWork(cast("Any", SimpleNamespace(shop=shop, ui=self.ui)), SPEC, self)

    def _leaving(self, entity: Entity) -> Leaving:
        return self.now if entity is Entity.ITEM else Leaving()

    def stand(self, **numbers: int) -> None:
        self.now = Leaving(**numbers)
        self.work.look()


@pytest.fixture
def home(qapp: object) -> Home:
    return Home()


def test_what_is_held_or_little_is_not_shown(home: Home) -> None:
    home.stand(left=600, held=600)
    home.stand(left=MANY)
    home.stand()
    assert (home.ui.works, home.ui.said, home.ui.problems) == ([], [], [])


def test_what_was_deleted_before_the_first_look_is_counted_too(home: Home) -> None:
    home.stand(left=600, held=600, deleted=10)
    home.stand(left=593, deleted=16, stuck=1)
    ((_, watch),) = home.ui.works
    told: list[tuple[int, int]] = []
    watch.told = lambda done, of: told.append((done, of))
    home.stand(left=500, deleted=110)
    assert told == [(100, 600)]
    home.stand(deleted=610)
    assert home.ui.said == ["600 items are deleted on the server."]


def test_refusals_are_counted_in_one_message_with_a_way_to_them(home: Home) -> None:
    home.stand(left=600, stuck=4, deleted=10)
    ((words, watch),) = home.ui.works
    assert words == "Deleting items on the server"
    told: list[tuple[int, int]] = []
    watch.told = lambda done, of: told.append((done, of))
    home.stand(left=400, stuck=24, deleted=190)
    home.stand(left=500, stuck=24, deleted=190)  # more are deleted meanwhile
    home.stand(stuck=93, deleted=621)
    assert told == [(200, 600), (200, 700)]
    (problem,) = home.ui.problems
    assert "611 of 700 items are deleted, 89 could not be" in str(problem)
    assert "Activity (F8)" in str(problem)
    assert home.ui.said == []


def test_the_end_is_said_and_what_was_taken_back_is_not_said_to_be_deleted(home: Home) -> None:
    home.stand(left=600)
    home.stand(left=300, deleted=300)
    home.stand(deleted=300)  # the rest was taken back
    assert home.ui.said == ["300 items are deleted on the server."]
    home.stand(left=60, deleted=300)
    home.stand(deleted=300)
    assert len(home.ui.said) == 1
    assert home.ui.problems == []
