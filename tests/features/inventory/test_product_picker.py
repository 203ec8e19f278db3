"""What Enter takes while the list of products is filled anew: what was marked, or nothing."""

from typing import Any, cast

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models import Product
from instica_desktop.core.query import Query
from instica_desktop.features.context import Context
from instica_desktop.features.making.product_picker import ProductPicker
from instica_desktop.qtkit.images import ImageLoader


class Row(msgspec.Struct):
    """A row as a feed has it."""

    uid: str
    data: Product


class Found:
    """What was found: this computer's part first, the server's answer when the test says so."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.listeners: list[Any] = []
        self.loading = True
        self.uids: list[str] = []

    @property
    def ids(self) -> list[str]:
        return self.uids

    def open(self) -> None: ...
    def close(self) -> None: ...

    def row(self, at: int) -> Row:
        return Row(self.uids[at], Product(uid=self.uids[at], title=self.uids[at]))

    def index_of(self, uid: str) -> int | None:
        return self.uids.index(uid) if uid in self.uids else None

    def answer(self, *uids: str, loading: bool = False) -> None:
        self.uids, self.loading = list(uids), loading
        for listener in self.listeners:
            listener(None)


class Desk:
    """The picker and what it finds."""

    def __init__(self, qtbot: QtBot) -> None:
        self.found: list[Found] = []
        self.parent = QWidget()
        qtbot.addWidget(self.parent)
        images = ImageLoader(cast(Any, None), self.parent)
        fake = type("Fake", (), {"shop": self, "images": images})()
        self.picker = ProductPicker(cast(Context, fake), self.parent)
        self.taken: list[str] = []
        self.picker.chosen.connect(self._chosen)
        self.picker.new_asked.connect(self._new)
        self.picker.look("kind")
        self.picker.search.edit.setText("kind")

    def results(self, query: Query) -> Found:
        self.found.append(Found(query))
        return self.found[-1]

    def _chosen(self, product: Product) -> None:
        self.taken.append(product.uid)

    def _new(self, text: str) -> None:
        self.taken.append(f"new {text}")

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.picker.search.edit, key)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_enter_takes_what_was_marked_wherever_it_stands_now(desk: Desk) -> None:
    desk.found[0].answer("a", "b", "c", loading=True)
    desk.press(Qt.Key.Key_Down)
    desk.found[0].answer("x", "y", "a", "b")
    desk.press(Qt.Key.Key_Return)
    assert desk.taken == ["b"]


def test_what_is_marked_stays_in_the_list_while_it_is_found_further_down(desk: Desk) -> None:
    desk.found[0].answer("a", loading=True)
    desk.found[0].answer(*"uvwxyz", "a")
    assert [product.uid for product in desk.picker.products()] == [*"uvwxy", "a"]
    desk.press(Qt.Key.Key_Return)
    assert desk.taken == ["a"]


def test_where_it_is_not_found_any_more_enter_takes_nothing(desk: Desk) -> None:
    desk.found[0].answer("a", "b", loading=True)
    desk.found[0].answer("x", "y")
    desk.press(Qt.Key.Key_Return)
    assert desk.taken == []
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Return)
    assert desk.taken == ["x"]


def test_the_line_for_a_new_one_gives_way_unless_it_was_gone_to(desk: Desk) -> None:
    desk.found[0].answer("a")
    desk.press(Qt.Key.Key_Return)
    assert desk.taken == ["a"]
    desk.press(Qt.Key.Key_Up)
    desk.found[0].answer("x", "a", "b")
    desk.press(Qt.Key.Key_Return)
    assert desk.taken == ["a", "new kind"]


def test_another_text_begins_at_its_first_find(desk: Desk) -> None:
    desk.found[0].answer("a", "b")
    desk.press(Qt.Key.Key_Down)
    desk.picker.look("other")
    desk.found[1].answer("b", "c", "a")
    assert desk.picker.list.currentRow() == 0


def test_nothing_is_looked_for_once_a_product_was_taken(qtbot: QtBot, desk: Desk) -> None:
    """What was typed may be told of only later: then nobody looks any more, and nobody would stop it."""
    QTest.keyClicks(desk.picker.search.edit, "s")
    desk.picker.let_go()
    with qtbot.waitSignal(desk.picker.search.text_changed):
        pass
    assert [found.query.search for found in desk.found] == ["kind"]
