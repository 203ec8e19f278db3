"""Which typed texts an act saved, noted in the very transaction that keeps the act.

The file of what is being typed follows a moment later: should the app be killed before, the note tells at the
next start that those texts are saved, so that nobody is asked to save them twice.
"""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.store.database import Connection, one
from instica_desktop.store.seals import insert

KEY = "saved_texts"
"""Under which they stand in `meta`; without it somebody is asked about a text once more."""
NOTED = 64
"""Texts whose saving stays noted, the last ones: far more than are saved while their file is written once."""
Job = Callable[[Connection], None]


class SavedText(msgspec.Struct, frozen=True, array_like=True):
    """A text as it was when it was saved. `began` and `at` are as in `Draft`."""

    entity: Entity
    uid: str
    field: str
    began: float
    at: float


_being_saved: ContextVar[list[SavedText] | None] = ContextVar("being_saved", default=None)


@contextmanager
def saving(texts: Iterable[SavedText]) -> Generator[None]:
    """Note these texts as saved with whatever is kept inside, by this task."""
    held = list(texts)
    token = _being_saved.set(held)
    try:
        yield
    finally:
        held.clear()  # a task begun inside goes on with this list
        _being_saved.reset(token)


def along_with(beside: Job | None = None) -> Job | None:
    """Return what to write in a transaction that keeps an act: `beside`, and which texts the act saves."""
    texts = tuple(_being_saved.get() or ())
    if not texts:
        return beside

    def write(connection: Connection) -> None:
        if beside is not None:
            beside(connection)
        noted = (*saved_texts(connection), *texts)[-NOTED:]
        insert(
            connection,
            "meta",
            {"key": KEY, "value": msgspec.json.encode(noted).decode()},
            "INSERT OR REPLACE",
        )

    return write


def saved_texts(connection: Connection) -> tuple[SavedText, ...]:
    """Return the texts that were saved last; none where another version noted them in its own way."""
    value = one(connection, "SELECT value FROM meta WHERE key=?", (KEY,))
    try:
        return msgspec.json.decode(value, type=tuple[SavedText, ...]) if value else ()
    except msgspec.DecodeError:
        return ()
