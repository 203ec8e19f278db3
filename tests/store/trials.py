"""Stories of a store, lived on a disk that fails: what was said to be done is done, and the rest is whole.

A story is a row of deeds. Lived once without a fault it shows what the files hold after each deed; lived with
one, they hold what they held after the last deed that came to its end, or after the one that was cut off.
"""

import asyncio
import hashlib
import random
import shutil
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.core.errors import InputError, StoreError
from instica_desktop.core.operations import Operation, OpState
from instica_desktop.store.care import Care
from instica_desktop.store.checking import blobs_of, examine
from instica_desktop.store.database import Connection, looking
from instica_desktop.store.places import rank
from instica_desktop.store.store import Store
from tests.support.fault_disk import Power, failing_disk
from tests.support.fault_sqlite import ERRORS, Switch, failing_sqlite

_decode = msgspec.json.Decoder(Operation).decode
WAYS = ("once", "killed", "power cut", "power cut, some written")
"""How acts on files fail; calls of SQLite fail in the first two ways."""


@dataclass
class Stage:
    """The open store a deed is done with."""

    store: Store
    care: Care


Deed = Callable[[Stage], Awaitable[Any]]


@dataclass(frozen=True)
class Story:
    """Deeds, each of which may be done again when it failed; before them, what makes the account's folder.

    `after` is applied to the closed folder: what happens to it before the story begins. `doubtful`: the
    states of the operations may be other ones, as a restored file's are. `holds` has to be true after each
    opening.
    """

    begin: tuple[Deed, ...]
    deeds: tuple[Deed, ...]
    after: Callable[[Path], object] = lambda folder: None
    doubtful: bool = False
    holds: Callable[[Store], object] = lambda store: None


class Seen(msgspec.Struct, frozen=True):
    """What an account's files hold that must not be lost."""

    operations: tuple[tuple[Any, ...], ...]
    history: tuple[tuple[Any, ...], ...]
    delivered: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    owner: str | None
    unconfirmed: bool
    copies: tuple[str, ...]

    def has(self, other: "Seen") -> bool:
        """Tell whether it holds just what the other does; a copy that was to go may be there still."""
        return set(self.copies) >= set(other.copies) and self == msgspec.structs.replace(
            other, copies=self.copies
        )


def seen(folder: Path, *, doubtful: bool = False) -> Seen:
    """Read the files as they are. Each photo an operation will send must be there, whole."""
    with looking(folder / "outbox.db") as connection:
        operations = [
            (msgspec.structs.replace(_decode(body), seq=seq, place=place or 0), uuid)
            for seq, place, uuid, body in _rows(connection, "SELECT seq, place, uuid, body FROM operations")
        ]
        meta = dict(_rows(connection, "SELECT key, value FROM meta"))
        history = _rows(connection, "SELECT uid, field, before, value, reason FROM history ORDER BY id")
        delivered = _rows(connection, "SELECT uuid FROM deliveries ORDER BY id")
        names = _rows(connection, "SELECT temporary, real FROM renamings ORDER BY temporary")
    for operation, uuid in operations:
        assert operation.uuid == uuid
        for digest in blobs_of(operation):
            content = (folder / "blobs" / digest).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest
    return Seen(
        tuple(_told(one, doubtful=doubtful) for one, _ in sorted(operations, key=lambda pair: rank(pair[0]))),
        tuple(history),
        tuple(uuid for (uuid,) in delivered),
        tuple(names),
        meta.get("owner"),
        "needs_confirmation" in meta,
        tuple(sorted(path.name for path in folder.glob("backups/outbox-*.db"))),
    )


def _rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


def _told(one: Operation, *, doubtful: bool) -> tuple[Any, ...]:
    state = "" if doubtful else one.state.value
    return (one.uuid, one.entity.value, one.uid, one.kind.value, state, one.edits, one.payload)


@dataclass
class Trial:
    """One story, tried again and again in a folder."""

    story: Story
    home: Path
    calls: bool = False
    """Whether calls of SQLite fail, instead of acts on files."""
    switch: Switch = field(default_factory=Switch)
    power: Power = field(default_factory=Power)
    moments: list[Seen] = field(default_factory=list[Seen])
    """What the files hold at first, and after each deed."""
    acts: list[str] = field(default_factory=list[str])
    what: str = ""

    @property
    def folder(self) -> Path:
        """The account the story is lived in."""
        return self.home / "account"

    async def begin(self) -> None:
        """Make the folder, and live the story once without a fault."""
        await self._live(self.story.begin, 0, note=False)
        self.story.after(self.folder)
        shutil.copytree(self.folder, self.home / "template")
        self.switch.arm(10**9, forever=False)
        with self._faulty():
            await self._live(self.story.deeds, 0, note=True)
        self.acts = list(self.switch.acts)
        await self._reopened([self.moments[-1]])

    async def fail(self, number: int, way: str) -> bool:
        """Live it with an act that fails; tell whether one did."""
        self.what = f"{way}, act {number}: {self.acts[number - 1]}"
        shutil.rmtree(self.folder)
        shutil.copytree(self.home / "template", self.folder)
        self.power = Power()
        with self._faulty():
            self.switch.arm(number, forever=way != "once", error=ERRORS[number % 2])
            came = await self._live(self.story.deeds, 0, again=way == "once")
            failed = bool(self.switch.failed)
            self.switch.heal()
        if "power" in way:
            self.power.cut(random.Random(number) if "some" in way else None)
        await self._go_on(came)
        return failed

    def _faulty(self) -> AbstractContextManager[None]:
        if self.calls:
            return failing_sqlite(self.switch)
        return failing_disk(self.switch, self.power, self.folder)

    async def _go_on(self, came: int) -> None:
        """Open what is left, which must be whole, and bring the story to its end."""
        moments = self.moments[came : came + 2]
        now = await self._reopened(moments)
        if not now.has(moments[0]):
            came += 1
        await self._live(self.story.deeds, came)
        await self._reopened(self.moments[-1:])

    async def _reopened(self, wanted: list[Seen]) -> Seen:
        try:
            store = Store.open(self.folder)
        except StoreError as error:
            raise AssertionError(f"{self.what}: not opened, {error.message} {error.details}") from error
        try:
            now = seen(self.folder, doubtful=self.story.doubtful)
            assert any(now.has(one) for one in wanted), f"{self.what}: found {now}, not one of {wanted}"
            assert [one.uuid for one in store.outbox.all()] == [one[0] for one in now.operations], self.what
            self.story.holds(store)
        finally:
            await store.close()
        findings = examine(self.folder).findings
        assert not findings, f"{self.what}: {findings}"
        return now

    async def _live(
        self, deeds: tuple[Deed, ...], at: int, *, note: bool = False, again: bool = False
    ) -> int:
        """Do the deeds from one on; return how many are done. What fails is done `again`, or ends it."""
        try:
            store = Store.open(self.folder)
        except StoreError:
            if not again:
                return at
            store = Store.open(self.folder)
        stage = Stage(store, Care(store))
        try:
            return await self._do(stage, deeds, at, note=note, again=again)
        finally:
            stage.care.close()
            await store.close()

    async def _do(self, stage: Stage, deeds: tuple[Deed, ...], at: int, *, note: bool, again: bool) -> int:
        self._note(note)
        for deed in deeds[at:]:
            before = states(stage.store)
            try:
                await deed(stage)
            except (StoreError, InputError):
                assert states(stage.store) == before, f"{self.what}: said to be refused, and kept"
                if not again:
                    return at
                await deed(stage)
            at += 1
            self._note(note)
        return at

    def _note(self, note: bool) -> None:
        if note:
            self.moments.append(seen(self.folder, doubtful=self.story.doubtful))


def states(store: Store) -> list[tuple[str, OpState]]:
    """Return what the screen shows of the waiting edits."""
    return [(one.uuid, one.state) for one in store.outbox.all()]


def tried(story: Story, home: Path, ways: Sequence[str], most: int | None, *, calls: bool = False) -> None:
    """Live a story with its acts failing; `most` in each way, drawn with the way as seed, or all."""
    asyncio.run(_tried(Trial(story, home, calls), ways, most))


async def _tried(trial: Trial, ways: Sequence[str], most: int | None) -> None:
    await trial.begin()
    everything = range(1, len(trial.acts) + 1)
    for way in ways:
        numbers = everything if most is None else random.Random(way).sample(everything, most)
        failed = [await trial.fail(number, way) for number in numbers]
        assert sum(failed) > len(failed) // 2, f"{way}: only {sum(failed)} of {len(failed)} acts failed"
