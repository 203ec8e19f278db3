"""Answers nobody can mean: one value of thirty digits, lists in lists without end, half a character.

A real server on loopback gives them, and the real client reads them: what is meant is shown, and the one
value that is not is left out, wherever it comes.
"""

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from instica_desktop.api import InsticaClient
from instica_desktop.api.unpacking import OTHERWISE, TOO_LARGE
from instica_desktop.core import errors, wire
from instica_desktop.core.circles import ENDLESS, MOST
from instica_desktop.core.legible import DEEPEST
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from tests.api.scripted import ITEMS, Scripted, Step, Wired, reply

DEEP = "[" * 100_000 + "]" * 100_000
ABSURD = {
    "1e30": "1e30",
    "minus 1e30": "-1e30",
    "20 digits": "12345678901234567890",
    "5,000 digits": "1" + "0" * 5_000,
    "1e999999": "1e999999",
    "more than any exponent": "1e99999999999999999999",
    "as text": '"1e30"',
    "as much text": '"1e999999"',
    "no number": '"NaN"',
    "without end": '"Infinity"',
    "deep": DEEP,
    "deep objects": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "half a character": r'"\ud800"',
    "the other half": r'"x\udc00y"',
}
"""JSON that no field can hold."""
FIELDS = ("price_item_usd", "weight_grams", "days_in_inventory", "created", "added_later")
KEPT = '"uid": "bad", "title": "Kind of Blue", "location": "A-1", "price_shipping_usd": "4.50"'


def with_(field: str, value: str) -> bytes:
    """Return a record that has one absurd value."""
    return f'{{{KEPT}, "{field}": {value}, "status": "sold"}}'.encode()


def listed(*records: bytes, more: str = '"count": 3, "next": null') -> bytes:
    return b'{"results": [' + b", ".join(records) + b"], " + more.encode() + b"}"


def whole(item: Any) -> bool:
    """Tell whether a record is there with all that is meant of it."""
    kept = (item.uid, item.title, item.location, item.price_shipping_usd, item.status)
    return kept == ("bad", "Kind of Blue", "A-1", Decimal("4.50"), "sold")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", ABSURD)
async def test_a_record_with_one_absurd_value_is_shown_without_it(name: str, field: str) -> None:
    bad = with_(field, ABSURD[name])
    good = (b'{"uid": "a"}', b'{"uid": "b", "price_item_usd": "12.50", "x": [1.50]}')
    body = listed(good[0], bad, good[1])
    async with Scripted(reply(200, body), reply(200, bad)) as server, Wired(server.url) as wired:
        page = await wired.client.inventory.page(ITEMS)
        fetched = await wired.client.inventory.get("bad")
    assert [record.data.uid for record in page.records] == ["a", "bad", "b"]
    assert (page.count, page.has_more, page.skipped) == (3, False, 0)
    assert (page.records[0].raw, page.records[2].raw) == good, "what is in order stays as it came"
    for record in (page.records[1], fetched.record):
        assert whole(record.data)
        if field != "added_later":
            assert getattr(record.data, field) is None
        there = wire.record(record.raw)  # whoever reads what is kept finds the same, and can
        assert wire.convert(type(record.data), dict(there)) == record.data
        assert wire.read(type(record.data), record.raw) == record.data
        assert msgspec.json.encode(there)


async def test_times_that_no_calendar_knows_are_left_out() -> None:
    times = ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
    records = [with_("created", json.dumps(time)) for time in times]
    async with Scripted(reply(200, listed(*records))) as server, Wired(server.url) as wired:
        found = (await wired.client.inventory.page(ITEMS)).records
    assert [record.data.created for record in found] == [None] * 3
    assert all(whole(record.data) for record in found)


async def test_a_uid_that_cannot_be_read_is_one_bad_record() -> None:
    bad = (rb'{"uid": "x\ud800"}', b'{"uid": "\xff"}', b'{"uid": ' + DEEP.encode() + b"}")
    body = listed(b'{"uid": "a"}', *bad)
    async with Scripted(reply(200, body)) as server, Wired(server.url) as wired:
        page = await wired.client.inventory.page(ITEMS)
    assert [record.data.uid for record in page.records] == ["a"]
    assert page.skipped == 3


async def test_letters_of_no_alphabet_are_shown_as_such() -> None:
    records = [b'{"uid": "a", "name": "\xff"}', rb'{"uid": "b", "name": "\ud83d\ude00 \\ud800 \ud800"}']
    async with Scripted(reply(200, listed(*records))) as server, Wired(server.url) as wired:
        found = (await wired.client.inventory.page(ITEMS)).records
    assert [record.data.name for record in found] == ["�", "😀 \\ud800 �"]


def _nested(levels: int) -> str:
    return "[" * levels + '"x"' + "]" * levels


async def test_what_is_as_deep_as_is_read_stays() -> None:
    kept = with_("added_later", _nested(DEEPEST - 1))
    async with Scripted(reply(200, kept)) as server, Wired(server.url) as wired:
        assert (await wired.client.inventory.get("bad")).record.raw == kept


@pytest.mark.parametrize("count", [*ABSURD.values(), "-1", "100000000000", "true", "{}"])
async def test_a_count_that_is_none_does_not_lose_the_page(count: str) -> None:
    body = listed(b'{"uid": "a"}', b'{"uid": "b"}', more=f'"next": "x", "count": {count}')
    async with Scripted(reply(200, body)) as server, Wired(server.url) as wired:
        page = await wired.client.inventory.page(ITEMS)
    assert (page.count, page.has_more) == (2, True)


@pytest.mark.parametrize("value", ABSURD.values())
async def test_an_absurd_next_is_one(value: str) -> None:
    body = listed(b'{"uid": "a"}', more=f'"count": 1, "next": {value}')
    async with Scripted(reply(200, body)) as server, Wired(server.url) as wired:
        assert len((await wired.client.inventory.page(ITEMS)).records) == 1


Ask = Callable[[InsticaClient], Awaitable[Any]]
OTHERS: dict[str, tuple[Ask, str, Callable[[Any], Any], Any]] = {
    "photos": (
        lambda client: client.inventory.list_assets("a"),
        '[{"uid": "p", "bytes": VALUE}, {"uid": "q", "position": VALUE}]',
        lambda found: [(one.uid, one.bytes, one.position) for one in found],
        [("p", None, 0), ("q", None, 0)],
    ),
    "figures of sales": (
        lambda client: client.orders.stats(),
        '{"count": 3, "by_status": {"sold": 2, "odd": VALUE}, "today": {"orders": 1, "revenue": VALUE}}',
        lambda found: (found.count, found.by_status, found.today.orders, found.today.revenue),
        (3, {"sold": 2}, 1, None),
    ),
    "figures of the stock": (
        lambda client: client.inventory.analytics(),
        '{"in_stock": {"count": VALUE, "value_usd": VALUE, "cost_usd": "2.00"}}',
        lambda found: (found.in_stock.count, found.in_stock.value_usd, found.in_stock.cost_usd),
        (0, None, Decimal("2.00")),
    ),
    "an order": (
        lambda client: client.orders.get("o"),
        '{"uid": "o", "sale_price": VALUE,'
        ' "shipments": [{"uid": "s", "cost_usd": VALUE, "weight_grams": VALUE}]}',
        lambda found: (found.record.data.sale_price, *found.record.data.shipments),
        None,
    ),
    "a subscription": (
        lambda client: client.subscriptions.status(),
        '{"is_active": true, "usage": {"items": {"used": VALUE, "limit": 9}},'
        ' "plan": {"uid": "p", "price_monthly": VALUE}}',
        lambda found: (found.is_active, found.usage, found.plan.uid, found.plan.price_monthly),
        (True, {}, "p", None),
    ),
    "a job": (
        lambda client: client.marketplace.import_jobs(),
        '[{"uid": "j", "status": "running", "total": VALUE, "rows_per_second": VALUE}]',
        lambda found: [(one.data.uid, one.data.total) for one in found.records],
        [("j", 0)],
    ),
}
NUMBERS = [value for name, value in ABSURD.items() if "character" not in name and "half" not in name]


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("value", NUMBERS, ids=lambda value: value[:12])
async def test_every_other_answer_is_read_without_its_absurd_value(name: str, value: str) -> None:
    ask, body, shown, expected = OTHERS[name]
    answer = reply(200, body.replace("VALUE", value).encode())
    async with Scripted(answer) as server, Wired(server.url) as wired:
        found = shown(await ask(wired.client))
    if expected is not None:
        assert found == expected
    else:
        price, shipment = found
        assert (price, shipment.uid, shipment.cost_usd, shipment.weight_grams) == (None, "s", None, None)


async def test_what_comes_back_from_a_write_is_read_so_too(tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(b"no picture")
    steps = (
        reply(201, with_("price_item_usd", DEEP)),
        reply(200, with_("price_item_usd", "1e30")),
        reply(201, b'{"uid": "p", "width": 1e999999, "deep": ' + DEEP.encode() + b"}"),
        reply(200, b'{"deep": ' + DEEP.encode() + b"}"),
    )
    async with Scripted(*steps) as server, Wired(server.url) as wired:
        inventory = wired.client.inventory
        assert whole((await inventory.create({"product": "p"})).record.data)
        assert whole((await inventory.update("bad", {"location": "A-1"})).record.data)
        asset = await inventory.add_asset("bad", picture, "a.jpg", "item", "key", lambda sent, total: None)
        assert (asset.uid, asset.width) == ("p", None)
        await inventory.delete("bad")


@pytest.mark.parametrize("value", ABSURD.values(), ids=ABSURD)
@pytest.mark.parametrize(("status", "kind"), [(400, errors.ValidationFailed), (409, errors.Clash)])
async def test_the_body_of_an_error_may_hold_anything(
    value: str, status: int, kind: type[errors.Rejected]
) -> None:
    body = f'{{"location": ["Too long."], "odd": {value}}}'.encode()
    async with Scripted(reply(status, body)) as server, Wired(server.url) as wired:
        with pytest.raises(kind) as caught:
            await wired.client.inventory.update("a", {"location": "x"})
    if isinstance(caught.value, errors.ValidationFailed):
        assert caught.value.fields["location"] == ("Too long.",)
        assert all(text.encode() for texts in caught.value.fields.values() for text in texts)


@pytest.mark.parametrize("value", ABSURD.values(), ids=ABSURD)
async def test_a_record_is_gone_whatever_else_the_answer_says(value: str) -> None:
    body = f'{{"detail": "Not found.", "odd": {value}}}'.encode()
    async with Scripted(reply(404, body)) as server, Wired(server.url) as wired:
        with pytest.raises(errors.NotFound):
            await wired.client.keys.get(1)


# ------------------------------------------------------------ packed


BOMB = gzip.compress(gzip.compress(bytes(150_000_000)))


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,deflate", "br", "identity, gzip", "compress"])
async def test_what_is_packed_twice_or_otherwise_is_not_unpacked(encoding: str) -> None:
    async with Scripted(reply(200, BOMB, Content_Encoding=encoding)) as server, Wired(server.url) as wired:
        tracemalloc.start()
        with pytest.raises(errors.NotInstica) as caught:
            await wired.client.inventory.page(ITEMS)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert "gzip" in server.got[0].headers["accept-encoding"]
        assert not {"br", "zstd"} & set(server.got[0].headers["accept-encoding"].split(", "))
    assert caught.value.message == OTHERWISE
    assert peak < 5_000_000


async def test_a_body_packed_once_ends_at_the_limit() -> None:
    bomb = gzip.compress(bytes(200_000_000))
    async with Scripted(reply(200, bomb, Content_Encoding="gzip")) as server, Wired(server.url) as wired:
        tracemalloc.start()
        with pytest.raises(errors.NotInstica) as caught:
            await wired.client.inventory.page(ITEMS)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert caught.value.message == TOO_LARGE
    assert peak < 80_000_000, "the limit is 64 MB"


def _bare(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("GZIP ", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", _bare),
        ("identity", bytes),
        ("", bytes),
    ],
)
async def test_a_body_is_read_as_it_was_packed(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    body = json.dumps({"results": [{"uid": "a", "name": "x" * 300_000}], "count": 1}).encode()
    async with (
        Scripted(reply(200, pack(body), Content_Encoding=encoding)) as server,
        Wired(server.url) as wired,
    ):
        (record,) = (await wired.client.inventory.page(ITEMS)).records
    assert len(record.data.name or "") == 300_000


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize("cut", [0.5, 0.0])
async def test_a_damaged_packing_is_an_answer_that_was_lost(encoding: str, cut: float) -> None:
    packed = (gzip.compress if encoding == "gzip" else zlib.compress)(json.dumps({"results": []}).encode())
    body = packed[: int(len(packed) * cut)] or b"nothing of the kind"
    async with Scripted(reply(200, body, Content_Encoding=encoding)) as server, Wired(server.url) as wired:
        with pytest.raises(errors.ReplyLost):
            await wired.client.inventory.page(ITEMS)


# ------------------------------------------------------------ without end


def _page(*uids: str, count: int = 10**6, bad: int = 0) -> Step:
    results: list[Any] = [{"uid": uid} for uid in uids] + [None] * bad
    return reply(200, {"count": count, "next": "more", "results": results})


async def _read_into(read: list[str], client: InsticaClient) -> None:
    async for record in client.inventory.all(Query(Entity.ITEM)):
        read.append(record.data.uid)  # noqa: PERF401  what came before it broke off counts


@pytest.mark.parametrize("again", [_page("a", "b"), _page(), _page("b", "a"), _page(bad=2, count=2)])
async def test_a_list_that_goes_in_circles_has_an_end(again: Step) -> None:
    read: list[str] = []
    async with Scripted(_page("a", "b"), again) as server, Wired(server.url) as wired:
        with pytest.raises(errors.Unreadable, match=ENDLESS[:40]):
            await _read_into(read, wired.client)
        assert len(server.got) == 1 + MOST
    assert read == ["a", "b"]


async def test_pages_that_bring_little_are_no_circle() -> None:
    end = reply(200, {"count": 3, "next": None, "results": [{"uid": "c"}]})
    quiet = (
        _page("a"),
        _page(bad=3),
        _page(bad=3),
        _page(bad=3),
        _page(bad=3),
        _page("b"),
        _page("a"),
        _page("b"),
    )
    async with Scripted(*quiet, end) as server, Wired(server.url) as wired:
        found = [record.data.uid async for record in wired.client.inventory.all(Query(Entity.ITEM))]
    assert found == ["a", "b", "c"]
