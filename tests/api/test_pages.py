"""Reading answers: envelopes and arrays, records that are odd, and how fast it goes."""

import json
import time
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from instica_desktop.api.pages import list_of, nothing, page_of, record_of
from instica_desktop.api.transport import Response
from instica_desktop.core import errors
from instica_desktop.core.models import InventoryItem, Platform
from tests.api.scripted import ITEMS, Scripted, Step, Wired, page, reply


def answer(body: Any, **headers: str) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(200, {"content-type": "application/json", **headers}, content)


def test_the_envelope_is_read() -> None:
    body = {"count": 31, "next": "http://wrong.example/?page=2", "previous": None, "results": [{"uid": "a"}]}
    found = page_of(InventoryItem)(answer(body))
    assert (found.count, found.has_more, found.skipped) == (31, True, 0)
    assert found.records[0].data == InventoryItem(uid="a")


def test_a_bare_array_is_read_as_all_there_is() -> None:
    found = page_of(InventoryItem)(answer(b' [{"uid": "a"}, {"uid": "b"}]'))
    assert (found.count, found.has_more, len(found.records)) == (2, False, 2)
    assert list_of(Platform)(answer([{"slug": "ebay"}]))[0].slug == "ebay"


def test_unknown_fields_are_kept_byte_for_byte() -> None:
    raw = b'{"uid":"a", "mood": {"x": [1.50, null]},"price_item_usd":"12.50"}'
    found = page_of(InventoryItem)(answer(b'{"results": [' + raw + b"]}"))
    assert found.records[0].raw == raw
    assert record_of(InventoryItem)(answer(raw)).record.raw == raw


def test_one_bad_record_does_not_lose_the_page() -> None:
    body = {"count": 5, "results": [{"uid": "a"}, {"title": "no uid"}, 7, None, {"uid": "b", "tags": None}]}
    found = page_of(InventoryItem)(answer(body))
    assert [record.data.uid for record in found.records] == ["a", "b"]
    assert (found.skipped, found.count) == (3, 5)


def test_broken_letters_in_one_record_do_not_lose_the_page() -> None:
    found = page_of(InventoryItem)(answer(b'[{"uid": "a", "name": "\xff"}, {"uid": "b"}]'))
    assert [(record.data.uid, record.data.name) for record in found.records] == [("a", "�"), ("b", None)]
    assert found.skipped == 0


def test_decimals_come_as_text_or_number_and_stay_exact() -> None:
    found = page_of(InventoryItem)(answer(b'[{"uid":"a","price_item_usd":0.1,"cost_usd":"0.10"}]'))
    assert found.records[0].data.price_item_usd == Decimal("0.1")
    assert found.records[0].data.cost_usd == Decimal("0.10")


def test_the_version_comes_along() -> None:
    assert record_of(InventoryItem)(answer({"uid": "a"}, etag='"v1"')).etag == '"v1"'
    assert record_of(InventoryItem)(answer({"uid": "a"})).etag is None


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b'{"results": 5}', b'"text"', b"{}"])
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        page_of(InventoryItem)(answer(body))


def test_success_without_a_body_needs_its_status() -> None:
    nothing(Response(204, {}))
    nothing(Response(200, {}, b"[]"))
    with pytest.raises(msgspec.DecodeError):
        nothing(Response(200, {}))


@pytest.mark.parametrize(
    "step",
    [reply(200, {"detail": "hello"}), reply(200, b"", ""), reply(200, b"ok", "text/plain"), reply(204)],
)
async def test_a_success_of_another_shape_is_not_instica(step: Step) -> None:
    async with Scripted(step) as server, Wired(server.url) as wired:
        with pytest.raises(errors.NotInstica):
            await wired.client.inventory.page(ITEMS)
        assert len(server.got) == 1


async def test_all_reads_every_page_once_and_drops_repeats() -> None:
    def part(more: bool, *uids: str) -> Step:
        results = [{"uid": uid} for uid in uids]
        return reply(200, {"count": 4, "next": "x" if more else None, "results": results})

    async with (
        Scripted(part(True, "a", "b"), part(True, "b", "c"), part(False, "d")) as server,
        Wired(server.url) as wired,
    ):
        found = [record.data.uid async for record in wired.client.inventory.all(ITEMS)]
        assert found == ["a", "b", "c", "d"]
        assert "page=3&page_size=100" in server.got[2].target


async def test_all_ends_where_a_shrinking_list_ends() -> None:
    first = reply(200, {"count": 101, "next": "x", "results": [{"uid": "a"}]})
    async with Scripted(first, reply(404, {"detail": "Invalid page."})) as server, Wired(server.url) as wired:
        assert [record.data.uid async for record in wired.client.inventory.all(ITEMS)] == ["a"]


async def test_the_query_goes_out_as_it_stands() -> None:
    query = ITEMS.with_search(" kind of ünï & more ").with_filter("status", ["listed", "sold"])
    async with Scripted(page()) as server, Wired(server.url) as wired:
        await wired.client.inventory.page(query.with_ordering("-price_total_usd"), 2, 50)
        assert server.got[0].target == (
            "/api/v1/inventory/?search=kind+of+%C3%BCn%C3%AF+%26+more&status=listed%2Csold"
            "&ordering=-price_total_usd&page=2&page_size=50"
        )


@pytest.mark.parametrize(
    ("uid", "path"),
    [("a/b?c#d", "a%2Fb%3Fc%23d"), ("..", "%2E%2E"), (".", "%2E"), ("ü %", "%C3%BC%20%25"), ("a.b", "a.b")],
)
async def test_a_uid_is_one_segment_whatever_it_holds(uid: str, path: str) -> None:
    async with Scripted(reply(200, {"uid": "x"})) as server, Wired(server.url) as wired:
        await wired.client.inventory.get(uid)
        assert server.got[0].target == f"/api/v1/inventory/{path}/"
        with pytest.raises(ValueError, match="never empty"):
            await wired.client.inventory.delete("")


@pytest.mark.bench
def test_a_page_is_decoded_faster_than_json_alone_could() -> None:
    item = {
        "uid": "0123456789abcdef",
        "title": "Kind of Blue – VG+",
        "product": {"uid": "p", "title": "Kind of Blue", "artist": {"uid": "m", "name": "Miles Davis"}},
        "price_item_usd": "42.00",
        "tags": ["jazz", "modal"],
        "assets": [{"uid": f"a{n}", "image": "https://x.example/a.jpg", "position": n} for n in range(4)],
        **{f"further_{n}": "something the server added" for n in range(10)},
    }
    response = answer({"count": 100, "next": None, "results": [item] * 100})
    read = page_of(InventoryItem)
    read(response)
    ours = min(_seconds(lambda: read(response)) for _ in range(20))
    plain = min(_seconds(lambda: json.loads(response.body)) for _ in range(20))
    assert ours < 1.5 * plain, "typed, with the raw bytes kept, for about what untyped decoding costs"


def _seconds(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
