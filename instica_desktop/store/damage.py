"""Rows of the outbox that were spoilt on the disk: what a backup has of them is held back, the rest is said.

Nothing that does not fit its seal is sent. It is looked for in the backups, newest first, by the number it
has in the file, then by its uuid; what is found there waits for the user's word, for it may be older than
what was spoilt. Of what no backup has, an entry stays that says what is known.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.describe import describe
from instica_desktop.core.intake import Taken, TakenState
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY, Operation, OpKind, OpState
from instica_desktop.store import rows, seals
from instica_desktop.store.backup_rows import BackupRows, Named, rows_in
from instica_desktop.store.coalesce import renamed
from instica_desktop.store.database import Connection
from instica_desktop.store.outbox import OWNER, UNCONFIRMED
from instica_desktop.store.restoring import Restored, mark_unconfirmed, put_unreadable_aside
from instica_desktop.store.saved_texts import KEY as SAVED_TEXTS
from instica_desktop.store.schema import OUTBOX
from instica_desktop.store.seals import Spoilt

log = logging.getLogger(__name__)

_taken = msgspec.json.Decoder(Taken).decode
_TITLE = re.compile(r'"title":"((?:[^"\\]|\\.){1,200})"')
FROM_A_BACKUP = (
    "This edit was damaged on this computer’s disk. This is how the backup of {when} has it; what you "
    "changed in it later is not in there.{reads} Send it if it is right, or drop it."
)
IN_NO_BACKUP = (
    "This edit was damaged on this computer’s disk, and no backup has it, so it is not sent.{reads} "
    "Look at the record, make the edit again if it is still wanted, then drop this line."
)
READS = " The damaged one reads “{words}”, which may not be what you wrote."
PHOTO_AGAIN = "was damaged on this computer’s disk. This is how a backup has it: try again if it is right."
PHOTO = (
    "A photo that was being added was damaged on this computer’s disk, and no backup has it. Add the photo "
    "to its record again, then drop this line."
)
NAME = (
    "How the server calls a record that was made here was damaged on this computer’s disk, and no backup "
    "has it. What you typed for that record and did not save may not be shown with it."
)
PAST = (
    "An entry of a record’s history was damaged on this computer’s disk, and no backup has it. Nothing that "
    "waits to be sent is touched."
)
OTHER_VERSION = (
    "An edit that another version of Instica Desktop made, and that was kept for it, was damaged on this "
    "computer’s disk, and no backup has it. Make it again if it is still wanted, then drop this line."
)
_LOST = {"intake": PHOTO, "renamings": NAME, "history": PAST, "unreadable": OTHER_VERSION}

_NAMES = {
    "intake": "a photo that is being added",
    "renamings": "how the server calls a record that was made here",
    "meta": "what is noted about the waiting edits",
    "history": "an entry of a record’s history",
}


def mend_rows(connection: Connection, folder: Path, found: Sequence[Spoilt]) -> None:
    """Hold back what was spoilt in an outbox, in the transaction that is open.

    `folder` is that of the backups. What another version wrote is put aside, where that will find it.
    """
    spoilt = [*found, *_no_json(connection, {row.key for row in found if row.table == "operations"})]
    for row in spoilt:
        seals.remove(connection, row)
    _mended(_Mender(connection, folder), spoilt)
    put_unreadable_aside(connection)


def hold_back(connection: Connection, folder: Path, found: Sequence[Spoilt]) -> None:
    """Hold back what was spoilt in a damaged outbox whose backup stands in its place.

    The backup has most of it, as it was before: that may not go out as if it were what was spoilt.
    """
    _mended(_Mender(connection, folder, restored=True), found)


def is_of_no_weight(row: Spoilt) -> bool:
    """Tell whether a spoilt row just goes: that of the texts that were saved says nothing of the edits."""
    return row.table == "meta" and row.key == SAVED_TEXTS.encode()


def named(row: Spoilt) -> str:
    """Return a spoilt row in the user's words, as far as it still says what it is."""
    match row.table:
        case "operations":
            title, uid = _title(row), row.text("uid")
            return f"the waiting edit of {f'“{title}”' if title else f'record {uid}'}"
        case "unreadable":
            return "an edit kept for another version"
        case table:
            return _NAMES[table]


def _title(row: Spoilt) -> str:
    found = _TITLE.search(row.text("body"))
    try:
        return msgspec.json.decode(found[0].removeprefix('"title":'), type=str) if found else ""
    except msgspec.DecodeError:
        return ""


def _mended(mender: "_Mender", found: Sequence[Spoilt]) -> None:
    if found:
        log.info("%d rows of the waiting edits were spoilt on the disk", len(found))
    for row in found:
        mender.mend(row)


def _no_json(connection: Connection, but: set[int | bytes]) -> Iterator[Spoilt]:
    """Yield operations that are no JSON: spoilt before they were sealed, by a version that made no seals.

    What is JSON and no operation is another version's.
    """
    names = seals.SEALED["operations"]
    for cells in list(seals.whole(connection, "operations")):
        row = Spoilt("operations", int(cells[0] or 0), dict(zip(names, cells, strict=True)))
        if row.key not in but and not _is_json(row.cells["body"]):
            yield row


def _is_json(body: bytes | None) -> bool:
    try:
        msgspec.json.decode(body or b"")
    except rows.UNREADABLE:
        return False
    return True


class _Mender:
    """Puts in the place of spoilt rows what backups have of them, or an entry that says what is known."""

    def __init__(self, connection: Connection, backups: Path, *, restored: bool = False) -> None:
        """`restored`: what stands in the file comes from a backup itself."""
        self._db = connection
        self._backups = BackupRows(backups)
        self._restored = restored
        self._said: set[str] = set()
        self._sent = self._uuids("deliveries")
        self._here = self._uuids("operations")
        names = (cells[:2] for cells in seals.whole(connection, "renamings"))
        self._real = {(old or b"").decode(): (real or b"").decode() for old, real in names}

    def mend(self, row: Spoilt) -> None:
        """Put right what one row held."""
        match row.table:
            case "operations":
                self._edit(row)
            case "intake":
                self._photo(row)
            case "meta":
                if not is_of_no_weight(row):
                    self._meta()
            case _:
                self._other(row)

    # ------------------------------------------------------------ by table

    def _edit(self, row: Spoilt) -> None:
        for at, cells in self._backups.of(row):
            uuid = cells["uuid"] or b""
            if self._restored and uuid in self._here:
                self._doubt(row, uuid.decode(), at)
                return
            if uuid in self._here | self._sent:
                continue  # that one stands elsewhere by now, or is on the server
            with suppress(*rows.UNREADABLE):
                there = renamed(rows.decode(cells["body"] or b""), self._real)
                reads = self._reads(row, but=there)
                message = FROM_A_BACKUP.format(when=day_and_clock(at), reads=reads)
                self._hold(row, there, message, int(cells["place"] or 0))
                return
        self._lost(row, IN_NO_BACKUP.format(reads=self._reads(row)))

    def _doubt(self, row: Spoilt, uuid: str, at: datetime) -> None:
        """Let an edit that stands here wait for the user's word: what was spoilt may be newer."""
        there = rows.find(self._db, uuid)
        if there is not None and there.state is not OpState.DAMAGED:
            message = FROM_A_BACKUP.format(when=day_and_clock(at), reads=self._reads(row, but=there))
            rows.put(self._db, there, _held(there, message))

    def _photo(self, row: Spoilt) -> None:
        for _, cells in self._backups.of(row):
            if cells["uuid"] in self._here | self._sent:
                return  # it has become an edit by now
            with suppress(*rows.UNREADABLE):
                taken = _taken(cells["body"] or b"")
                if taken.state is TakenState.WAITING:
                    taken = msgspec.structs.replace(taken, state=TakenState.REFUSED, reason=PHOTO_AGAIN)
                kept = {"uuid": taken.uuid, "body": msgspec.json.encode(taken)}
                seals.insert(self._db, "intake", kept, "INSERT OR REPLACE")
                return
        self._lost(row, PHOTO)

    def _meta(self) -> None:
        """Put back whose edits these are. What else was noted nobody knows: nothing is sent before a word."""
        known = {cells[0] for cells in seals.whole(self._db, "meta")}
        owner = OWNER.encode()
        found = next(self._backups.of(Spoilt("meta", owner, {"key": owner, "value": None})), None)
        if found is not None and owner not in known:
            self._insert("meta", found[1])
        seals.note_version(self._db, OUTBOX.version)
        if UNCONFIRMED.encode() not in known:
            note = Restored(datetime.now(UTC), edits=len(self._here), notes=True)
            mark_unconfirmed(self._db, msgspec.json.encode(note).decode())

    def _other(self, row: Spoilt) -> None:
        found = next(self._backups.of(row), None)
        if found is None:
            self._lost(row, _LOST[row.table])
        elif found[1] not in list(rows_in(self._db, row.table)):
            self._insert(row.table, found[1])

    # ------------------------------------------------------------ inside

    def _hold(self, row: Spoilt, there: Operation, message: str, place: int = 0) -> None:
        seq = int(row.key) if row.table == "operations" else 0
        rows.add(self._db, _held(there, message), seq, place)
        self._here.add(there.uuid.encode())

    def _lost(self, row: Spoilt, message: str) -> None:
        """Let an entry stand for what nothing is left of; it has nothing that could be sent."""
        if row.table != "operations" and row.table in self._said:
            return
        self._said.add(row.table)
        entity, uid, title = Entity.ITEM, "", ""
        if row.table == "operations":
            with suppress(ValueError):
                entity = Entity(row.text("entity"))
            uid = self._real.get(row.text("uid"), row.text("uid"))
            title = _title(row)
        uuid = row.text("uuid") if "uuid" in row.cells else ""
        if not uuid or "\ufffd" in uuid or uuid.encode() in self._here:
            uuid = str(uuid4())
        kind = OpKind.CREATE if uid == TEMPORARY + uuid else OpKind.UPDATE
        now = datetime.now(UTC)
        nothing = Operation(uuid=uuid, entity=entity, uid=uid, kind=kind, title=title, created=now)
        self._hold(row, nothing, message)

    def _reads(self, row: Spoilt, but: Operation | None = None) -> str:
        """Return what a spoilt edit says of itself, where it still says something else than its backup."""
        try:
            words = describe(rows.decode(row.cells["body"] or b""))
        except Exception:  # noqa: BLE001  it may be of any shape: then it says nothing
            return ""
        known = describe(but) if but is not None else ""
        return READS.format(words=words) if words and words != known else ""

    def _insert(self, table: str, cells: Named) -> None:
        row = {name: seals.value_of(table, name, cell) for name, cell in cells.items()}
        seals.insert(self._db, table, row, "INSERT OR REPLACE")

    def _uuids(self, table: str) -> set[bytes]:
        return {uuid for (uuid,) in self._db.execute(f"SELECT CAST(uuid AS BLOB) FROM {table}").fetchall()}


def _held(operation: Operation, message: str) -> Operation:
    """Return an edit that waits for the user's word. It may have been tried since: it is looked for first."""
    fresh: dict[str, Any] = {"retry_at": None, "errors": {}, "theirs": {}, "message": message}
    tries = max(1, operation.attempts)
    return msgspec.structs.replace(operation, state=OpState.DAMAGED, attempts=tries, **fresh)
