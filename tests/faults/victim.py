"""A seller's computer that dies without warning, again and again.

    python -m tests.faults.victim

Each line of its input is a `Life` as JSON. A child is forked that lives it: the whole app without a screen,
against a real server. It says what it wants and what it was told is saved, a line of JSON each, and kills
itself where the life says. When it has ended, however it ended, `["ended", status]` is said.
"""

import asyncio
import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
import httpx  # noqa: F401  read once, before the children are forked
import msgspec

from instica_desktop.api import HttpxTransport, InsticaClient, Retries
from instica_desktop.core import steps
from instica_desktop.core.accounts import Account
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import NEEDS_USER
from instica_desktop.store.store import Store
from instica_desktop.sync import Kind, Shop
from tests.faults.lives import PACE, PLOTS, Life, Stage, said

LONGEST = 40
"""Seconds a life may take; then it ends by SIGALRM, which no death of ours does."""
EVERYTHING = "any"


class Death:
    """Waits for its moment."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._times = 0

    def reached(self, step: str) -> None:
        """Take note of a step; end the process if it is the one, as `kill -9` and a power cut do."""
        if self._life.step not in (step, EVERYTHING):
            return
        self._times += 1
        if self._times == self._life.number:
            os.kill(os.getpid(), signal.SIGKILL)

    def arm(self) -> None:
        """Listen to the named steps and, when any moment may be the last, to SQLite and the file system."""
        steps.listener = self.reached
        if self._life.step == EVERYTHING:
            apsw.connection_hooks.append(self._watch)
            for name in ("fsync", "replace", "rename"):
                setattr(os, name, self._around(getattr(os, name)))

    def _watch(self, connection: apsw.Connection) -> None:
        def traced(cursor: Any, sql: str, bindings: Any) -> bool:
            if not sql.startswith(("PRAGMA", "SELECT")):
                self.reached("a statement")
            return True

        connection.exec_trace = traced

    def _around(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **named: Any) -> Any:
            self.reached("before a file")
            result = real(*arguments, **named)
            self.reached("after a file")
            return result

        return wrapped


async def live(life: Life) -> None:
    """Start the app, live the plot, wait until all is sent, and quit."""
    store = Store.open(Path(life.folder))
    transport, tries = HttpxTransport(silence=10.0), Retries(most=1, pick=lambda low, high: 0.0)
    client = InsticaClient(life.url, life.key, transport=transport, retry=tries)
    shop = Shop(Account(id="test", base_url=life.url), client, store, lambda changes: None, pace=PACE)
    await shop.start()
    while shop.state.kind is not Kind.ONLINE:  # noqa: ASYNC110  what is waited for tells nobody
        await asyncio.sleep(0.002)
    for uid in life.items:
        if shop.row(Entity.ITEM, uid) is None:
            await shop.refresh(Entity.ITEM, uid)
    if shop.row(Entity.ORDER, life.order) is None:
        await shop.refresh(Entity.ORDER, life.order)
    await PLOTS[life.plot](Stage(life, shop, client, store, random.Random(life.seed)))
    while shop.taking_in() or any(one.state not in NEEDS_USER for one in shop.operations()):  # noqa: ASYNC110
        await asyncio.sleep(0.002)
    for operation in shop.operations():
        said("stuck", operation.kind.value, operation.state.value, operation.message)
    await shop.close()
    await client.aclose()
    await store.close()
    said("quiet")


def _child(life: Life) -> int:
    """Live a life in a process of its own; return how it ended, as `os.waitpid` says."""
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        signal.alarm(LONGEST)
        Death(life).arm()
        asyncio.run(live(life))
        os._exit(0)
    except BaseException as error:  # noqa: BLE001  the parent reads it
        said("failed", repr(error))
        os._exit(1)


def main() -> None:
    """Live one life after another, until there is no more input."""
    for line in sys.stdin:
        said("ended", _child(msgspec.json.decode(line, type=Life)))


if __name__ == "__main__":
    main()
