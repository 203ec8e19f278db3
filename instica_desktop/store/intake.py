"""What a person gave to a record and has not become an edit yet, kept beside the edits in the outbox.

Every change is one transaction of the outbox's file; what is in memory follows after it.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from instica_desktop.core.intake import Taken, TakenState
from instica_desktop.store.database import Connection, Writer
from instica_desktop.store.rows import UNREADABLE
from instica_desktop.store.seals import demand, insert, seal

log = logging.getLogger(__name__)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Taken).decode


class IntakeBook:
    """The pictures that were taken and are not settled, in the order they were given."""

    def __init__(self, writer: Writer, reader: Connection) -> None:
        self._writer = writer
        self._all = {one.uuid: one for one in stored_intake(reader)}

    def all(self) -> list[Taken]:
        """Return everything, in order."""
        return sorted(self._all.values(), key=lambda one: one.seq)

    def get(self, uuid: str) -> Taken | None:
        """Return one, or None when it is settled or was never written down."""
        return self._all.get(uuid)

    @property
    def waiting(self) -> int:
        """How many wait to be kept."""
        return sum(one.state is TakenState.WAITING for one in self._all.values())

    def copies(self) -> set[str]:
        """Return the names of the copies that are still needed."""
        return {one.copy for one in self._all.values() if one.copy and one.needs_source}

    async def note(self, taken: Sequence[Taken]) -> None:
        """Write down what was given; durable, all of it or nothing, when it returns."""

        def write(connection: Connection) -> list[Taken]:
            return [_insert(connection, one) for one in taken]

        await self._writer.run(write, self._enter)

    async def change(self, changed: Sequence[Taken], was: TakenState = TakenState.WAITING) -> None:
        """Write down what has become of some; what is not as it `was` any more stays as it is."""

        def write(connection: Connection) -> list[Taken]:
            there = [one for one in changed if (now := _find(connection, one.uuid)) and now.state is was]
            return [_update(connection, one) for one in there]

        await self._writer.run(write, self._enter)

    async def copied(self, copies: Mapping[str, str]) -> None:
        """Write down, by uuid, the names of copies that were made; what needs none any more gets none."""

        def write(connection: Connection) -> list[Taken]:
            found = (_find(connection, uuid) for uuid in copies)
            return [
                _update(connection, msgspec.structs.replace(one, copy=copies[one.uuid]))
                for one in found
                if one is not None and one.needs_source
            ]

        await self._writer.run(write, self._enter)

    async def forget(self, taken: Iterable[Taken]) -> None:
        """Strike out what is done with; what has become something else meanwhile stays."""
        given = list(taken)

        def write(connection: Connection) -> list[str]:
            there = ((one, _find(connection, one.uuid)) for one in given)
            gone = [one.uuid for one, now in there if now is not None and now.state is one.state]
            connection.executemany("DELETE FROM intake WHERE uuid=?", [(uuid,) for uuid in gone])
            return gone

        await self._writer.run(write, self._leave)

    def settling(self, after: Taken) -> Callable[[Connection], None]:
        """Return what writes, in a transaction of the outbox, that a waiting picture is settled.

        It raises KeyError, and nothing of the transaction stays, when the picture waits no more.
        """

        def write(connection: Connection) -> None:
            now = _find(connection, after.uuid)
            if now is None or now.state is not TakenState.WAITING:
                raise KeyError(after.uuid)
            _update(connection, after)

        return write

    def settled(self, after: Taken) -> None:
        """Take note that what `settling` returned was carried out."""
        self._enter([after])

    def _enter(self, taken: Iterable[Taken]) -> None:
        self._all |= {one.uuid: one for one in taken}

    def _leave(self, uuids: Iterable[str]) -> None:
        for uuid in uuids:
            self._all.pop(uuid, None)


def stored_intake(connection: Connection) -> list[Taken]:
    """Return what a file holds; what this version cannot read stays there for one that can."""
    found: list[Taken] = []
    for row in connection.execute("SELECT seq, uuid, body, seal FROM intake ORDER BY seq").fetchall():
        try:
            found.append(_taken(row))
        except UNREADABLE as error:
            log.info("A picture that was taken cannot be read by this version: %s", error)
    return found


def write_intake(connection: Connection, taken: Iterable[Taken]) -> None:
    """Make a file hold these, in this order, and nothing else."""
    connection.execute("DELETE FROM intake")
    for one in taken:
        _insert(connection, one)


def _insert(connection: Connection, one: Taken) -> Taken:
    insert(connection, "intake", {"uuid": one.uuid, "body": _encode(one)})
    return msgspec.structs.replace(one, seq=connection.last_insert_rowid())


def _update(connection: Connection, one: Taken) -> Taken:
    body = _encode(one)
    sealed = seal("intake", (one.uuid, body))
    connection.execute("UPDATE intake SET body=?, seal=? WHERE uuid=?", (body, sealed, one.uuid))
    return one


def _find(connection: Connection, uuid: str) -> Taken | None:
    row = connection.execute("SELECT seq, uuid, body, seal FROM intake WHERE uuid=?", (uuid,)).fetchone()
    return row and _taken(row)


def _taken(row: Sequence[Any]) -> Taken:
    seq, uuid, body, sealed = row
    demand("intake", (uuid, body), sealed)
    return msgspec.structs.replace(_decode(body), seq=seq)
