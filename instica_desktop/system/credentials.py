"""API keys in the system keyring, each with the origin it was given for.

Without a keyring a key is kept for this session only, never in a file.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

SERVICE = "Instica Desktop"
TIMEOUT = 20.0
"""Seconds a keyring may take: it may have to ask the user for its password."""

T = TypeVar("T")


class KeyringUnavailable(Exception):
    """No keyring backend works here, it is locked, or it did not answer in time."""


class KeptKey(msgspec.Struct, frozen=True):
    """A key, and the origin (`https://host:port`) it was given for.

    Entries of versions that did not note the origin have an empty one.
    """

    origin: str
    key: str

    def __repr__(self) -> str:
        """Show where it may go, not what it is."""
        return f"KeptKey({self.origin!r})"

    @property
    def entry(self) -> str:
        """The text of its keyring entry; neither an origin nor a key holds a space."""
        return f"{self.origin} {self.key}"

    @classmethod
    def of(cls, entry: str) -> "KeptKey":
        """Read a keyring entry."""
        origin, space, key = entry.partition(" ")
        return cls(origin, key) if space else cls("", entry)


class Credentials:
    """Keys by account id. Every call runs in a thread of its own, since keyrings block and prompt."""

    def __init__(self, backend: Any = None) -> None:
        self._backend = backend
        self._session: dict[str, KeptKey] = {}

    async def save(self, account_id: str, origin: str, key: str) -> bool:
        """Keep a key for an origin.

        Return whether the keyring took it; otherwise it is kept for this session only.
        """
        kept = self._session[account_id] = KeptKey(origin, key)
        try:
            await _in_thread(lambda: self._keyring().set_password(SERVICE, account_id, kept.entry))
        except KeyringUnavailable:
            return False
        return True

    def remember(self, account_id: str, origin: str, key: str) -> None:
        """Keep a key for an origin, for this session only."""
        self._session[account_id] = KeptKey(origin, key)

    async def load(self, account_id: str) -> KeptKey | None:
        """Return the key of an account with its origin, or None when there is none.

        Raises:
            KeyringUnavailable: when the keyring cannot be asked.
        """
        if account_id in self._session:
            return self._session[account_id]
        entry = await _in_thread(lambda: self._keyring().get_password(SERVICE, account_id))
        if not entry:
            return None
        kept = self._session[account_id] = KeptKey.of(entry)
        return kept

    async def forget(self, account_id: str) -> bool:
        """Remove a key from the keyring and from memory; one that is not there is no error.

        Return whether it is certain that no key is left; a keyring that does not answer may still have it.
        """
        self._session.pop(account_id, None)
        try:
            if await _in_thread(lambda: self._keyring().get_password(SERVICE, account_id)) is not None:
                await _in_thread(lambda: self._keyring().delete_password(SERVICE, account_id))
        except KeyringUnavailable:
            return False
        return True

    async def backend_name(self) -> str:
        """Return the name of the keyring in use, or an empty string for none."""
        try:
            return await _in_thread(lambda: _usable_name(self._keyring()))
        except KeyringUnavailable:
            return ""

    def _keyring(self) -> Any:
        if self._backend is None:
            import keyring

            self._backend = keyring.get_keyring()
        return self._backend


def _usable_name(backend: Any) -> str:
    usable = getattr(backend, "priority", 0) > 0
    return f"{type(backend).__module__}.{type(backend).__name__}" if usable else ""


async def _in_thread(call: Callable[[], T]) -> T:
    """Run a keyring call in a daemon thread, so that one that hangs cannot keep the program from ending."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def finish(result: T | None, error: BaseException | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(result)  # pyright: ignore[reportArgumentType]
        else:
            answer.set_exception(KeyringUnavailable(type(error).__name__))

    def work() -> None:
        try:
            result, error = call(), None
        except Exception as failure:  # noqa: BLE001  backends raise whatever their platform raises
            result, error = None, failure
        try:
            loop.call_soon_threadsafe(finish, result, error)
        except RuntimeError:
            return  # the loop closed while the keyring was thinking

    threading.Thread(target=work, name="keyring", daemon=True).start()
    try:
        async with asyncio.timeout(TIMEOUT):  # wait_for can swallow our cancellation
            return await answer
    except TimeoutError:
        raise KeyringUnavailable("timeout") from None
