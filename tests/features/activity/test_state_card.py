"""The connection on its card: what it says, what its buttons ask for, and that it follows the shop."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instica_desktop.core.ages import utc_now
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.features.activity.state_card import StateCard
from instica_desktop.features.activity.view import WIDTH
from instica_desktop.features.context import Context
from instica_desktop.features.standing import LABELS, Way
from instica_desktop.sync import Connection, Kind
from tests.features.conftest import Desk, until


class Fixed:
    """A shop that stands as told, for states that take long to bring about."""

    def __init__(self, state: Connection) -> None:
        self.state = state
        self.held = False
        self.pause = self.full = None

    def as_of(self, entity: Entity) -> None:
        """Nothing was read."""


def card_of(context: Context, qtbot: QtBot, state: Connection | None = None) -> StateCard:
    if state is not None:
        context.shop = Fixed(state)  # pyright: ignore[reportAttributeAccessIssue]
    card = StateCard(context, None)  # pyright: ignore[reportArgumentType]
    qtbot.addWidget(card)
    card.setFixedWidth(WIDTH)
    card.show_state()
    card.show()
    return card


def shown(card: StateCard) -> list[Way]:
    return [way for way, button in card.buttons.items() if button.isVisible()]


async def test_it_says_online_and_how_old_what_is_shown_is(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        await until(lambda: context.shop.state.kind is Kind.ONLINE)
        results = context.shop.results(Query(Entity.ITEM))
        results.open()
        await until(lambda: context.shop.as_of(Entity.ITEM))
        card = card_of(context, qtbot)
        assert card.title.text() == "Online"
        assert card.age.text().startswith("Age of what is shown: items ")
        results.close()


async def test_working_offline_offers_the_way_back(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        context.shop.work_offline(True)
        card = card_of(context, qtbot)
        assert card.title.text() == "Working offline"
        assert shown(card) == [Way.GO_ONLINE]
        assert card.age.text() == "Nothing was read yet."


@pytest.mark.parametrize("kind", [one for one in Kind if one is not Kind.CONNECTING])
async def test_each_button_asks_for_its_way(qtbot: QtBot, desk: Desk, kind: Kind) -> None:
    async with desk(online=False) as context:
        real = context.shop
        card = card_of(context, qtbot, Connection(kind, utc_now(), wait=24.0, next_try=utc_now()))
        asked: list[Way] = []
        card.way_wanted.connect(asked.append)
        for way in shown(card):
            QTest.mouseClick(card.buttons[way], Qt.MouseButton.LeftButton)
        assert asked == shown(card)
        assert asked
        assert all(card.buttons[way].accessibleName() == LABELS[way] for way in asked)
        context.shop = real


async def test_it_changes_with_the_state_and_keeps_its_buttons_apart(qtbot: QtBot, desk: Desk) -> None:
    async with desk(online=False) as context:
        real = context.shop
        captive = Connection(Kind.CAPTIVE, utc_now(), wait=24.0, next_try=utc_now())
        card = card_of(context, qtbot, captive)
        assert shown(card) == [Way.TRY_NOW, Way.NETWORK_PAGE]
        assert card.next_try.text() == "Trying now"
        context.shop = Fixed(msgspec.structs.replace(captive, kind=Kind.SIGNED_OUT))  # pyright: ignore[reportAttributeAccessIssue]
        card.show_state()
        assert card.title.text() == "Signed out"
        assert shown(card) == [Way.TRY_NOW, Way.CONNECT_AGAIN]
        context.shop = real
