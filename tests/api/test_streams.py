"""Streams and jobs against a server that misbehaves."""

from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.api.jobs import FIRST_SECONDS, LONGEST_SECONDS
from instica_desktop.core import errors
from tests.api.scripted import ITEMS, KEY, Scripted, Step, Wired, hang_up, raw, reply

CSV = reply(200, b"uid\r\n1\r\n", "text/csv; charset=utf-8")
_HALF = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nuid\r\n\r\n"


async def read(wired: Wired) -> bytes:
    return b"".join([chunk async for chunk in wired.client.inventory.export(ITEMS)])


async def test_a_stream_comes_with_key_and_query() -> None:
    async with Scripted(CSV) as server, Wired(server.url) as wired:
        assert await read(wired) == b"uid\r\n1\r\n"
        got = server.got[0]
        assert got.target == "/api/v1/inventory/export/?ordering=-created"
        assert (got.headers["x-api-key"], got.headers["accept"]) == (KEY, "text/csv")


async def test_a_stream_that_breaks_off_is_not_whole() -> None:
    async with Scripted(hang_up(_HALF)) as server, Wired(server.url) as wired:
        parts = wired.client.inventory.export(ITEMS)
        assert await anext(parts) == b"uid\r\n"
        with pytest.raises(errors.ReplyLost):
            await anext(parts)
        assert len(server.got) == 1  # a part was handed over, so it is not begun anew


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (reply(401, {"detail": "No."}), errors.SignedOut),
        (reply(402, {"detail": "No."}), errors.PlanLapsed),
        (reply(404, {"detail": "Not found."}), errors.NotOffered),
        (reply(405, {"detail": "No."}), errors.NotOffered),
        (reply(200, b"<html>", "text/html"), errors.NotInstica),
        (reply(200, {"results": []}), errors.NotOffered),  # Instica answers, and has no table
        (reply(302, b"", Location="https://elsewhere.example/"), errors.NotInstica),
        (reply(400, {"status": ["No."]}), errors.ValidationFailed),
    ],
)
async def test_an_answer_that_is_no_stream_becomes_its_error(step: Step, kind: type[Exception]) -> None:
    async with Scripted(step) as server, Wired(server.url) as wired:
        for _ in range(6):  # more often than there are connections: each is given back
            with pytest.raises(kind):
                await read(wired)


async def test_what_passes_is_tried_again_before_the_first_part() -> None:
    busy = reply(503, {"detail": "Busy."})
    async with Scripted(busy, reply(429, {}, Retry_After="2"), CSV) as server, Wired(server.url) as wired:
        assert await read(wired) == b"uid\r\n1\r\n"
        assert len(server.got) == 3


async def test_a_stream_nobody_reads_on_is_closed() -> None:
    async with Scripted(raw(_HALF)) as server, Wired(server.url) as wired:
        for _ in range(6):
            async with aclosing(wired.client.inventory.export(ITEMS)) as parts:
                assert await anext(parts) == b"uid\r\n"
        assert len(server.got) == 6


def job(status: str = "running", processed: int = 0, **more: Any) -> Step:
    return reply(202, {"uid": "j1", "status": status, "total": 9, "processed": processed, **more})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "t.csv"
    file.write_bytes(b"title\r\n" + b"Aja\r\n" * 50_000)
    return file


async def test_a_job_is_asked_for_less_and_less_while_nothing_happens(path: Path) -> None:
    steps = [job("queued")] * 12 + [job("running", 3), job("running", 3), job("succeeded", 9)]
    async with Scripted(*steps) as server, Wired(server.url) as wired:
        handle = await wired.client.inventory.import_csv(path)
        states = [(state.status, state.processed) async for state in handle]
        assert states == [("queued", 0), ("running", 3), ("succeeded", 9)]
        slept = wired.time.slept
        assert slept[0] == FIRST_SECONDS
        assert max(slept) == LONGEST_SECONDS == slept[10]
        assert slept[12] == FIRST_SECONDS
        assert server.got[0].body.count(b"Aja\r\n") == 50_000
        assert {got.target for got in server.got[1:]} == {"/api/v1/inventory/import/j1/"}


async def test_an_unknown_status_is_no_end_unless_it_has_one(path: Path) -> None:
    ended = job("resting", 3, finished_at="2026-01-02T03:04:05Z")
    async with Scripted(job("waiting"), job("resting", 2), ended) as server, Wired(server.url) as wired:
        end = await (await wired.client.inventory.import_csv(path)).finished()
        assert (end.status, end.processed) == ("resting", 3)


async def test_cancelling_asks_once(path: Path) -> None:
    async with Scripted(job("running"), job("cancelled", 4)) as server, Wired(server.url) as wired:
        handle = await wired.client.inventory.import_csv(path)
        assert (await handle.cancel()).status == "cancelled"
        assert [got.method for got in server.got] == ["POST", "POST"]
        assert server.got[1].target == "/api/v1/inventory/import/j1/cancel/"
        assert [state.status async for state in handle] == ["cancelled"]


async def test_a_server_without_imports_says_so(path: Path) -> None:
    async with Scripted(reply(404, {"detail": "Not found."})) as server, Wired(server.url) as wired:
        with pytest.raises(errors.NotOffered):
            await wired.client.inventory.import_csv(path)


async def test_a_file_that_shrinks_while_it_is_sent(path: Path) -> None:
    def fill(count: int) -> None:
        path.write_bytes(b"title\r\n" + b"Aja\r\n" * count)

    def shrink(sent: int, total: int) -> None:
        if sent == 0:
            fill(0)

    async with Scripted(job()) as server, Wired(server.url) as wired:
        for _ in range(6):
            fill(100_000)
            with pytest.raises(errors.InputError):
                await wired.client.inventory.import_csv(path, progress=shrink)
