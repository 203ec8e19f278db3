"""`list` as scripts run it, where the list of shops was edited: no key leaves, and no second shop comes."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.core.accounts import account_id
from instica_desktop.system.paths import Profile
from tests.api.scripted import Scripted, reply
from tests.app.test_cli_list import keys, run
from tests.app.test_cli_list import server as server
from tests.server.fixture import RunningServer

BACKEND = "tests.support.file_keyring.FileKeyring"


class Machine:
    """A profile and a keyring, both in files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "profile"
        self.settings = Profile.at(self.folder).create().settings_file
        self.keyring = folder / "keyring.json"
        self.env = {"PYTHON_KEYRING_BACKEND": BACKEND, "TEST_KEYRING": str(self.keyring)}

    def listed(self, *arguments: str, **env: str) -> Any:
        return run("--profile", str(self.folder), "list", "orders", *arguments, env=self.env | env)

    def accounts(self) -> list[dict[str, str]]:
        return json.loads(self.settings.read_text("utf-8"))["accounts"]

    def connected(self, server: RunningServer) -> str:
        """Have the shop of a server in the list, as a window leaves it; return its id."""
        assert self.listed(**keys(server)).returncode == 0
        account = self.accounts()[0]
        self.keyring.write_text(json.dumps({account["id"]: f"{server.base_url} {server.api_key}"}), "utf-8")
        return account["id"]

    def edit(self, **changes: str) -> None:
        """Change the shop in the list behind the program's back."""
        values = json.loads(self.settings.read_text("utf-8"))
        values["accounts"][0] |= changes
        self.settings.write_text(json.dumps(values), "utf-8")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_key_goes_to_its_own_server(server: RunningServer, machine: Machine) -> None:
    machine.connected(server)
    assert machine.listed().returncode == 0


@pytest.mark.parametrize("origin_noted", [True, False])
def test_an_edited_address_gets_no_key(server: RunningServer, machine: Machine, origin_noted: bool) -> None:
    account = machine.connected(server)
    if not origin_noted:
        machine.keyring.write_text(json.dumps({account: server.api_key}), "utf-8")

    async def robbed() -> tuple[Any, list[Any]]:
        async with Scripted(reply(200, {"uid": "u", "username": "thief"})) as thief:
            machine.edit(base_url=thief.url)
            result = await asyncio.to_thread(machine.listed)
            return result, thief.got

    result, got = asyncio.run(robbed())
    assert got == []
    assert "Connect again" in result.stderr or "connect again" in result.stderr
    assert "Traceback" not in result.stderr
    assert server.api_key not in result.stderr + result.stdout


def test_an_old_entry_gets_its_origin_once(server: RunningServer, machine: Machine) -> None:
    account = machine.connected(server)
    machine.keyring.write_text(json.dumps({account: server.api_key}), "utf-8")
    assert machine.listed().returncode == 0
    assert json.loads(machine.keyring.read_text("utf-8")) == {account: f"{server.base_url} {server.api_key}"}


def test_an_odd_address_makes_no_second_shop(server: RunningServer, machine: Machine) -> None:
    first = machine.connected(server)
    for odd in (server.base_url.upper().replace("HTTP", "http") + "/", f"{server.base_url}/api/v1/"):
        assert machine.listed(INSTICA_BASE_URL=odd, INSTICA_API_KEY=server.api_key).returncode == 0
    assert [account["id"] for account in machine.accounts()] == [first]
    assert first == account_id(server.base_url, machine.accounts()[0]["user_uid"])


def test_somebody_else_who_answers_is_not_listed(server: RunningServer, machine: Machine) -> None:
    account = machine.connected(server)
    machine.edit(user_uid="somebody-else")
    result = machine.listed()
    assert (result.returncode, result.stdout) == (1, "")
    assert "not the one this computer’s copy belongs to" in result.stderr
    assert [one["id"] for one in machine.accounts()] == [account]
