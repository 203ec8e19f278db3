"""A shop whose damaged outbox is mended by a process that is killed.

    python -m tests.store.mending_victim

Each line of its input is [folder, running, step, number]: a child is forked that opens the shop in the
folder, whose outbox is damaged, or with `running` gets damaged then; and dies by SIGKILL when it comes to the
step ("any": any of them) for the number-th time. The status of its end is said.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from instica_desktop.store.care import Care
from instica_desktop.store.store import Store
from tests.faults.lives import Life
from tests.faults.victim import Death
from tests.store.stories import mend
from tests.store.trials import Stage


async def _live(folder: Path, running: bool) -> None:
    store = Store.open(folder)
    care = Care(store)
    if running:
        await mend(Stage(store, care))
    await care.confirm()
    care.close()
    await store.close()


def _child(folder: str, running: bool, step: str, number: int) -> int:
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    status = 1
    try:
        Death(Life(folder, "", "", [], "", seed=0, step=step, number=number)).arm()
        asyncio.run(_live(Path(folder), running))
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    """Mend one shop after another, until there is no more input."""
    for line in sys.stdin:
        os.write(1, b"%d\n" % _child(*json.loads(line)))


if __name__ == "__main__":
    main()
