"""The copying of the shop as the panel and the status bar tell it."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.features import mirror_words
from instica_desktop.features.activity.mirror_row import MirrorRow
from instica_desktop.sync.mirror import MirrorState, Part
from tests.features.conftest import Desk, until

NOTHING = Part()


def state(item: Part, *, running: bool = True, paused: bool = False, message: str = "") -> MirrorState:
    done = Part(done=7, of=7, complete=True)
    parts = {Entity.ITEM: item, Entity.PRODUCT: done, Entity.ORDER: done}
    return MirrorState(parts=parts, running=running, paused=paused, message=message)


@pytest.mark.parametrize(
    ("shown", "title", "sentence", "share", "here"),
    [
        (
            state(Part(done=600, of=1250, scanning=True)),
            "Copying the shop to this computer",
            "600 of 1,250 items",
            "Copying 48 %",
            "600 of 1,250 items on this computer",
        ),
        (
            state(Part(done=600, of=1250, scanning=True), message="The server is slow."),
            "Copying the shop to this computer",
            "The server is slow.",
            "Copying 48 %",
            "600 of 1,250 items on this computer",
        ),
        (
            state(Part(done=600, of=1250, scanning=True), running=False, paused=True),
            "Copying to this computer is paused",
            "What is here stays. What is not is read from the server when you look at it.",
            "",
            "600 of 1,250 items on this computer",
        ),
        (
            state(Part(done=1, of=1, complete=True, asks=True)),
            "The server has no items any more",
            "This computer still has 1 item. Remove them only if you emptied the shop yourself.",
            "",
            "1 item on this computer",
        ),
    ],
)
def test_words(shown: MirrorState, title: str, sentence: str, share: str, here: str) -> None:
    assert mirror_words.title(shown) == title
    assert mirror_words.sentence(shown) == sentence
    assert mirror_words.share_words(shown) == share
    assert mirror_words.here_words(shown, 1) == here


def test_what_is_not_counted_yet_is_still_to_come() -> None:
    counting = MirrorState(
        parts={Entity.ITEM: Part(done=9, of=9, complete=True), Entity.ORDER: Part()}, running=True
    )
    assert mirror_words.share_words(counting) == "Copying 99 %"
    assert mirror_words.sentence(counting) == "The rest is being counted"


def test_a_copy_that_is_whole_is_worth_no_words() -> None:
    whole = state(Part(done=12_408, of=12_408, complete=True, scanning=True))
    assert mirror_words.title(whole) == ""
    assert mirror_words.share_words(whole) == ""
    assert mirror_words.here_words(whole, 12_407) == "12,407 items on this computer"


async def test_the_row_appears_pauses_and_goes(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    async with desk() as context:
        row = MirrorRow(context.shop)
        qtbot.addWidget(row)
        assert row.isHidden()
        context.shop.on_state.append(row.show_state)
        context.shop.mirror.start()
        await until(lambda: not row.isHidden())
        assert row.title.text() == "Copying the shop to this computer"
        QTest.mouseClick(row.pause, Qt.MouseButton.LeftButton)
        assert context.shop.mirror.state.paused
        assert row.pause.text() == row.pause.accessibleName() == "Go on"
        assert row.accessibleName().startswith("Copying to this computer is paused")
        QTest.mouseClick(row.pause, Qt.MouseButton.LeftButton)
        await context.shop.mirror.settled()
        assert row.isHidden()
        context.shop.on_state.remove(row.show_state)
