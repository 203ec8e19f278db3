"""Offers from the pane: made, changed, ended, taken back, with the words for what buyers see meanwhile."""

from decimal import Decimal
from typing import NamedTuple

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.models.inventory import ListedCopy, Listing
from instica_desktop.core.query import Query
from instica_desktop.features.context import Context
from instica_desktop.features.edits import leaving_words, remember_edit, save_edit
from instica_desktop.features.inventory.listings import LEAVES, STILL_SEEN, ListingsTab
from instica_desktop.features.inventory.offer import OfferDialog
from instica_desktop.qtkit.dialogs import AskDialog
from instica_desktop.qtkit.widgets.badge import Badge
from instica_desktop.sync import Kind, OfferDraft
from tests.features.conftest import Desk, until


class Stage(NamedTuple):
    """A window with the tab in it, and the item shown."""

    home: QWidget
    tab: ListingsTab
    uid: str


async def stage(qtbot: QtBot, context: Context, status: str) -> Stage:
    """Return the tab showing an item of a status."""
    await until(lambda: context.shop.state.kind is Kind.ONLINE)
    results = context.shop.results(Query(Entity.ITEM).with_filter("status", [status]))
    results.open()
    await results.settled()
    row = results.row(0)
    assert row is not None
    results.close()
    home = QWidget()
    qtbot.addWidget(home)
    made = ListingsTab(context, home)
    QVBoxLayout(home).addWidget(made)
    home.resize(400, 600)
    home.show()
    made.show_row(row)
    return Stage(home, made, row.uid)


def current(made: ListingsTab, context: Context, uid: str) -> InventoryItem:
    row = context.shop.row(Entity.ITEM, uid)
    assert row is not None
    assert isinstance(row.data, InventoryItem)
    made.show_row(row)
    return row.data


def buttons(made: ListingsTab, name: str) -> list[QPushButton]:
    return [one for one in made.findChildren(QPushButton, name) if one.isVisibleTo(made)]


async def press(made: ListingsTab, name: str) -> None:
    await until(lambda: buttons(made, name), name)
    buttons(made, name)[-1].click()


async def dialog_of(made: ListingsTab) -> OfferDialog:
    await until(lambda: made.window().findChild(OfferDialog))
    found = made.window().findChild(OfferDialog)
    assert found is not None
    return found


def badges(made: ListingsTab) -> list[str]:
    return [badge.text for badge in made.findChildren(Badge) if badge.isVisibleTo(made)]


def words(made: ListingsTab) -> list[str]:
    return [label.text() for label in made.findChildren(QLabel) if label.isVisibleTo(made)]


async def test_an_item_is_put_on_offer_changed_and_taken_back_offline(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        on = await stage(qtbot, context, "ready-to-sell")
        made, uid = on.tab, on.uid
        context.shop.work_offline(True)
        before = current(made, context, uid).listings
        await press(made, "putOnOffer")
        dialog = await dialog_of(made)
        platform = dialog.platform.value
        dialog.price.setText("12,5,0")
        dialog.submit()
        assert dialog.fields["price_usd"].error
        assert dialog.focusWidget() is dialog.price
        dialog.price.setText("12.50")
        QTest.keyClick(dialog.price, Qt.Key.Key_Return)
        await until(lambda: context.shop.operations())
        offer = current(made, context, uid).listings[-1]
        assert (offer.platform, offer.status, offer.price_usd) == (platform, "waiting", Decimal("12.50"))
        await until(lambda: "Waits to be sent" in badges(made))

        await until(lambda: not made.window().findChild(OfferDialog))
        await press(made, "changeOffer")
        dialog = await dialog_of(made)
        assert not dialog.platform.isEnabled()
        dialog.price.setText("11")
        dialog.submit()
        await until(lambda: current(made, context, uid).listings[-1].price_usd == Decimal("11.00"))
        await press(made, "takeBack")
        await until(lambda: not context.shop.operations())
        assert current(made, context, uid).listings == before


async def test_an_end_that_waits_says_that_buyers_see_the_offer_still(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        on = await stage(qtbot, context, "listed")
        made, uid = on.tab, on.uid
        context.shop.work_offline(True)
        await press(made, "takeOff")
        await until(lambda: context.shop.operations())
        current(made, context, uid)
        await until(lambda: STILL_SEEN in words(made))
        await press(made, "keepOffer")
        await until(lambda: not context.shop.operations())
        current(made, context, uid)
        assert STILL_SEEN not in words(made)


async def test_an_item_that_is_sold_shows_and_says_that_its_offers_end(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        on = await stage(qtbot, context, "listed")
        made, uid = on.tab, on.uid
        before = current(made, context, uid).listings
        names = [offer.platform_name for offer in before if offer.status == "listed"]
        context.shop.work_offline(True)
        changes, shown = {"status": "sold"}, {"status": "listed"}
        edited, repriced = await save_edit(context, Entity.ITEM, uid, changes, shown)
        remember_edit(context, Entity.ITEM, uid, "Aja", edited, repriced)
        said = context.ui.undos[-1][0]  # pyright: ignore[reportAttributeAccessIssue]
        assert all(name in said for name in names)
        assert said.endswith((" offer ends.", " offers end."))
        current(made, context, uid)
        await until(lambda: badges(made).count("Ends when sent") == len(names))
        assert STILL_SEEN in words(made)
        assert not buttons(made, "keepOffer")  # it is the item that is to be kept
        assert not buttons(made, "takeOff")
        await context.undo.undo()
        assert (current(made, context, uid).listings, context.shop.operations()) == (before, [])


async def test_a_copy_leaves_an_offer_that_others_stay_in(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        on = await stage(qtbot, context, "listed")
        row = context.shop.row(Entity.ITEM, on.uid)
        assert row is not None
        assert isinstance(row.data, InventoryItem)
        offer = row.data.listings[0]
        for copies, badge, said in ((3, "Leaves when sent", LEAVES), (1, "Ends when sent", STILL_SEEN)):
            items = tuple(ListedCopy(uid=str(number)) for number in range(copies))
            going = msgspec.structs.replace(offer, status="ending", comes_back=True, items=items)
            data = msgspec.structs.replace(row.data, listings=(going,))
            on.tab.show_row(msgspec.structs.replace(row, data=data))
            await until(lambda badge=badge: badges(on.tab) == [badge])
            assert [one for one in words(on.tab) if one in (LEAVES, STILL_SEEN)] == [said]
            assert not any("copies share this offer" in one for one in words(on.tab))


def _offer(name: str, copies: int = 1, *, comes_back: bool = False) -> Listing:
    items = tuple(ListedCopy(uid=str(number)) for number in range(copies))
    return Listing(platform=name.lower(), platform_name=name, items=items, comes_back=comes_back)


@pytest.mark.parametrize(
    ("offers", "said"),
    [
        ((), ""),
        ((_offer("eBay"),), ""),
        ((_offer("eBay", comes_back=True),), "The eBay offer ends."),
        (
            (_offer("eBay", comes_back=True), _offer("Discogs", comes_back=True)),
            "The eBay and Discogs offers end.",
        ),
        (
            (_offer("Redbubble", comes_back=True),),
            "The Redbubble offer you end there by hand; Undo does not put it up there again.",
        ),
        (
            (_offer("eBay", 3, comes_back=True),),
            "The eBay offer goes on with 2 copies, as far as is known here.",
        ),
        (
            (_offer("eBay", 2, comes_back=True),),
            "The eBay offer goes on with 1 copy, as far as is known here.",
        ),
    ],
)
def test_what_a_sale_makes_of_offers_is_said_before(offers: tuple[Listing, ...], said: str) -> None:
    assert leaving_words(offers) == said


async def test_an_item_that_is_not_ready_says_when_it_can_be_offered(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        on = await stage(qtbot, context, "received")
        made = on.tab
        await until(lambda: any("Once the item is ready to sell" in text for text in words(made)))
        assert not made.findChildren(QPushButton, "putOnOffer")


async def test_the_keyboard_stays_among_the_offers_when_the_button_pressed_goes(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        home, tab, uid = await stage(qtbot, context, "ready-to-sell")
        offer = OfferDraft(platform="ebay", platform_name="eBay", price_usd=Decimal("21.00"))
        await context.shop.parts.offer(uid, offer)
        await until(lambda: not context.shop.operations())
        current(tab, context, uid)
        elsewhere = QPushButton("Elsewhere", home)
        layout = home.layout()
        assert layout is not None
        layout.addWidget(elsewhere)
        home.activateWindow()
        await until(lambda: buttons(tab, "takeOff"))
        button = buttons(tab, "takeOff")[-1]
        button.setFocus()
        assert home.focusWidget() is button
        context.shop.work_offline(True)
        button.click()
        await until(lambda: context.shop.operations())
        current(tab, context, uid)
        await until(lambda: home.focusWidget() is not button)
        focused = home.focusWidget()
        assert isinstance(focused, QPushButton)
        assert focused.objectName() == "keepOffer"
        context.shop.work_offline(False)
        await until(lambda: not context.shop.operations())
        current(tab, context, uid)
        focused = home.focusWidget()
        assert focused is tab or (focused is not None and tab.isAncestorOf(focused) and focused.isVisible())


async def test_what_is_typed_of_an_offer_is_asked_about_before_it_goes_and_outlives_a_kill(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        on = await stage(qtbot, context, "ready-to-sell")
        made, uid = on.tab, on.uid
        current(made, context, uid)
        await press(made, "putOnOffer")
        dialog = await dialog_of(made)
        QTest.keyClicks(dialog.title_field, "Rare pressing")
        other = dialog.platform.itemData(dialog.platform.count() - 1)
        dialog.platform.set_value(other)
        dialog.platform.chosen.emit(other)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: dialog.findChild(QPushButton, "ask_keep"), "the question")
        dialog.findChild(QPushButton, "ask_keep").click()  # pyright: ignore[reportOptionalMemberAccess]
        await until(lambda: not dialog.findChildren(AskDialog))
        assert (dialog.isVisible(), dialog.title_field.text()) == (True, "Rare pressing")
        dialog.done(0)  # as when the app is killed: nobody was asked
        await until(lambda: not made.window().findChild(OfferDialog))
    async with desk() as context:
        on = await stage(qtbot, context, "ready-to-sell")
        made = on.tab
        row = context.shop.row(Entity.ITEM, uid)
        assert row is not None
        made.show_row(row)
        await press(made, "putOnOffer")
        dialog = await dialog_of(made)
        assert (dialog.title_field.text(), dialog.platform.value) == ("Rare pressing", other)
        assert "here again" in " ".join(label.text() for label in dialog.findChildren(QLabel))
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: dialog.findChild(QPushButton, "ask_act"), "the question")
        dialog.findChild(QPushButton, "ask_act").click()  # pyright: ignore[reportOptionalMemberAccess]
        await until(lambda: not made.window().findChild(OfferDialog))
        await press(made, "putOnOffer")
        dialog = await dialog_of(made)
        assert dialog.title_field.text() == ""
        await until(dialog.isVisible)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)  # nothing is typed: it goes at once
        await until(lambda: not made.window().findChild(OfferDialog))
