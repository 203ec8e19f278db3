"""Reading answers: one record, one page, or nothing. The JSON of each record is kept as it came."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec

from instica_desktop.api.transport import Response
from instica_desktop.core import wire
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


class _Envelope(msgspec.Struct):
    results: list[msgspec.Raw]
    count: int | None = None
    next: Any = None


_envelope = msgspec.json.Decoder(_Envelope, strict=False)
_array = msgspec.json.Decoder(list[msgspec.Raw])


def page_of(kind: type[T]) -> Read[Page[T]]:
    """Return a reader of lists, bare or in the envelope. One bad record does not lose the others."""

    def read(response: Response) -> Page[T]:
        raws, count, more = _parts(response.body)
        records = _records(kind, raws)
        return Page(records, len(raws) if count is None else count, more, len(raws) - len(records))

    return read


def record_of(kind: type[T]) -> Read[Fetched[T]]:
    """Return a reader of one record with its ETag."""

    def read(response: Response) -> Fetched[T]:
        record = Record(wire.read(kind, response.body), response.body)
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
        msgspec.json.decode(response.body)


def _parts(body: bytes) -> tuple[list[msgspec.Raw], int | None, bool]:
    """Return the raw records, the count if the server tells it, and whether there are more pages."""
    if body.lstrip()[:1] == b"[":
        return _array.decode(body), None, False
    envelope = _envelope.decode(body)
    return envelope.results, envelope.count, bool(envelope.next)


def _records(kind: type[T], raws: list[msgspec.Raw]) -> tuple[Record[T], ...]:
    """Decode the records: all as they should be, or, where one is not, each leniently by itself."""
    decode = wire.decoder(kind).decode
    try:
        return tuple([Record(decode(raw), bytes(raw)) for raw in raws])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return tuple(record for raw in raws if (record := _record_or_none(kind, raw)) is not None)


def _record_or_none(kind: type[T], raw: msgspec.Raw) -> Record[T] | None:
    try:
        return Record(wire.read(kind, raw), bytes(raw))
    except msgspec.DecodeError:
        return None
