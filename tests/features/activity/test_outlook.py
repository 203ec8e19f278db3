"""Why edits wait, in words, and the button that is the way out; and that the button of Activity does it."""

import dataclasses
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.ages import clock, utc_now
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.core.query import Query
from instica_desktop.features.activity.groups import summary
from instica_desktop.features.activity.outlook import FREE, RESTORED, STUCK, Outlook, outlook
from instica_desktop.qtkit.dialogs import AskDialog
from instica_desktop.sync import Connection, Kind
from tests.features.activity.stage import POPUPS, stage, words_on
from tests.features.activity.test_groups import operation
from tests.features.conftest import Desk, until
from tests.server.fixture import RunningServer
from tests.support.fault_proxy import Answer, FaultProxy

NOW = utc_now()
REMOTE = Account(id="a", base_url="https://shop.example", label="Northside", kind=AccountKind.REMOTE)
LOCAL = msgspec.structs.replace(REMOTE, kind=AccountKind.LOCAL)


@pytest.mark.parametrize(
    ("kind", "when"),
    [
        (Kind.OFFLINE, "when the server answers again"),
        (Kind.TROUBLE, "when the server answers again"),
        (Kind.SIGNED_OUT, "once you connect with a valid key"),
        (Kind.OTHER_ACCOUNT, "once you connect with the key of Northside"),
        (Kind.PLAN_LAPSED, "once the plan covers changes again"),
        (Kind.CAPTIVE, "once you have signed in to this network"),
        (Kind.CONNECTING, "as soon as the server answers"),
    ],
)
def test_each_state_says_until_when_and_does_not_offer_to_send(kind: Kind, when: str) -> None:
    assert outlook(Connection(kind, NOW), REMOTE) == Outlook(when)
    at_home = outlook(Connection(kind, NOW), LOCAL)
    assert "the server answers" in at_home.when  # it has no key, no plan and no page


def test_what_the_user_chose_comes_before_what_the_network_does() -> None:
    online = Connection(Kind.ONLINE, NOW)
    assert outlook(online, REMOTE) == FREE
    manual = msgspec.structs.replace(online, manual=True, kind=Kind.OFFLINE)
    assert outlook(manual, REMOTE) == Outlook("once you go online again")
    assert outlook(manual, REMOTE, restored=True) == RESTORED
    assert outlook(online, REMOTE, stuck=True) == STUCK
    assert outlook(manual, REMOTE, stuck=True).when == "once you go online again"
    later = NOW + timedelta(minutes=2)
    paused = outlook(online, REMOTE, pause=later)
    assert paused == Outlook(f"at {clock(later)}: the server asked for a pause")
    connecting = Connection(Kind.CONNECTING, NOW)  # no look at the server goes out before the pause is over
    full = outlook(online, REMOTE, full=later)
    assert (full.when.partition(":")[0], full.step) == ("once the server has room for them", "send")
    assert outlook(connecting, REMOTE, pause=later) == paused


def test_one_edit_is_spoken_of_as_one() -> None:
    assert summary([operation()], RESTORED.when).endswith(
        "goes out once you have looked through it and say so."
    )


@POPUPS
async def test_why_nothing_is_sent_is_said_and_what_was_restored_goes_out_from_here(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=70) as on:
        shop = on.context.shop
        shop.work_offline(True)
        await on.edit(location="Q-70-01")
        backup = await shop.care.back_up()
        on.open()
        said = "1 edit is kept on this computer and goes out once you go online again."
        assert said in words_on(on.popover)
        assert not on.popover.send.isVisible()
        await shop.care.restore(backup.path)
        shop.work_offline(False)
        await until(lambda: shop.state.can_send)
        await until(lambda: on.popover.send.text() == "Send them")
        assert len(shop.operations()) == 1
        row = next(row for row in on.rows() if row.isVisible())
        QTest.keyClick(row, Qt.Key.Key_Delete)  # what came back can be dropped before it is sent
        await until(lambda: on.home.findChildren(AskDialog))
        ask = on.home.findChild(AskDialog)
        assert ask is not None
        assert any("If it reached the server before" in words for words in words_on(ask))
        ask.reject()
        await until(lambda: not on.home.findChildren(AskDialog))
        on.open()
        QTest.mouseClick(on.popover.send, Qt.MouseButton.LeftButton)
        await until(lambda: not shop.operations(), "sent after the word")


async def test_a_server_that_wants_a_pause_gets_one(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with FaultProxy(seeded.port) as proxy:
        slowed = dataclasses.replace(seeded, base_url=proxy.url)
        async with desk(server=slowed) as context:
            shop = context.shop
            await until(lambda: shop.state.can_send)
            results = shop.results(Query(Entity.ITEM))
            results.open()
            await until(lambda: results.row(75))
            row = results.row(75)
            assert row is not None
            results.close()
            proxy.answer("PATCH ", Answer(429, {"Retry-After": "600"}), times=99)
            await shop.edit(Entity.ITEM, row.uid, {"location": "Q-75-01"})
            await until(lambda: shop.pause and shop.operations()[0].state is OpState.RETRY, "the pause")
            await shop.discard(shop.operations()[0].uuid)
