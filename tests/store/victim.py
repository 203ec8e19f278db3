"""A process that saves edits and photos and dies without warning at a named point.

    python -m tests.store.victim FOLDER POINT NUMBER


At the point's NUMBER-th time it kills itself. What it was told is saved it prints, a line each.
"""

import asyncio
import itertools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.store import database
from instica_desktop.store.store import Store
from tests.store.support import NOW, item, operation, update

POINTS = ("begin", "before commit", "after commit", "before fsync", "before rename", "after rename")


def die() -> None:
    """End as `kill -9` and a power cut end a process."""
    os.kill(os.getpid(), signal.SIGKILL)


def _counted(number: int, act: Callable[[], None]) -> Callable[[], None]:
    times = itertools.count(1)

    def passed() -> None:
        if next(times) == number:
            act()

    return passed


def _before(owner: Any, name: str, passed: Callable[[], None], *, after: bool = False) -> None:
    real = getattr(owner, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:
        if not after:
            passed()
        result = real(*arguments, **named)
        if after:
            passed()
        return result

    setattr(owner, name, wrapped)


def arm(store: Store, point: str, number: int) -> None:
    """Set the trap."""
    passed = _counted(number, die)
    if point in ("begin", "before commit"):
        word = "BEGIN" if point == "begin" else "COMMIT"

        def trace(_: Any, sql: str, __: Any) -> bool:
            if sql.startswith(word):
                passed()
            return True

        for worker in (store.outbox._writer, store.cache._writer):  # pyright: ignore[reportPrivateUsage]
            cast(Any, worker._connection).exec_trace = trace  # pyright: ignore[reportPrivateUsage]
    elif point == "after commit":
        _before(database, "_finish", passed)
    elif point == "before fsync":
        _before(os, "fsync", passed)
    else:
        _before(os, "replace", passed, after=point == "after rename")


def said(*words: object) -> None:
    """Tell the parent what is saved."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def live(store: Store) -> None:
    """Save things for ever, saying what is saved."""
    for number in itertools.count():
        edit = await store.outbox.add(
            update(f"item-{number}", "location", "A", f"{number}", uuid=f"edit-{number}")
        )
        said("edit", edit.uuid, number)
        await store.cache.upsert(Entity.ITEM, [item(f"item-{number}", name=f"word{number}")])
        said("item", f"item-{number}", number)
        blob = await store.blobs.put(b"photo %d" % number)
        photo = operation(f"item-{number}", OpKind.ADD_PHOTO, uuid=f"photo-{number}", payload={"blob": blob})
        await store.outbox.add(photo)
        said("photo", photo.uuid, blob)
        await store.outbox.set_state(edit.uuid, OpState.SENDING)
        said("sending", edit.uuid, number)
        await store.back_up(NOW.replace(minute=number % 60))
        if number % 2:
            await store.outbox.done(edit.uuid)
            said("done", edit.uuid, number)


def main() -> None:
    """Run until death."""
    folder, point, number = sys.argv[1:]
    store = Store.open(Path(folder))
    arm(store, point, int(number))
    asyncio.run(live(store))


if __name__ == "__main__":
    main()
