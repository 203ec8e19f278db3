"""Reading answers: one record, one page, or nothing. The JSON of each record is kept as it came."""

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Generic, TypeVar

import msgspec

from instica_desktop.api.transport import Response
from instica_desktop.core import wire
from instica_desktop.core.legible import legible
from instica_desktop.core.models import Record

T = TypeVar("T")
Read = Callable[[Response], T]
"""How an answer is read. Raises msgspec.DecodeError for what is not JSON or not of the right shape."""


class Page(msgspec.Struct, Generic[T], frozen=True):
    """One page of a list. `count` is of all pages; `skipped` records could not be read and are left out."""

    records: tuple[Record[T], ...]
    count: int
    has_more: bool
    skipped: int = 0


class Fetched(msgspec.Struct, Generic[T], frozen=True):
    """One record with the mark of its version, where the server gives one."""

    record: Record[T]
    etag: str | None = None


MOST_RECORDS = 10_000_000
"""A count above this is none: no shop has as many, and a table would make room for every row."""
_NULL = msgspec.Raw(b"null")


class _Envelope(msgspec.Struct):
    results: list[msgspec.Raw]
    count: msgspec.Raw = _NULL
    next: msgspec.Raw = _NULL


_envelope = msgspec.json.Decoder(_Envelope)
_array = msgspec.json.Decoder(list[msgspec.Raw])
_counted = msgspec.json.Decoder(Annotated[int, msgspec.Meta(ge=0, le=MOST_RECORDS)], strict=False)


def page_of(kind: type[T]) -> Read[Page[T]]:
    """Return a reader of lists, bare or in the envelope. One bad record does not lose the others."""

    def read(response: Response) -> Page[T]:
        raws, count, more, repaired = _parts(response.body)
        records = _records(kind, raws, repaired=repaired)
        return Page(records, len(raws) if count is None else count, more, len(raws) - len(records))

    return read


def record_of(kind: type[T]) -> Read[Fetched[T]]:
    """Return a reader of one record with its ETag."""

    def read(response: Response) -> Fetched[T]:
        record = Record(*wire.taken(kind, response.body))
        return Fetched(record, response.headers.get("etag") or None)

    return read


def data_of(kind: type[T]) -> Read[T]:
    """Return a reader of one object of which only our fields matter."""
    return lambda response: wire.read(kind, response.body)


def list_of(kind: type[T]) -> Read[tuple[T, ...]]:
    """Return a reader of a short list that comes whole, bare or in the envelope."""
    read_page = page_of(kind)
    return lambda response: tuple(record.data for record in read_page(response).records)


def nothing(response: Response) -> None:
    """Read an answer of which only the success matters: empty (204), or any JSON."""
    if response.status not in (204, 205):
        wire.plain(response.body)


def _parts(body: bytes) -> tuple[list[msgspec.Raw], int | None, bool, bool]:
    """Return the raw records, the count if the server tells it, whether there are more pages.

    And whether the page had to be made legible first.
    """
    try:
        return *_taken_apart(body), False
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return *_taken_apart(legible(body)), True


def _taken_apart(body: bytes) -> tuple[list[msgspec.Raw], int | None, bool]:
    if body.lstrip()[:1] == b"[":
        return _array.decode(body), None, False
    envelope = _envelope.decode(body)
    return envelope.results, _count(envelope.count), bool(wire.plain(envelope.next))


def _count(told: msgspec.Raw) -> int | None:
    """Return the count a server tells; None for what is no number of records."""
    try:
        return _counted.decode(told)
    except msgspec.DecodeError:
        return None


def _records(kind: type[T], raws: list[msgspec.Raw], *, repaired: bool) -> tuple[Record[T], ...]:
    """Decode the records: all as they should be, or, where one is not, each leniently by itself."""
    decode = wire.decoder(kind).decode
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if not repaired:
            return tuple([Record(decode(raw), bytes(raw)) for raw in raws])
    found = (_record_or_none(kind, raw, repaired=repaired) for raw in raws)
    return tuple(record for record in found if record is not None)


def _record_or_none(kind: type[T], raw: msgspec.Raw, *, repaired: bool) -> Record[T] | None:
    try:
        return Record(*wire.taken(kind, raw, repaired=repaired))
    except msgspec.DecodeError:
        return None
