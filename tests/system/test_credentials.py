"""Keys go into the keyring, or are kept for this session only."""

import asyncio

import pytest
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import PasswordDeleteError

from instica_desktop.system import credentials as room
from instica_desktop.system.credentials import SERVICE, Credentials, KeptKey, KeyringUnavailable

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class MemoryKeyring:
    """A keyring backend that keeps its entries in memory."""

    priority = 5

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.entries:
            raise PasswordDeleteError("not there")
        del self.entries[service, username]


class HangingKeyring(MemoryKeyring):
    """A keyring that waits for a password prompt nobody answers."""

    def get_password(self, service: str, username: str) -> str | None:
        import time

        time.sleep(2)
        return None


async def test_a_key_is_kept_and_forgotten() -> None:
    backend = MemoryKeyring()

    assert await Credentials(backend).save("shop", "https://a.example", "key-1")
    assert await Credentials(backend).load("shop") == KeptKey("https://a.example", "key-1")
    await Credentials(backend).forget("shop")
    assert await Credentials(backend).load("shop") is None
    await Credentials(backend).forget("shop")


async def test_the_entry_itself_says_which_origin_the_key_is_for() -> None:
    backend = MemoryKeyring()
    await Credentials(backend).save("shop", "https://a.example:8443", "key-1")
    assert backend.entries == {(SERVICE, "shop"): "https://a.example:8443 key-1"}
    assert "key-1" not in repr(await Credentials(backend).load("shop"))


async def test_an_entry_of_an_older_version_has_no_origin() -> None:
    backend = MemoryKeyring()
    backend.entries[SERVICE, "shop"] = "key-1"
    assert await Credentials(backend).load("shop") == KeptKey("", "key-1")


async def test_without_a_keyring_the_key_lives_for_this_session_only() -> None:
    credentials = Credentials(NoKeyring())

    assert not await credentials.save("shop", "https://a.example", "key-1")
    assert await credentials.load("shop") == KeptKey("https://a.example", "key-1")
    with pytest.raises(KeyringUnavailable):
        await Credentials(NoKeyring()).load("shop")
    assert await credentials.backend_name() == ""


async def test_a_keyring_that_does_not_answer_does_not_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "TIMEOUT", 0.05)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.005)

    ticking = asyncio.create_task(tick())
    with pytest.raises(KeyringUnavailable):
        await Credentials(HangingKeyring()).load("shop")
    ticking.cancel()
    assert ticks > 2
