"""The log beside the outbox spoilt after a kill: no edit goes, and nothing is sent without a word."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from instica_desktop.core import steps
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.store import wal
from instica_desktop.store.care import Care
from instica_desktop.store.checking import examine
from instica_desktop.store.database import connect
from instica_desktop.store.store import LOG_MENDED, Store
from tests.store.spoiling import Made, meaning
from tests.store.support import NOW, item, run, update

HEADER, FRAME, PAGE = 32, 24, 4096
UIDS = [f"u{at}" for at in range(9)]


class Killed:
    """The files a killed process left: nine edits stand in the log, each was another one before."""

    def __init__(self, home: Path) -> None:
        self.home, self.made = home / "killed", Made()
        asyncio.run(self._lived(home / "account"))
        self.log = wal.log_of(self.home / "outbox.db").read_bytes()
        self.frames = (len(self.log) - HEADER) // (FRAME + PAGE)

    async def _lived(self, folder: Path) -> None:
        store = Store.open(folder)
        await self._edited(store, "first shelf")
        await store.back_up(NOW)
        await store.close()
        store = Store.open(folder)
        try:
            await store.cache.upsert(Entity.ITEM, [item(uid) for uid in UIDS])
            await self._edited(store, "last shelf")
            shutil.copytree(folder, self.home, ignore=shutil.ignore_patterns("lock", "*-shm"))
        finally:
            await store.close()

    async def _edited(self, store: Store, shelf: str) -> None:
        for uid in UIDS:
            await store.outbox.add(update(uid, "location", "A", f"{shelf} {uid} " * 5, title=uid))
        self.made.note(store)

    def spoilt(self, folder: Path, log: bytes | bytearray) -> Path:
        """Return a new folder with these files, but for another log."""
        shutil.copytree(self.home, folder)
        wal.log_of(folder / "outbox.db").write_bytes(log)
        return folder

    def at(self, frame: int, offset: int) -> int:
        """Return where a byte of a frame lies in the log; negative frames are counted from the end."""
        return HEADER + (frame % self.frames) * (FRAME + PAGE) + offset


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    return Killed(tmp_path_factory.mktemp("log"))


def _places(killed: Killed) -> Iterator[int]:
    yield from (3, 10, 18, 30)  # of the header: what it is, the size of a page, salts, checksum
    offsets = (3, 7, 9, 17, FRAME + 4, FRAME + 4003, FRAME + 4094)
    for frame, offset in product((0, killed.frames // 2, -1), offsets):
        yield killed.at(frame, offset)


def _judged(folder: Path, killed: Killed) -> str:
    """Check and open what was spoilt; return in a word what became of it."""
    assert [one.part for one in examine(folder).findings] == ["edits"], "the check finds nothing"
    store = Store.open(folder)
    try:
        there = {one.uuid: one for one in store.outbox.all()}
        assert store.outbox.needs_confirmation, "what was mended is sent unasked"
        note = Care(store).restored
        assert note is not None
        held = {uuid for uuid, one in there.items() if one.state is OpState.DAMAGED}
        whole = {uuid for uuid, one in there.items() if meaning(one) == killed.made.last.get(uuid)}
        if note.log:
            assert there.keys() == killed.made.last.keys()
            assert there.keys() - whole <= held, "an older state may be sent"
        else:
            assert note.copied == NOW  # the file was too damaged: the backup stands in, and says so
            assert killed.made.last.keys() <= there.keys()
    finally:
        run(store.close())
    assert examine(folder).findings == ()
    assert list(folder.glob("outbox-damaged-*.db-wal")), "what was found is not kept"
    assert not (folder / LOG_MENDED).exists()
    return "restored" if not note.log else "held" if held else "whole"


def test_a_spoilt_byte_of_the_log_costs_no_edit_and_sends_none(killed: Killed, tmp_path: Path) -> None:
    wrong: list[str] = []
    outcomes: Counter[str] = Counter()
    for at in _places(killed):
        log = bytearray(killed.log)
        log[at] ^= 0x10
        folder = killed.spoilt(tmp_path / str(at), log)
        try:
            outcomes[_judged(folder, killed)] += 1
        except AssertionError as error:
            wrong.append(f"byte {at}: {error}")
        shutil.rmtree(folder)
    assert not wrong, f"{len(wrong)} of {outcomes.total() + len(wrong)}:\n" + "\n".join(wrong)
    assert outcomes["whole"] > 15  # most are put back as they were


@pytest.mark.parametrize(
    ("begin", "end"),
    [(FRAME + 3000, FRAME + 3600), (0, FRAME), (0, FRAME + PAGE)],
    ids=["page", "header", "frame"],
)
def test_a_larger_part_of_the_log_costs_what_it_holds(
    killed: Killed, tmp_path: Path, begin: int, end: int
) -> None:
    log = bytearray(killed.log)
    log[killed.at(4, begin) : killed.at(4, end)] = b"\xee" * (end - begin)
    _judged(killed.spoilt(tmp_path / "account", log), killed)


def test_the_end_of_a_torn_write_is_no_damage(killed: Killed, tmp_path: Path) -> None:
    torn = bytearray(killed.log)
    torn[-PAGE // 2 :] = bytes(PAGE // 2)
    whole = killed.log
    gap = bytearray(whole)  # of the last transaction, which a power cut writes in any order
    gap[killed.at(-2, 0) : killed.at(-1, 0)] = bytes(FRAME + PAGE)
    for number, log in enumerate((whole, whole[:-1], whole[: -PAGE - 9], torn, gap, b"", b"\1" * 40)):
        folder = killed.spoilt(tmp_path / str(number), log)
        assert examine(folder).findings == ()
        store = Store.open(folder)
        assert not store.outbox.needs_confirmation
        run(store.close())


def test_a_log_that_was_begun_again_over_an_older_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "account" / "outbox.db"

    async def lived() -> None:
        store = Store.open(tmp_path / "account")
        for shelf in range(9):
            await store.outbox.add(update("u1", "location", "A", f"B-{shelf}"))
        other = connect(path, write=True)
        other.execute("PRAGMA wal_checkpoint(RESTART)")
        other.close()
        await store.outbox.add(update("u1", "location", "A", "C-1"))
        log = wal.log_of(path).read_bytes()
        assert log[HEADER + 8 : HEADER + 16] != log[-PAGE - 16 : -PAGE - 8]  # frames of both are there
        assert wal.looked_at(path) is None
        await store.close()

    asyncio.run(lived())


@pytest.mark.parametrize("step", ["log about to be mended", "log mended"])
def test_what_was_mended_is_said_also_after_a_kill_in_the_mending(
    killed: Killed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    log = bytearray(killed.log)
    log[killed.at(2, FRAME + 5)] ^= 1
    folder = killed.spoilt(tmp_path / "account", log)

    def die(reached: str) -> None:
        if reached == step:
            raise KeyboardInterrupt

    monkeypatch.setattr(steps, "listener", die)
    with pytest.raises(KeyboardInterrupt):
        Store.open(folder)
    monkeypatch.setattr(steps, "listener", None)
    if step == "log mended":
        assert wal.looked_at(folder / "outbox.db") is None  # nothing of the damage is left to be seen
    store = Store.open(folder)
    assert store.outbox.needs_confirmation
    assert len(store.outbox.all()) == len(UIDS)
    run(store.close())


def test_a_gap_that_a_power_cut_left_in_the_log_of_the_copy_is_no_damage(
    killed: Killed, tmp_path: Path
) -> None:
    folder = killed.spoilt(tmp_path / "account", b"")
    log = wal.log_of(folder / "cache.db")
    content = bytearray(log.read_bytes())
    assert len(content) > HEADER + 3 * (FRAME + PAGE)
    content[HEADER + FRAME + PAGE : HEADER + 2 * (FRAME + PAGE)] = bytes(
        FRAME + PAGE
    )  # its commits are not synced
    log.write_bytes(content)
    assert examine(folder).findings == ()
    identity = (folder / "cache.db").stat().st_ino
    run(Store.open(folder).close())
    assert (folder / "cache.db").stat().st_ino == identity


@pytest.mark.parametrize("at", [18, HEADER + FRAME + 100, HEADER + FRAME + PAGE + 12])
def test_a_copy_of_the_shop_with_a_spoilt_log_is_begun_anew(killed: Killed, tmp_path: Path, at: int) -> None:
    folder = killed.spoilt(tmp_path / "account", b"")
    log = wal.log_of(folder / "cache.db")
    content = bytearray(log.read_bytes())
    content[at] ^= 1
    log.write_bytes(content)
    assert [one.mend for one in examine(folder).findings] == ["reset"]
    store = Store.open(folder)
    assert store.cache.by_uid(Entity.ITEM, "u1") is None
    run(store.close())
    assert examine(folder).findings == ()
