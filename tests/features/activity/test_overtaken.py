"""A question that is overtaken while it is open says what happened, and never that something was saved."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.core.query import Query
from instica_desktop.features.activity.conflict import ConflictDialog
from instica_desktop.features.activity.gone import GONE_TOO
from instica_desktop.features.activity.settling import KEPT, MOVED_ON
from instica_desktop.features.marks import mark_of
from instica_desktop.features.panes import saved_words
from instica_desktop.qtkit.dialogs import AskDialog
from instica_desktop.qtkit.text import Label
from instica_desktop.sync import ShipmentDraft
from tests.features.activity.stage import POPUPS, Stage, deleted_elsewhere, stage, words_on
from tests.features.conftest import Desk, until
from tests.server.fixture import RunningServer
from tests.sync.test_photos import picture

pytestmark = POPUPS


def dialogs_on(on: Stage) -> list[ConflictDialog]:
    return [one for one in on.home.findChildren(ConflictDialog) if one.isVisible()]


async def asked(on: Stage) -> AskDialog:
    await until(lambda: on.home.findChildren(AskDialog), "the question")
    dialog = on.home.findChild(AskDialog)
    assert dialog is not None
    return dialog


async def put_back(on: Stage) -> None:
    """Make another item in the place of the deleted one: other tests count them."""
    product = on.items[0].product
    assert product is not None
    await on.other.inventory.create({"product": product.uid})


def press(dialog: QWidget, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None
    button.click()


async def test_an_edit_dropped_while_it_is_decided_is_not_said_to_be_saved(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=80) as on:
        await on.conflict()
        await on.context.shop.discard(on.context.shop.operations()[0].uuid)
        await until(lambda: not dialogs_on(on), "the dialog goes")
        await until(lambda: on.window.said)
        assert "dropped meanwhile" in on.window.said[0]
        assert not any("Saved" in words for words in on.window.said)


async def test_an_edit_solved_elsewhere_while_it_is_decided_is_told(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=84) as on:
        await on.conflict()
        await on.edit(location="C-99-99", condition_notes="As I wrote it in the pane.")
        await until(lambda: not dialogs_on(on), "the dialog goes")
        await until(lambda: on.window.said)
        assert not any("Saved" in words for words in on.window.said)
        await until(lambda: not on.context.shop.operations())
        assert (await on.stored()).location == "C-99-99"


async def test_the_dialog_follows_the_servers_value(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with stage(qtbot, desk, seeded, first=88) as on:
        first = await on.conflict()
        notes = next(field for field in first.fields if field.field == "condition_notes")
        notes.write_own()
        assert notes.own is not None
        notes.own.put_text("Written here, and not to be lost.")
        await on.elsewhere(location="D-20-20")
        await on.context.shop.refresh(Entity.ITEM, on.items[0].uid)
        await until(lambda: dialogs_on(on) and dialogs_on(on)[0] is not first, "the news")
        (dialog,) = dialogs_on(on)
        assert dialog.news.message == MOVED_ON
        assert not dialog.news.isHidden()
        shelf, notes = dialog.fields
        assert shelf.theirs.accessibleName().endswith("D-20-20") or "D-20-20" in " ".join(words_on(dialog))
        assert notes.own is not None
        assert (notes.side, notes.own.text()) == ("own", "Written here, and not to be lost.")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: not dialogs_on(on))
        assert on.window.said == []
        assert on.context.shop.operations()[0].theirs["location"] == "D-20-20"


async def test_what_changed_unseen_is_asked_about_before_it_is_saved(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=92) as on:
        first = await on.conflict()
        await on.elsewhere(location="D-30-30")  # nobody has read it here
        first.keep_mine()
        first.save.click()
        await until(lambda: dialogs_on(on) and dialogs_on(on)[0] is not first, "asked again")
        (dialog,) = dialogs_on(on)
        assert on.window.said == []
        assert (await on.stored()).location == "D-30-30"
        dialog.keep_theirs()
        dialog.save.click()
        await until(lambda: on.window.said == [KEPT])
        await until(lambda: not on.context.shop.operations())
        assert (await on.stored()).location == "D-30-30"


async def test_two_who_come_to_agree_leave_nothing_to_decide(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=96) as on:
        await on.conflict()
        mine = on.context.shop.operations()[0]
        await on.elsewhere(**{edit.field: edit.new for edit in mine.edits if edit.field != "manual_sku"})
        await on.context.shop.refresh(Entity.ITEM, on.items[0].uid)
        await until(lambda: not dialogs_on(on), "the dialog goes")
        await until(lambda: on.window.said)
        assert "Saved" not in on.window.said[0]
        await until(lambda: not on.context.shop.operations(), "it goes out by itself")


async def test_a_parcel_that_came_too_late_is_decided_in_words(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=0) as on:
        shop = on.context.shop
        results = shop.results(Query(Entity.ORDER).with_filter("status", ["awaiting_shipment"]))
        results.open()
        await until(lambda: results.row(0) and not results.loading)
        row = results.row(0)
        results.close()
        assert row is not None
        shop.work_offline(True)
        await shop.ship(row.uid, ShipmentDraft(carrier="usps", tracking_number="MINE-20"))
        await on.other.orders.add_shipment(row.uid, {"carrier": "dhl", "tracking_number": "THEIRS-20"})
        shop.work_offline(False)
        await until(lambda: [one.state for one in shop.operations()] == [OpState.CONFLICT])
        on.open()
        (shown,) = on.rows()
        assert shown.shown.acts == ("resolve",)
        QTest.keyClick(shown, Qt.Key.Key_Return)
        dialog = await asked(on)
        words = " ".join(words_on(dialog))
        other = (await on.other.orders.get(row.uid)).record.data
        whose = f"order {other.order_id} of {other.buyer_name}"
        assert dialog.windowTitle() == f"Somebody else was at {whose}"
        assert "DHL THEIRS-20" in words
        assert "MINE-20" in words
        assert dialog.focusWidget().objectName() == "ask_drop"
        await on.other.orders.add_shipment(row.uid, {"carrier": "ups", "tracking_number": "THEIRS-21"})
        press(dialog, "ask_act")
        await until(lambda: [one.state for one in shop.operations()] == [OpState.CONFLICT])
        await until(lambda: "THEIRS-21" in str(shop.operations()[0].theirs), "asked about the next one too")
        on.open()
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Return)
        await until(
            lambda: any("THEIRS-21" in " ".join(words_on(d)) for d in on.home.findChildren(AskDialog))
        )
        press(on.home.findChildren(AskDialog)[-1], "ask_drop")
        await until(lambda: on.window.undos, "the drop is said, with its undo")
        assert shop.operations() == []
        (dropped,) = on.window.undos
        assert dropped[0].startswith("Dropped: ")
        await on.context.undo.undo()
        assert [one.state for one in shop.operations()] == [OpState.CONFLICT]
        await on.context.undo.redo()
        assert shop.operations() == []
        numbers = [one.tracking_number for one in await on.other.orders.list_shipments(row.uid)]
        assert sorted(map(str, numbers)) == ["THEIRS-20", "THEIRS-21"]
        for parcel in await on.other.orders.list_shipments(row.uid):
            await on.other.orders.delete_shipment(row.uid, parcel.uid)


async def shared(on: Stage, number: str) -> tuple[str, str]:
    """Ship an order here and another one elsewhere with one number; returns both uids once it is asked."""
    shop = on.context.shop
    results = shop.results(Query(Entity.ORDER).with_filter("status", ["awaiting_shipment"]))
    results.open()
    await until(lambda: results.row(1) and not results.loading)
    rows = [results.row(at) for at in range(2)]
    results.close()
    ours, theirs = [row.uid for row in rows if row]
    shop.work_offline(True)
    await shop.ship(ours, ShipmentDraft(carrier="usps", tracking_number=number))
    await on.other.orders.add_shipment(theirs, {"carrier": "usps", "tracking_number": number})
    shop.work_offline(False)
    await until(lambda: [one.state for one in shop.operations()] == [OpState.CONFLICT])
    return ours, theirs


async def unshipped(on: Stage, *uids: str) -> None:
    for uid in uids:
        for parcel in await on.other.orders.list_shipments(uid):
            await on.other.orders.delete_shipment(uid, parcel.uid)


async def question(on: Stage) -> AskDialog:
    on.open()
    (shown,) = on.rows()
    assert shown.shown.acts == ("resolve",)
    assert "also on order" in shown.shown.lines[1]
    QTest.keyClick(shown, Qt.Key.Key_Return)
    return await asked(on)


async def test_a_number_on_another_order_is_decided_in_words(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=0) as on:
        shop = on.context.shop
        ours, theirs = await shared(on, "MINE-30")
        dialog = await question(on)
        other = (await on.other.orders.get(theirs)).record.data
        words = " ".join(words_on(dialog))
        assert f"order {other.order_id} of {other.buyer_name}, to another address" in words
        assert "MINE-30" in words
        assert dialog.focusWidget().objectName() == "ask_change"
        press(dialog, "ask_change")
        await until(lambda: on.window.visited == [("orders", ours, "")], "the order")
        assert "Change" in on.window.said[-1]
        assert [one.state for one in shop.operations()] == [OpState.CONFLICT]
        mine = (await on.other.orders.get(ours)).record.data
        name = f"order {mine.order_id} of {mine.buyer_name}"
        dialog = await question(on)
        assert dialog.windowTitle() == f"The number for {name} is on another order too"
        assert on.context.undo.next_undo is None, "it was noted before this start"
        press(dialog, "ask_act")
        await until(lambda: not shop.operations(), "sent")
        goes = f"The parcel for {name} goes out as soon as the server answers."
        await until(lambda: on.window.unsaid == [goes], "it went out")
        assert on.window.said[-2:] == [goes, f"The parcel for {name} is noted on the server."]
        numbers = [one.tracking_number for one in await on.other.orders.list_shipments(ours)]
        assert numbers == ["MINE-30"]
        on.context.undo_last()
        await until(lambda: on.window.said[-1] == f"Undone: shipping of {name}")
        await until(lambda: not shop.operations(), "taken back")
        assert await on.other.orders.list_shipments(ours) == ()
        await unshipped(on, ours, theirs)


async def test_a_parcel_with_the_number_of_another_order_can_be_dropped(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=0) as on:
        ours, theirs = await shared(on, "MINE-31")
        press(await question(on), "ask_drop")
        await until(lambda: on.window.undos, "the drop is said, with its undo")
        assert on.context.shop.operations() == []
        assert await on.other.orders.list_shipments(ours) == ()
        await unshipped(on, theirs)


async def test_a_price_of_what_was_sold_meanwhile_is_decided_in_words(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=4, status="listed") as on:
        shop = on.context.shop
        shop.work_offline(True)
        await on.edit(price_item_usd="77.00")
        await on.elsewhere(status="sold")
        shop.work_offline(False)
        await until(lambda: [one.state for one in shop.operations()] == [OpState.CONFLICT])
        on.open()
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Return)
        dialog = await asked(on)
        assert "It is sold." in " ".join(words_on(dialog))
        press(dialog, "ask_act")
        await until(lambda: not shop.operations())
        assert str((await on.stored()).price_item_usd) == "77.00"


async def test_a_record_deleted_elsewhere_is_said_to_be_deleted(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=12, status="ready-to-sell") as on:
        await deleted_elsewhere(on)
        row = on.context.shop.row(Entity.ITEM, on.items[0].uid)
        assert row is not None
        mark = mark_of(row)
        assert mark is not None
        assert mark.text == "Deleted elsewhere"
        assert saved_words(on.context, Entity.ITEM, row).startswith("Deleted elsewhere")
        said = " ".join(label.text() for label in on.rows()[0].findChildren(Label))
        assert "no longer on the server" in said
        await put_back(on)


async def test_photos_and_edits_of_a_record_that_is_gone_are_dropped_at_once(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=24, status="ready-to-sell") as on:
        shop, uid = on.context.shop, on.items[0].uid
        shop.work_offline(True)
        await on.edit(location="G-01-02")
        for colour in ("#010203", "#040506"):
            await shop.add_photos(uid, [picture(colour)])
        last = on.item().assets[-1].uid
        await shop.primary_photo(uid, last)
        await on.other.inventory.delete(uid)
        shop.work_offline(False)
        await until(lambda: len([one for one in shop.operations() if one.state is OpState.CONFLICT]) == 3)
        on.open()
        (row,) = on.rows()
        assert row.shown.lines[0] == "2 photos and 2 edits, deleted elsewhere"
        QTest.keyClick(row, Qt.Key.Key_Delete)
        press(await asked(on), "ask_act")
        await until(lambda: on.window.said)
        assert shop.operations() == []
        assert shop.row(Entity.ITEM, uid) is None
        await put_back(on)


async def test_no_cursor_stays_behind_where_a_dropped_record_was(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=16, status="ready-to-sell") as on:
        field = QLineEdit(on.home)
        field.show()
        field.setFocus()
        await deleted_elsewhere(on)
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Return)
        press(await asked(on), "ask_drop")
        await until(lambda: on.window.said)
        assert on.window.said[0] == f"{on.items[0].product.title} {GONE_TOO}"  # pyright: ignore[reportOptionalMemberAccess]
        assert on.home.focusWidget() is not field
        await put_back(on)
