"""Questions that can be awaited while everything else goes on."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from shiboken6 import delete

from instica_desktop.qtkit import dialogs
from instica_desktop.qtkit.dialogs import AskDialog, Choice
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.button import Button

CHOICES = (Choice("keep", "Keep", "safe"), Choice("drop", "Discard", "danger"))


async def opened(kind: type[Any]) -> Any:
    """Return the dialog of a kind once it is on screen."""
    while True:
        found = next(
            (w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None
        )
        if found is not None:
            return found
        await asyncio.sleep(0.005)


def test_the_button_pressed_is_the_answer(run: Any) -> None:
    async def main() -> str:
        asked = asyncio.ensure_future(dialogs.ask(None, "Discard?", "<b>3</b> edits.", CHOICES))
        dialog = await opened(AskDialog)
        assert "<b>3</b> edits." in [label.text() for label in dialog.findChildren(Label)]
        dialog.findChild(Button, "ask_drop").click()
        return await asked

    assert run(main()) == "drop"


def test_escape_is_the_safe_answer(run: Any) -> None:
    async def main() -> str:
        asked = asyncio.ensure_future(dialogs.ask(None, "Discard?", "3 edits.", CHOICES))
        QTest.keyClick(await opened(AskDialog), Qt.Key.Key_Escape)
        return await asked

    assert run(main()) == "keep"


@pytest.mark.parametrize(("name", "answer"), [("ask_act", True), ("ask_keep", False)])
def test_confirm(run: Any, name: str, answer: bool) -> None:
    async def main() -> bool:
        asked = asyncio.ensure_future(dialogs.confirm(None, "Remove?", "It is gone.", "Remove", danger=True))
        (await opened(AskDialog)).findChild(Button, name).click()
        return await asked

    assert run(main()) is answer


def test_enter_does_no_harm(run: Any) -> None:
    async def main() -> str:
        asked = asyncio.ensure_future(dialogs.ask(None, "Discard?", "3 edits.", CHOICES))
        QTest.keyClick(await opened(AskDialog), Qt.Key.Key_Return)
        return await asked

    assert run(main()) == "keep"


def test_a_question_that_went_with_its_window_ends_quietly(run: Any, qapp: QApplication) -> None:
    async def main() -> None:
        window = QWidget()
        asked = asyncio.ensure_future(dialogs.ask(window, "Discard?", "3 edits.", CHOICES))
        await opened(AskDialog)
        delete(window)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    run(main())


def test_details_are_hidden_until_asked_for(run: Any) -> None:
    async def main() -> tuple[bool, bool]:
        asked = asyncio.ensure_future(dialogs.tell(None, "Not sent", "Why.", details="HTTP 500"))
        dialog = await opened(AskDialog)
        label = next(label for label in dialog.findChildren(Label) if label.text() == "HTTP 500")
        before = label.isVisible()
        dialog.findChild(Button, "askDetails").click()
        after = label.isVisible()
        dialog.findChild(Button, "ask_ok").click()
        await asked
        return before, after

    assert run(main()) == (False, True)


def test_other_tasks_run_while_a_dialog_is_open(run: Any) -> None:
    async def main() -> int:
        ticks = 0
        asked = asyncio.ensure_future(dialogs.tell(None, "Wait", "Please."))
        dialog = await opened(AskDialog)
        for _ in range(5):
            await asyncio.sleep(0.002)
            ticks += 1
        dialog.accept()
        await asked
        return ticks

    assert run(main()) == 5


def test_cancelling_the_task_closes_the_dialog(run: Any) -> None:
    async def main() -> bool:
        asked = asyncio.ensure_future(dialogs.tell(None, "Wait", "Please."))
        dialog = await opened(AskDialog)
        seen: list[int] = []
        dialog.finished.connect(seen.append)
        asked.cancel()
        await asyncio.wait([asked])
        return asked.cancelled() and len(seen) == 1

    assert run(main())


def test_files_are_chosen_without_a_loop_of_their_own(run: Any, tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(b"x")

    async def main() -> tuple[list[Path], Path | None]:
        asked = asyncio.ensure_future(dialogs.open_files(None, "Photos", "Pictures (*.jpg)", folder=tmp_path))
        dialog = await opened(QFileDialog)
        dialog.findChild(QLineEdit).setText(str(picture))
        dialog.accept()
        chosen = await asked
        saving = asyncio.ensure_future(dialogs.save_file(None, "Save", "a.csv", "CSV (*.csv)"))
        (await opened(QFileDialog)).reject()
        return chosen, await saving

    assert run(main()) == ([picture], None)


def test_a_widget_can_be_part_of_the_question(run: Any) -> None:
    async def main() -> bool:
        inner = QWidget()
        asked = asyncio.ensure_future(dialogs.ask(None, "Discard?", "3 edits.", CHOICES, content=inner))
        dialog = await opened(AskDialog)
        inside = inner.window() is dialog
        dialog.reject()
        await asked
        return inside

    assert run(main())
