"""A process that has a shop's folder open and works in it: `store_worker FOLDER [write|made|die]`.

It says `open` when it has the folder. With `write` it stores one generation of items after the other, each in
one transaction; with `made` it makes one that is not sent; with `die` it ends as a crash does. Else it holds
the folder until its input closes.
"""

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.operations import Operation, OpKind
from instica_desktop.core.wire import read
from instica_desktop.store.store import Store

ITEMS = 200


def item(number: int, generation: int) -> Record[InventoryItem]:
    raw = (
        f'{{"uid":"i{number}","title":"Record {number}","status":"draft","location":"{generation}",'
        f'"created":"2026-11-01T00:00:{number % 60:02}Z"}}'
    ).encode()
    return Record(read(InventoryItem, raw), raw)


async def work(folder: Path, what: str) -> None:
    store = Store.open(folder)
    await store.cache.upsert(Entity.ITEM, [item(number, 0) for number in range(ITEMS)])
    sys.stdout.write("open\n")
    sys.stdout.flush()
    generation = 0
    while what == "write":
        generation += 1
        await store.cache.upsert(Entity.ITEM, [item(number, generation) for number in range(ITEMS)])
    if what == "made":
        made = Operation(
            uuid="u1", entity=Entity.ITEM, uid="tmp-1", kind=OpKind.CREATE, created=datetime.now(UTC)
        )
        await store.outbox.add(made)
        await store.cache.reproject(Entity.ITEM, ["tmp-1"])
    if what == "die":
        os._exit(9)
    await asyncio.to_thread(sys.stdin.read)
    await store.close()


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))
