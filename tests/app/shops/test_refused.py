"""What cannot be opened is said: in a small window where there is no other, and in the window."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from instica_desktop.app.window import say_refusal
from instica_desktop.core.errors import StoreError
from instica_desktop.qtkit.dialogs import AskDialog
from tests.app.shops.conftest import Run
from tests.features.conftest import until


def block(path: Path) -> None:
    """Put a file in a folder's place, or a folder in a file's."""
    if path.suffix:
        path.mkdir()
    else:
        path.write_text("not a folder")


def dialogs() -> list[AskDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, AskDialog) and one.isVisible()]


async def test_the_sentence_is_shown_until_it_is_read() -> None:
    telling = asyncio.ensure_future(say_refusal("The folder cannot be used."))
    await until(dialogs)
    (dialog,) = dialogs()
    assert any(label.text() == "The folder cannot be used." for label in dialog.findChildren(QLabel))
    dialog.accept()
    await telling


@pytest.mark.parametrize("blocked", ["data/local-shop", "data/accounts/local", "logs/local-server.log"])
async def test_a_local_shop_that_cannot_be_opened_is_said_in_the_window(
    run: Run, tmp_path: Path, blocked: str
) -> None:
    async with run() as program:
        block(tmp_path / "profile" / blocked)
        try:
            await program.app.open_local(demo=False)
        except StoreError as error:
            program.window.show_problem(error)
        said = program.window.notifier.log
        await until(lambda: said.problems)
        assert "not be opened" in said.problems[0].words
        assert str(tmp_path / "profile" / blocked) in said.problems[0].details
