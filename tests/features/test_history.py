"""The history of a record on screen: what was sent, and what was not kept, with the reason and the time."""

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit
from instica_desktop.core.query import Query
from instica_desktop.features.context import Context
from instica_desktop.features.history import REASONS, HistoryLine, HistoryList, change_words
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.orders.detail import OrderDetail
from instica_desktop.features.products.detail import ProductDetail
from instica_desktop.store.settlement import Note, Settlement
from tests.features.conftest import Desk, until
from tests.features.test_accessible import unnamed


@pytest.mark.parametrize(
    ("field", "before", "value", "words"),
    [
        ("price_item_usd", "28.00", "23.00", "Item price: 28.00 → 23.00"),
        ("location", "", "A-1", "Shelf: none → A-1"),
        ("tags", ["jazz"], [], "Tags: jazz → none"),
        ("condition_notes", "Long before.", "Long after.", "Notes: Long after."),
        ("acquired_at", "2025-01-01T12:00:00Z", None, "Acquired: 1 Jan 2025 → none"),
        ("artist", {"uid": "a", "name": "Nico"}, {"name": "Neu!"}, "Artist: Nico → Neu!"),
        ("add_photo", None, "New photo front.jpg", "Photo: New photo front.jpg"),
        (
            "new_item",
            None,
            {"condition_item": "vg_plus", "location": "A-1"},
            "New item: Item grade VG+, Shelf A-1",
        ),
        ("uploadable_to_redbubble", False, True, "Uploadable to redbubble: no → yes"),
    ],
)
def test_a_change_is_told_in_words(field: str, before: Any, value: Any, words: str) -> None:
    assert change_words(field, before, value) == words


@pytest.fixture
def home(qtbot: QtBot) -> QWidget:
    """Return the window the widgets stand in."""
    made = QWidget()
    made.resize(420, 900)
    qtbot.addWidget(made)
    return made


async def a_row(context: Context, entity: Entity) -> RecordRow:
    results = context.shop.results(Query(entity))
    results.open()
    await until(lambda: results.row(0))
    row = results.row(0)
    results.close()
    assert row is not None
    return row


async def tell(context: Context, row: RecordRow, entity: Entity, *told: tuple[str, Any, str]) -> None:
    """Put entries into the history, as decisions do."""
    notes = tuple(
        Note(entity, row.uid, Edit(field, "before", value), reason) for field, value, reason in told
    )
    await context.shop._store.outbox.settle(Settlement(notes=notes))  # pyright: ignore[reportPrivateUsage]


def words_in(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]


async def test_each_entry_says_why_and_when_and_long_text_opens(home: QWidget, desk: Desk) -> None:
    async with desk() as context:
        row = await a_row(context, Entity.ITEM)
        told = [("location", f"value of {reason}", reason) for reason in REASONS]
        await tell(context, row, Entity.ITEM, *told, ("condition_notes", "many words " * 90, "dropped"))
        found = HistoryList(context, Entity.ITEM, "itemHistory", home)
        found.show_row(row)
        assert found.fill() == len(REASONS) + 1
        words = words_in(found)
        today = f"{datetime.now(UTC).astimezone():%b %Y}"
        for reason, said in REASONS.items():
            at = words.index(f"Shelf: before → value of {reason}")
            assert today in words[at + 1]
            assert words[at + 1].endswith(said)
        line = found.findChildren(HistoryLine)[0]
        assert len(line.said.text()) < 400
        line.more.click()
        assert line.said.text().count("many words") == 90
        assert unnamed(found) == []


async def test_products_have_a_history(home: QWidget, desk: Desk) -> None:
    async with desk() as context:
        row = await a_row(context, Entity.PRODUCT)
        detail = ProductDetail(context, home)
        detail.show_row(row)
        detail.tabs.set_value("history")
        home.show()
        await tell(context, row, Entity.PRODUCT, ("country", "DE", "theirs was kept"))
        assert detail.history.fill() == 1
        assert "Country: before → DE" in words_in(detail.history)
        detail.focus_first()
        assert detail.tabs.value == "details"


async def test_an_order_shows_its_edits_only_when_there_are_any(home: QWidget, desk: Desk) -> None:
    async with desk() as context:
        row = await a_row(context, Entity.ORDER)
        detail = OrderDetail(context, home)
        detail.show_row(row)
        card = detail.findChild(QWidget, "orderEdits")
        assert card is not None
        assert card.isHidden()
        await tell(context, row, Entity.ORDER, ("buyer_note", "a note", "mine was kept"))
        detail.show_row(row)
        assert not card.isHidden()
        assert any("a note" in words for words in words_in(card))
