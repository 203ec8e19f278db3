"""What is being typed and is not saved yet, kept in one small file so that it outlives the window.

One text is one line, of JSON, with a checksum of its own: what was spoilt on the disk spoils no other, and is
not taken for what was typed. The file holds only texts of fields of records. No form that takes a key or a
password hands its text over.
"""

import asyncio
import contextlib
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.store.saved_texts import SavedText, saving
from instica_desktop.system.files import write_atomically

log = logging.getLogger(__name__)

FILE = "drafts.json"
WRITTEN_AFTER = 0.25
"""Seconds after the first letter: what a kill may cost."""
SPOILT = "drafts.damaged.json"
"""What the file was when something in it turned out to be spoilt; the last one is kept."""
MOST = 500
"""Drafts kept; the oldest go first."""


class Draft(msgspec.Struct, frozen=True):
    """A text for a field of a record. `base` is the wire value that was shown when typing began.

    `uid` is what the record went by then; empty for one that is not made yet. The first letter was typed when
    it `began`, the last one `at` (seconds since 1970). `title` names the record once it is not here any more.
    """

    entity: Entity
    uid: str
    field: str
    text: str
    base: Any = None
    at: float = 0.0
    began: float = 0.0
    title: str = ""


class _Line(msgspec.Struct, frozen=True):
    """A draft as it is written, and the checksum of those bytes."""

    draft: msgspec.Raw
    sum: str


class Drafts:
    """The drafts of one shop. In memory at once, on the disk a moment later, without waiting for it.

    A draft lies aside once its field was left, or since an earlier run: nobody is typing it any more.
    """

    def __init__(
        self,
        path: Path,
        in_files: Callable[..., Awaitable[Any]],
        real: Callable[[str], str],
        saved: Iterable[SavedText] = (),
    ) -> None:
        """`in_files` runs work in the thread of files, `real` tells what became of a temporary uid.

        `saved` texts were kept by their acts: the last run ended before they left the file.
        """
        self._path, self._in_files, self._real = path, in_files, real
        found, self.spoilt = _read(path)
        """`spoilt` texts of an earlier run were spoilt on the disk; the file is kept as `SPOILT`."""
        known = {(one.entity, one.uid, one.field, one.began): one.at for one in saved}
        left = [one for one in found if known.get((one.entity, one.uid, one.field, one.began), -1) < one.at]
        self._drafts = {(one.entity, one.uid, one.field): one for one in left}
        self._aside = set(self._drafts)
        self.on_aside: list[Callable[[], None]] = []
        """Told when other drafts lie aside than before."""
        self.on_given_up: list[Callable[[Entity, str], None]] = []
        """Told of the record of which a text was given up, or taken up again, away from its field."""
        self._closed = False
        self._due: asyncio.TimerHandle | None = None
        self._writing: asyncio.Future[None] | None = None
        if len(left) < len(found):
            self._write_soon()

    def of(self, entity: Entity, uid: str) -> dict[str, Draft]:
        """Return the drafts of a record by field, whatever it went by when they were typed."""
        uid = self._real(uid)
        return {
            one.field: one
            for one in self._drafts.values()
            if one.entity is entity and self._real(one.uid) == uid
        }

    def newest(self, entity: Entity, field: str) -> Draft | None:
        """Return what was typed last for a field, of whatever record."""
        every = (one for one in self._drafts.values() if one.entity is entity and one.field == field)
        return max(every, key=lambda one: one.at, default=None)

    def keep(
        self, entity: Entity, uid: str, field: str, text: str, base: Any = None, title: str = ""
    ) -> None:
        """Keep a text in the place of the one before; `title` names its record."""
        former, now = self.of(entity, uid).get(field), time.time()
        self._forget(entity, uid, field)
        began = former.began if former is not None and former.began else now
        self._drafts[entity, uid, field] = Draft(entity, uid, field, text, base, now, began, title)
        while len(self._drafts) > MOST:
            oldest = next(iter(self._drafts.values()))
            self._forget(oldest.entity, oldest.uid, oldest.field)
        self._write_soon()

    @contextmanager
    def saving(self, places: Iterable[tuple[Entity, str, str]], text: str | None = None) -> Generator[None]:
        """Save the texts of these fields with what is kept inside, or only those that are `text`.

        They are dropped afterwards; a kill before that leaves none of them as not saved.
        """
        found = [self.of(entity, uid).get(field) for entity, uid, field in places]
        drafts = [one for one in found if one is not None and text in (None, one.text)]
        with saving(SavedText(one.entity, one.uid, one.field, one.began, one.at) for one in drafts):
            yield

    def drop(self, entity: Entity, uid: str, field: str) -> None:
        """Let go of a text: it is saved, or was taken back."""
        if self._forget(entity, uid, field):
            self._write_soon()

    def give_up(self, entity: Entity, uid: str, field: str) -> Draft | None:
        """Drop a text away from its field, which shows it no longer. Returns it, to be taken up again."""
        draft = self.of(entity, uid).get(field)
        if draft is not None:
            self.drop(entity, uid, field)
            self._tell_of(draft)
        return draft

    def take_up(self, draft: Draft) -> None:
        """Keep a text again that was given up, unless another was typed in its place since."""
        if draft.field not in self.of(draft.entity, draft.uid):
            key = (draft.entity, draft.uid, draft.field)
            self._drafts[key] = draft
            self._aside.add(key)
            self._write_soon()
            self._tell()
            self._tell_of(draft)

    def put_aside(self, entity: Entity, uid: str, field: str) -> bool:
        """Note that a field was left over its text; False when that is known, or there is none."""
        draft = self.of(entity, uid).get(field)
        key = (draft.entity, draft.uid, draft.field) if draft is not None else None
        if key is None or key in self._aside:
            return False
        self._aside.add(key)
        self._tell()
        return True

    def aside(self) -> list[Draft]:
        """Return the texts of records that nobody is typing any more, under what their records go by now."""
        left = (self._drafts[key] for key in self._drafts if key in self._aside)
        return [msgspec.structs.replace(one, uid=self._real(one.uid)) for one in left]

    async def close(self) -> None:
        """Return once what was typed last is on the disk. What comes later is of no shop any more."""
        self._closed = True
        if self._due is not None:
            self._due.cancel()
        if self._due is not None or self.spoilt:  # what was spoilt has been said
            self._write()
        if self._writing is not None:
            await self._writing

    # ------------------------------------------------------------ inside

    def _forget(self, entity: Entity, uid: str, field: str) -> bool:
        draft = self.of(entity, uid).get(field)
        if draft is not None:
            key = (draft.entity, draft.uid, draft.field)
            del self._drafts[key]
            if key in self._aside:
                self._aside.discard(key)
                self._tell()
        return draft is not None

    def _tell(self) -> None:
        for call in list(self.on_aside):
            call()

    def _tell_of(self, draft: Draft) -> None:
        for call in list(self.on_given_up):
            call(draft.entity, self._real(draft.uid))

    def _write_soon(self) -> None:
        if self._due is None and not self._closed:
            self._due = asyncio.get_event_loop().call_later(WRITTEN_AFTER, self._write)

    def _write(self) -> None:
        self._due = None
        content = b"".join(_line(one) for one in self._drafts.values())
        self._writing = asyncio.ensure_future(self._in_files(_write, self._path, content))


def _write(path: Path, content: bytes) -> None:
    try:
        write_atomically(path, content)
    except OSError as error:
        log.info("What is being typed could not be kept: %s", error)


def _line(draft: Draft) -> bytes:
    content = msgspec.json.encode(draft)
    return msgspec.json.encode(_Line(msgspec.Raw(content), _sum(content))) + b"\n"


def _sum(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _read(path: Path) -> tuple[list[Draft], int]:
    """Return the drafts of a file, and how many of them are spoilt; what it was is kept aside then."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return [], 0
    except OSError as error:
        log.info("What was being typed could not be read: %s", error)
        return [], 0
    if content.startswith(b"["):  # an earlier version wrote one list, without checksums
        with contextlib.suppress(msgspec.DecodeError):
            return msgspec.json.decode(content, type=list[Draft]), 0
    found = [_draft(line) for line in content.split(b"\n") if line]
    whole = [one for one in found if one is not None]
    if len(whole) < len(found):
        log.info("%d texts that were being typed are spoilt", len(found) - len(whole))
        _write(path.with_name(SPOILT), content)
    return whole, len(found) - len(whole)


def _draft(line: bytes) -> Draft | None:
    """Return the draft of a line; None where it is not what was written."""
    try:
        read = msgspec.json.decode(line, type=_Line)
        return msgspec.json.decode(read.draft, type=Draft) if read.sum == _sum(bytes(read.draft)) else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
