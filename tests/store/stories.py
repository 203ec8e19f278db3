"""The stories that are lived on a disk that fails (tests/store/trials.py)."""

import random
import shutil
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from instica_desktop.core.errors import StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, Operation, OpKind, OpState
from instica_desktop.store.database import ending, one
from instica_desktop.store.mirror import SCANNING, Progress
from instica_desktop.store.settlement import Note, Settlement
from instica_desktop.store.store import Store
from tests.store.support import NOW, item, operation, query, update
from tests.store.trials import Deed, Stage, Story

_FIXTURES = Path(__file__).parent / "fixtures"
ITEM = Entity.ITEM


def _add(*operations: Operation) -> Deed:
    """Return the deed that keeps operations; each has its uuid, so that twice is once."""
    return lambda stage: stage.store.outbox.add_many(operations)


def _edit(number: int, base: Any = "A", new: Any = "B", uid: str = "") -> Operation:
    return update(uid or f"u{number}", "location", base, new, uuid=f"edit-{number}")


def _done(uuid: str, **replaced: str) -> Deed:
    return lambda stage: stage.store.outbox.done(uuid, replaced=replaced)


def _state(uuid: str, state: OpState, **more: Any) -> Deed:
    return lambda stage: stage.store.outbox.set_state(uuid, state, **more)


def _discard(uuid: str) -> Deed:
    async def discard(stage: Stage) -> None:
        if stage.store.outbox.get(uuid):
            await stage.store.outbox.discard(uuid)

    return discard


# ------------------------------------------------------------ photos


def _photo(number: int) -> Deed:
    """Keep a photo, then what sends it, as the desk does."""

    async def add(stage: Stage) -> None:
        blob = await stage.store.blobs.put(b"photo %d " % number * 900)
        try:
            wanted = operation("u1", OpKind.ADD_PHOTO, uuid=f"photo-{number}", payload={"blob": blob})
            await stage.store.outbox.add(wanted)
        finally:
            await stage.store.blobs.release(blob)

    return add


def _order(number: int, *parts: str) -> Operation:
    return operation("u1", OpKind.ORDER_PHOTOS, uuid=f"order-{number}", payload={"order": list(parts)})


def _sent(number: int) -> Deed:
    """A photo has arrived: its operation goes, then its file."""

    async def sent(stage: Stage) -> None:
        there = stage.store.outbox.get(f"photo-{number}")
        await stage.store.outbox.done(f"photo-{number}", replaced={f"tmp-photo-{number}": f"asset-{number}"})
        if there:
            with suppress(StoreError):  # the next sweep drops it
                await stage.store.blobs.free(there.payload["blob"])

    return sent


PHOTOS = Story(
    begin=(_photo(0),),
    deeds=(
        _photo(1),
        _photo(2),
        _add(_order(1, "tmp-photo-2", "tmp-photo-1", "tmp-photo-0")),
        _add(operation("u1", OpKind.REMOVE_PHOTO, uuid="remove", payload={"asset": "asset-9"})),
        _sent(0),
        _discard("photo-1"),
        lambda stage: stage.store.blobs.sweep(set()),
        _add(_order(2, "asset-0", "tmp-photo-2")),
        _photo(1),
        _sent(2),
    ),
)

# ------------------------------------------------------------ backups


def _back_up(hours: int) -> Deed:
    return lambda stage: stage.store.back_up(NOW + timedelta(hours=hours))


def _restore(stage: Stage, hours: int) -> Any:
    name = (NOW + timedelta(hours=hours)).strftime("outbox-%Y%m%dT%H%M%SZ.db")
    return stage.care.restore(stage.store.backups / name)


BACKUPS = Story(
    begin=(_photo(0), _add(_edit(0)), *(_back_up(hours) for hours in range(6))),
    deeds=(
        _add(_edit(1)),
        _back_up(6),  # more than the ladder holds: the oldest goes
        _add(_edit(2)),
        _discard("edit-1"),
        partial(_restore, hours=6),
        lambda stage: stage.care.confirm(),
        _state("edit-1", OpState.QUEUED),
        partial(_restore, hours=2),
        _back_up(8),
    ),
)

# ------------------------------------------------------------ a file of an earlier version


def _earlier(folder: Path) -> None:
    for name in ("cache", "outbox"):
        for path in folder.glob(f"{name}.db*"):
            path.unlink()
        shutil.copy(_FIXTURES / f"{name}-v1.db", folder / f"{name}.db")


def _still_there(store: Store) -> None:
    row = store.cache.by_uid(ITEM, "i1")
    assert row is not None
    assert [entry.value for entry in store.outbox.history(ITEM, "i1")][-1] == "C-3"


UPGRADE = Story(
    begin=(),
    after=_earlier,
    deeds=(_add(_edit(1)), _state("u1", OpState.SENDING), _done("u1")),
    holds=_still_there,
)

# ------------------------------------------------------------ edits taken back


def _settle(**what: Any) -> Deed:
    async def settle(stage: Stage) -> None:
        if all(stage.store.outbox.get(uuid) for uuid in (*what.get("drop", ()), *what.get("swap", {}))):
            await stage.store.outbox.settle(Settlement(**what))

    return settle


def _create(number: int) -> Operation:
    payload = {"fields": {"manual_sku": f"S-{number}"}}
    return operation(f"tmp-create-{number}", OpKind.CREATE, uuid=f"create-{number}", payload=payload)


TAKEN_BACK = Story(
    begin=(_add(_edit(1), _edit(2)), lambda stage: stage.store.outbox.own("https://a.test\nann")),
    deeds=(
        _add(update("u1", "location", "B", "A", uuid="back")),  # back to what it was: nothing is left
        _add(_create(1), update("tmp-create-1", "location", "A", "C", uuid="on the new one")),
        _add(_create(2), operation("tmp-create-2", OpKind.DELIST, uuid="two", payload={"listing": "x"})),
        _state("edit-2", OpState.SENDING, attempts=1),
        _add(_edit(3, "B", "C", "u2")),
        _state("edit-2", OpState.CONFLICT, theirs={"location": "Z"}),
        _settle(
            notes=(Note(ITEM, "u2", Edit("location", "A", "B"), "theirs was kept"),),
            drop=("edit-2",),
            add=(update("u4", "notes", "", "merged", uuid="merged"),),
        ),
        _discard("create-1"),
        _done("create-2", **{"tmp-create-2": "i9"}),
        lambda stage: stage.store.outbox.move((ITEM, "u4"), (ITEM, "u2")),
        _add(operation("u4", OpKind.DELETE, uuid="delete")),
        _done("delete"),
    ),
)

# ------------------------------------------------------------ the copy of the whole shop


def _pages(first: int, end: int) -> list[list[Any]]:
    return [[item(f"p{page}-{at}", name=f"Blue {at}") for at in range(5)] for page in range(first, end)]


def _copied(generation: int, end: int) -> Deed:
    """Store pages with the point to go on from, from that on: the copy of the shop may have lost the last."""

    async def store(stage: Stage) -> None:
        mirror = stage.store.cache.mirror
        now = mirror.progress(ITEM)
        first = now.pages if now.generation == generation else 0
        with stage.store.cache.tickets.asking() as asked:
            point = Progress(generation=generation, phase=SCANNING, pages=end)
            await mirror.store(ITEM, _pages(first, end), asked, point)

    return store


def _agree(store: Store) -> None:
    """The point to go on from is never ahead of the rows, and what was not copied is not there."""
    point = store.cache.mirror.progress(ITEM)
    connection = store.cache.mirror._reader  # pyright: ignore[reportPrivateUsage]
    sql = "SELECT uid FROM inventory WHERE seen = ?"
    marked = {uid for (uid,) in connection.execute(sql, (point.generation,))}
    wanted = {f"p{page}-{at}" for page in range(point.pages) for at in range(5)}
    assert marked == wanted, (point, marked ^ wanted)
    assert len(store.cache.first_ids(query(search="blue"), 1000)) == store.cache.known(ITEM)


COPYING = Story(
    begin=(_copied(1, 2),),
    deeds=(
        _copied(1, 4),
        _add(_edit(1, uid="p1-1")),
        lambda stage: stage.store.cache.reproject_pending(),
        _copied(1, 5),
        lambda stage: stage.store.cache.mirror.save(ITEM, Progress(generation=2, phase=SCANNING)),
        _copied(2, 3),
        _copied(2, 4),
    ),
    holds=_agree,
)

# ------------------------------------------------------------ a damaged outbox


def spoil(folder: Path) -> None:
    """Destroy an index: the file fails its check, and everything in it can be read."""
    with ending(folder / "outbox.db") as reader:  # what a failed try left half done is taken back
        page = one(reader, "SELECT rootpage FROM sqlite_schema WHERE name='operations_of'")
    with (folder / "outbox.db").open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(random.Random(1).randbytes(4096))


async def mend(stage: Stage) -> None:
    """Destroy the file while it is open, and write a new one; a try before may have put it aside."""
    if (stage.store.folder / "outbox.db").exists():
        spoil(stage.store.folder)
    await stage.care.mend_edits()


def nothing_missing(store: Store) -> None:
    """What was kept, changed and delivered after the backup is there as well."""
    found = {one.uuid: one for one in store.outbox.all()}
    assert found.keys() >= {"photo-0", "edit-1", "edit-2", "photo-1"}
    assert found["edit-1"].edits == (Edit("location", "A", "C"),)
    for number in (4, 5):
        assert [entry.reason for entry in store.outbox.history(ITEM, f"u{number}")] == ["delivered"]
    assert store.outbox.owner == "https://a.test\nann"
    assert {"edit-4", "edit-5"} <= {one.uuid for one in store.outbox.deliveries()}


BEFORE: tuple[Deed, ...] = (
    lambda stage: stage.store.outbox.own("https://a.test\nann"),
    _photo(0),
    _add(_edit(1), _edit(4)),
    _done("edit-4"),
    _back_up(0),
    _add(update("u1", "location", "B", "C", uuid="more"), _edit(2), _edit(5)),
    _done("edit-5"),
    _photo(1),
)
RESTORED = Story(
    begin=BEFORE,
    after=spoil,
    deeds=(lambda stage: stage.care.confirm(), _add(_edit(7))),
    doubtful=True,
    holds=nothing_missing,
)
RENEWED = Story(
    begin=BEFORE,
    deeds=(_add(_edit(6)), mend, lambda stage: stage.care.confirm(), _add(_edit(7))),
    doubtful=True,
    holds=nothing_missing,
)

STORIES = {
    "restored": RESTORED,
    "renewed": RENEWED,
    "photos": PHOTOS,
    "backups": BACKUPS,
    "upgrade": UPGRADE,
    "taken back": TAKEN_BACK,
    "copying": COPYING,
}
