"""A shop's waiting edits spoilt on the disk in ways a disk knows, and what must hold of them afterwards.

The model is every state each edit ever had. Whatever was spoilt: an edit that may be sent is what the person
made last, or, after a restore that was said, some state the person made; one that is not there is spoken of.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import apsw

from instica_desktop.core.errors import StoreError
from instica_desktop.core.intake import Taken
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import NEEDS_USER, Operation, OpKind
from instica_desktop.store.care import Care
from instica_desktop.store.checking import Report, examine
from instica_desktop.store.store import Store
from tests.store.support import NOW, operation, update

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def meaning(one: Operation) -> tuple[Any, ...]:
    """Return what an edit would do."""
    return (one.kind, one.entity, one.uid, one.edits, one.payload)


@dataclass
class Made:
    """What a person made: each state of each edit, and those that wait in the end."""

    states: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    last: dict[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    backed_up: set[str] = field(default_factory=set[str])

    def note(self, store: Store) -> None:
        """Take note of what waits now."""
        self.last = {one.uuid: meaning(one) for one in store.outbox.all()}
        for uuid, what in self.last.items():
            self.states[uuid].append(what)


async def _acts(store: Store, made: Made, chance: random.Random, number: int) -> None:
    for at in range(number):
        uid = f"i{chance.randrange(9)}"
        shelf = "".join(chance.choices(LETTERS, k=8))
        match chance.randrange(6):
            case 0:
                payload = {"fields": {"manual_sku": shelf}}
                uuid = f"create-{chance.random():.9f}"
                await store.outbox.add(operation(f"tmp-{uuid}", OpKind.CREATE, uuid=uuid, payload=payload))
            case 1:
                photo = await store.blobs.put(shelf.encode())
                await store.outbox.add(operation(uid, OpKind.ADD_PHOTO, payload={"blob": photo}))
                await store.blobs.release(photo)
            case 2 if waiting := store.outbox.all():
                await store.outbox.done(chance.choice(waiting).uuid)
            case _:
                field_ = chance.choice(("location", "condition_notes", "manual_sku"))
                await store.outbox.add(
                    update(uid, field_, at, shelf * chance.choice((1, 1, 90)), title=f"Blue {uid}")
                )
        made.note(store)


async def lived(folder: Path, chance: random.Random) -> Made:
    """Make edits in a new folder, with backups in between, and close it."""
    store, made = Store.open(folder), Made()
    for hours in range(3):
        await _acts(store, made, chance, chance.randrange(3, 9))
        await store.intake.note(
            [Taken(uuid=f"taken-{hours}", drop="d", entity=Entity.ITEM, uid="i1", name="a.jpg")]
        )
        if hours < 2:
            await store.back_up(NOW + timedelta(hours=hours))
            made.backed_up = set(made.last)
    await _acts(store, made, chance, chance.randrange(3))
    await store.close()
    return made


# ------------------------------------------------------------ ways to spoil


def _bytes(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 1, 3, 40))):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path.write_bytes(content)


def _header(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(16, 100)] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def _bits_of_the_schema(path: Path, chance: random.Random) -> None:
    """Flip bits on the first page, where SQLite reads what the tables are."""
    content = bytearray(path.read_bytes())
    for _ in range(3):
        content[chance.randrange(100, 4096)] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def _zeros(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    page = chance.randrange(len(content) // 4096)
    content[page * 4096 : (page + 1) * 4096] = bytes(4096)
    path.write_bytes(content)


def _page_of_another_place(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    one, other = chance.sample(range(1, len(content) // 4096), 2)
    content[one * 4096 : (one + 1) * 4096] = content[other * 4096 : (other + 1) * 4096]
    path.write_bytes(content)


def _cut(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(1, len(content))])


def _letters(path: Path, chance: random.Random) -> None:
    """Change letters inside bodies, which stay JSON: nothing but a checksum can tell."""
    connection = apsw.Connection(str(path))
    for seq, body in list(connection.execute("SELECT seq, CAST(body AS BLOB) FROM operations")):
        if chance.random() < 0.3:
            places = [at for at, letter in enumerate(body) if chr(letter) in LETTERS]
            at = chance.choice(places)
            other = chance.choice([letter for letter in LETTERS if ord(letter) != body[at]])
            changed = body[:at] + other.encode() + body[at + 1 :]
            connection.execute("UPDATE operations SET body=? WHERE seq=?", (changed, seq))
    connection.close()


def _no_letter(path: Path, chance: random.Random) -> None:
    """Put a byte into bodies that is no letter of any text."""
    connection = apsw.Connection(str(path))
    for seq, body in list(connection.execute("SELECT seq, CAST(body AS BLOB) FROM operations")):
        if chance.random() < 0.3:
            at = chance.randrange(len(body))
            connection.execute(
                "UPDATE operations SET body=? WHERE seq=?", (body[:at] + b"\xff" + body[at + 1 :], seq)
            )
    connection.close()


def _names(path: Path, chance: random.Random) -> None:
    """Change to what an edit belongs, or by what it is known."""
    connection = apsw.Connection(str(path))
    column = chance.choice(("uid", "uuid"))
    last = "(SELECT max(seq) FROM operations)"
    connection.execute(f"UPDATE operations SET {column}=substr({column}, 2) || 'x' WHERE seq={last}")
    connection.close()


Way = Callable[[Path, random.Random], None]
WAYS: tuple[Way, ...] = (
    _letters,
    _no_letter,
    _names,
    _bytes,
    _zeros,
    _page_of_another_place,
    _cut,
    _header,
    _bits_of_the_schema,
)


# ------------------------------------------------------------ what must hold


class Wrong(AssertionError):
    """An edit was altered or is gone without a word."""


async def judged(folder: Path, made: Made, *, backups_whole: bool) -> str:
    """Check and open what was spoilt; return in a word what became of it.

    Raises:
        Wrong: what must hold does not.
    """
    before = examine(folder)
    try:
        store = Store.open(folder)
    except StoreError as error:
        raise Wrong(
            f"the shop does not open: {type(error).__name__} {error.message} {error.details}"
        ) from error
    try:
        outcome = _judged(store, made, before, backups_whole=backups_whole)
        there = [one for one in store.outbox.all() if one.uuid in made.states]
    finally:
        await store.close()
    if wrong := [one for one in _of_edits(folder) if "history" not in one]:
        raise Wrong(f"it is not mended: {wrong}")
    if _of_edits(folder):  # the history is looked through by a repair
        await Store.open(folder, thorough=True).close()
    if wrong := _of_edits(folder):
        raise Wrong(f"a repair does not mend it: {wrong}")
    again = Store.open(folder)
    try:
        if [one for one in again.outbox.all() if one.uuid in made.states] != there:
            raise Wrong("another start finds something else")
    finally:
        await again.close()
    return outcome


def _of_edits(folder: Path) -> list[str]:
    return [one.message for one in examine(folder).findings if one.part == "edits"]


def _judged(store: Store, made: Made, before: Report, *, backups_whole: bool) -> str:
    operations = {one.uuid: one for one in store.outbox.all()}
    restored = Care(store).restored is not None
    lost = [one for one in operations.values() if _is_lost(one)]
    held = [one for one in operations.values() if one.state.value == "damaged" and not _is_lost(one)]
    for one in operations.values():
        free = one.state not in NEEDS_USER and not restored
        allowed = [made.last.get(one.uuid)] if free else made.states.get(one.uuid, [])
        if meaning(one) not in allowed and not _is_lost(one):
            raise Wrong(f"altered: {one}")
        if one.state.value == "damaged" and not one.message:
            raise Wrong(f"held without a reason: {one}")
    missing = made.last.keys() - operations.keys()
    strange = [one for one in (*lost, *held) if one.uuid not in made.last]
    if not restored and len(missing) > len(strange):
        raise Wrong(f"gone without a word: {missing}")
    if backups_whole and (gone := (made.backed_up & missing)) and len(gone) > len(strange):
        raise Wrong(f"gone although a backup has it: {gone}")
    if (restored or lost or held) and not [one for one in before.findings if one.part == "edits"]:
        raise Wrong("the check found nothing")
    if any("newer version" in one.message or "by this version" in one.message for one in before.findings):
        raise Wrong(f"the check names another cause: {[one.message for one in before.findings]}")
    return "restored" if restored else "held" if held or lost else "whole"


def _is_lost(one: Operation) -> bool:
    """Tell whether an entry only says that something is lost."""
    return one.state.value == "damaged" and not one.edits and not one.payload


def played(folder: Path, seed: int) -> str:
    """Live, spoil, and judge; return what became of it."""
    chance = random.Random(seed)
    made = asyncio.run(lived(folder, chance))
    WAYS[seed % len(WAYS)](folder / "outbox.db", chance)
    also = seed % 3 == 0
    if also:
        newest = max((folder / "backups").glob("outbox-*.db"))
        chance.choice(WAYS)(newest, chance)
    return asyncio.run(judged(folder, made, backups_whole=not also))
