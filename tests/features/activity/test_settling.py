"""Two versions of a record are put side by side, and settled field by field."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.ages import utc_now
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, OpState
from instica_desktop.features.activity.conflict import ConflictDialog
from instica_desktop.features.activity.groups import entry
from instica_desktop.features.activity.row import OperationRow
from instica_desktop.features.activity.settling import SAVED
from instica_desktop.qtkit.text import Label
from tests.features.activity.stage import POPUPS, stage
from tests.features.activity.test_groups import operation
from tests.features.conftest import Desk, until
from tests.server.fixture import RunningServer

pytestmark = POPUPS


async def test_two_versions_are_settled_by_keyboard(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with stage(qtbot, desk, seeded, first=20) as on:
        dialog = await on.conflict()
        assert [field.field for field in dialog.fields] == ["location", "condition_notes"] or [
            field.field for field in dialog.fields
        ] == ["condition_notes", "location"]
        notes = next(field for field in dialog.fields if field.field == "condition_notes")
        shelf = next(field for field in dialog.fields if field.field == "location")
        first, second = dialog.fields
        assert first.mine.hasFocus()
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Right)
        assert first.side == "theirs"
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
        assert second.mine.hasFocus()
        assert second.side == "mine"
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Up)
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Left)
        assert first.side == "mine"
        QTest.mouseClick(notes.theirs, Qt.MouseButton.LeftButton)
        assert dialog.choices == {"location": "mine", "condition_notes": "theirs"}
        assert "Shelf C-11-03" in dialog.result_line.text()
        shelf.take_focus()
        QTest.keyClick(shelf.mine, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: not on.context.shop.operations())
        stored = await on.stored()
        assert stored.location == "C-11-03"
        assert stored.condition_notes == "Inner sleeve is original."
        assert stored.manual_sku == f"{on.items[0].uid[:6]}-mine"
        reasons = {entry.reason for entry in on.context.shop.history(Entity.ITEM, on.items[0].uid)}
        assert {"theirs was kept", "mine was kept"} <= reasons
        assert on.window.said == [SAVED]


async def test_deciding_later_changes_nothing(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with stage(qtbot, desk, seeded, first=24) as on:
        dialog = await on.conflict()
        dialog.keep_theirs()
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        assert dialog.isVisible()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: not on.home.findChildren(ConflictDialog))
        assert [one.state for one in on.context.shop.operations()] == [OpState.CONFLICT]
        assert (await on.stored()).location == "C-11-09"


async def test_what_only_they_changed_and_an_own_value_go_together(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=36) as on:
        await on.elsewhere(tags=["seen by them"])
        dialog = await on.conflict()
        assert dialog.findChild(QWidget, "merged_tags") is not None
        shelf = next(field for field in dialog.fields if field.field == "location")
        shelf.take_focus()
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_F2)
        QTest.keyClicks(dialog.focusWidget(), "x" * 101)
        dialog.save.click()
        assert dialog.isVisible()
        wrong = dialog.findChild(QLabel, "ownError_location")
        assert wrong is not None
        assert "up to 100 characters" in wrong.text()
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(dialog.focusWidget(), "H-01-01")
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: not on.context.shop.operations())
        stored = await on.stored()
        assert (stored.location, stored.tags) == ("H-01-01", ("seen by them",))


def test_a_conflict_names_all_its_fields_where_there_is_little_room(qtbot: QtBot) -> None:
    fields = ("location", "price_item_usd", "manual_description", "manual_sku")
    edits = tuple(Edit(field, "1", "2") for field in fields)
    clash = operation(OpState.CONFLICT, edits=edits, theirs=dict.fromkeys(fields, "3"))
    row = OperationRow("u", clash.title, "", entry(clash, utc_now()), None)  # pyright: ignore[reportArgumentType]
    qtbot.addWidget(row)
    row.setFixedWidth(440)
    row.show()
    said = next(label for label in row.findChildren(Label) if label.text().startswith("Shelf, item price"))
    assert said.wordWrap()
    assert said.height() >= said.heightForWidth(said.width()) > said.fontMetrics().lineSpacing()
