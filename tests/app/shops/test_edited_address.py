"""The list of shops was edited behind the program's back: the key stays, whichever way the shop is opened."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from instica_desktop.features.signin.view import SignInView
from instica_desktop.system.credentials import SERVICE
from tests.api.scripted import Scripted, reply
from tests.app.shops.conftest import Keyring, Program, Run
from tests.features.conftest import until
from tests.server.fixture import RunningServer


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    return tmp_path / "profile" / "config" / "settings.json"


def edit_address(settings: Path, url: str) -> None:
    values: dict[str, Any] = json.loads(settings.read_text("utf-8"))
    values["accounts"][0]["base_url"] = url
    settings.write_text(json.dumps(values), "utf-8")


@asynccontextmanager
async def robbed(run: Run, settings: Path, server: RunningServer) -> AsyncIterator[Scripted]:
    """Connect to a server, end, and have the list of shops name another one."""
    async with run() as program:
        await program.connect(server)
    async with Scripted(reply(200, {"uid": "u", "username": "thief", "count": 0, "results": []})) as thief:
        edit_address(settings, thief.url)
        yield thief


def problem(program: Program) -> str:
    view = program.window.findChild(SignInView)
    assert view is not None
    return view.problem.words


async def test_at_the_start_the_key_stays_and_both_servers_are_named(
    run: Run, settings: Path, north: RunningServer
) -> None:
    async with robbed(run, settings, north) as thief:
        async with run() as program:
            assert program.app.shop is None
            assert north.base_url in problem(program)
            assert thief.url in problem(program)
        assert thief.got == []


async def test_opened_again_from_the_list_the_key_stays(
    run: Run, settings: Path, north: RunningServer, south: RunningServer
) -> None:
    async with robbed(run, settings, north) as thief:
        async with run() as program:
            await program.connect(south)
            program.app.show_first_run()
            row = program.window.findChild(QPushButton, "knownShop0")
            assert row is not None
            QTest.mouseClick(row, Qt.MouseButton.LeftButton)
            await until(lambda: thief.url in problem(program))
            assert program.open.account.base_url == south.base_url
        assert thief.got == []


@pytest.mark.parametrize("answer", ["ask_keep", "ask_act"])
async def test_an_old_key_in_doubt_is_asked_about(
    run: Run, settings: Path, keyring: Keyring, north: RunningServer, answer: str
) -> None:
    async with robbed(run, settings, north) as thief:
        ((service, name),) = keyring.kept
        assert service == SERVICE
        keyring.kept[service, name] = north.api_key
        async with run(waits=False) as program:
            dialog = await program.dialog("askDialog")
            assert thief.url in dialog.windowTitle()
            assert thief.got == []
            button = dialog.findChild(QPushButton, answer)
            assert button is not None
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            await program.app.ready.wait()
            if answer == "ask_act":
                await thief.has_got(1)
                assert keyring.kept[service, name] == f"{thief.url} {north.api_key}"
            else:
                assert thief.url in problem(program)
                assert thief.got == []
                assert keyring.kept[service, name] == north.api_key


async def test_an_old_key_gets_its_origin_at_the_next_start(
    run: Run, keyring: Keyring, north: RunningServer
) -> None:
    async with run() as program:
        await program.connect(north)
    (entry,) = keyring.kept
    keyring.kept[entry] = north.api_key
    async with run() as program:
        await program.online()
    assert keyring.kept[entry] == f"{north.base_url} {north.api_key}"
