"""The blocks of rows around where one looks: read once, dropped when unused longest, cleared exactly."""

from collections.abc import Sequence
from typing import Any, cast

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.store.cache import Cache
from instica_desktop.sync.window import BLOCK, BLOCKS, Window

IDS = range(1, BLOCK * (BLOCKS + 4) + 1)


class Reader:
    """A copy that notes which blocks are read."""

    def __init__(self) -> None:
        self.read: list[int] = []

    def rows(self, _entity: Entity, ids: Sequence[int]) -> list[Any]:
        self.read.append((ids[0] - 1) // BLOCK)
        return list(ids)


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def window(reader: Reader) -> Window:
    return Window(cast(Cache, reader), Entity.ITEM)


def look(window: Window, *blocks: int) -> None:
    for block in blocks:
        window.row(IDS, block * BLOCK + 3)


def test_what_was_unused_longest_is_dropped(window: Window, reader: Reader) -> None:
    look(window, *range(BLOCKS), 0, BLOCKS)  # all there is room for; the first once more; one too many
    reader.read.clear()
    look(window, 0, *range(2, BLOCKS), BLOCKS)
    assert reader.read == []
    look(window, 1)
    assert reader.read == [1]


def test_what_is_dropped_is_not_found_any_more(window: Window) -> None:
    look(window, *range(BLOCKS + 1))
    assert list(window.drop([IDS[3]])) == []
    assert list(window.drop([IDS[BLOCK + 3]])) == [(BLOCK + 3, BLOCK + 3)]


@pytest.mark.parametrize(
    ("first", "last", "again"),
    [
        (0, None, [0, 1, 2, 3]),
        (0, 0, [0]),
        (BLOCK - 1, BLOCK - 1, [0]),
        (BLOCK, BLOCK, [1]),
        (BLOCK - 1, BLOCK, [0, 1]),
        (BLOCK, 2 * BLOCK - 1, [1]),
        (BLOCK, 2 * BLOCK, [1, 2]),
        (3 * BLOCK, None, [3]),
        (3 * BLOCK - 1, None, [2, 3]),
    ],
)
def test_a_range_is_cleared_with_both_its_ends_and_nothing_else(
    window: Window, reader: Reader, first: int, last: int | None, again: list[int]
) -> None:
    look(window, 0, 1, 2, 3)
    reader.read.clear()
    window.clear(first, last)
    look(window, 0, 1, 2, 3)
    assert reader.read == again
