"""One import done by several workers: as if one had done it, whoever stops, dies or leaves."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.server.imports import items, send
from tests.server.shop import Shop

_ROWS = 900


@pytest.fixture
def piece_of_50(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut tables small, so that a short one has many pieces."""
    from instica_desktop.server.jobs import csv_import

    monkeypatch.setattr(csv_import, "PIECE", 50)


@pytest.fixture
def shared(shop: Shop, piece_of_50: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let jobs be done by several workers, though there is no broker; what other tests left waits no more."""
    from django.test import override_settings

    from instica_desktop.server.models import Job
    from instica_desktop.server.models.jobs import CANCELLED, QUEUED, RUNNING
    from instica_desktop.server.operations import hands, jobs

    Job.objects.filter(status__in=(QUEUED, RUNNING)).update(status=CANCELLED)
    monkeypatch.setattr(hands, "_WORTH_SHARING", 100)
    monkeypatch.setattr(jobs, "announce", lambda uid: None)
    with override_settings(SHOP_JOBS="celery", SHOP_LEASE_SECONDS=60):
        yield


class Crew:
    """Workers, each a thread, on one job."""

    def __init__(self, job: str) -> None:
        self._job = job
        self._threads: list[threading.Thread] = []

    def start(self, name: str, ended: Callable[[], bool] = lambda: False) -> None:
        self._threads.append(threading.Thread(target=self._work, args=(name, ended)))
        self._threads[-1].start()

    def _work(self, name: str, ended: Callable[[], bool]) -> None:
        from django.db import connections

        from instica_desktop.server.jobs.run import run_ready

        try:
            run_ready(name, uid=self._job, ended=ended)
        finally:
            connections.close_all()

    def wait(self) -> None:
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()


def table(rows: int = _ROWS) -> str:
    """Return a table in which rows come twice, far apart: the later one finds the copy."""
    lines = ["title,artist,catalog_number,sku,price"]
    for row in (*range(rows - 100), *range(100)) if rows > 100 else range(rows):
        price = "-1" if row % 90 == 89 else f"{1 + row}.00"
        lines.append(f"Title {row // 3},Artist {row % 7},CAT {row // 3},IN-{row:04d},{price}")
    return "\n".join(lines) + "\n"


def start(shop: Shop, content: str, **fields: str) -> str:
    response = send(shop, content, **fields)
    assert response.status_code == 202, response.content
    return response.json()["uid"]


def outcome(shop: Shop, job: str) -> tuple[Any, ...]:
    found = shop.get(f"inventory/import/{job}/").json()
    names = ("status", "total", "processed", "created", "updated", "skipped", "error_count")
    return tuple(found[name] for name in names)


def stock(shop: Shop) -> list[tuple[str, str | None]]:
    """Return SKU and price of all items in the order in which they were made."""
    from instica_desktop.server.models import Item

    rows = Item.objects.filter(organization=shop.organization).order_by("created", "pk")
    return list(rows.values_list("manual_sku", "price_item_cents"))


def workers_seen(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Note who takes a piece in hand."""
    from instica_desktop.server.operations import hands

    seen: set[str] = set()
    take = hands.take

    def noted(job: Any, worker: str, piece: int, after: int) -> bool:
        taken = take(job, worker, piece, after)
        seen.update([worker] if taken else [])
        return taken

    monkeypatch.setattr(hands, "take", noted)
    return seen


def at_look(wanted: int, act: Callable[[], None]) -> Callable[[], bool]:
    """Return an `ended` that never ends; the `wanted`-th time it is asked it acts first."""
    looks = iter(range(1, 1_000_000))

    def ended() -> bool:
        if next(looks) == wanted:
            act()
        return False

    return ended


def test_two_do_what_one_would_do(
    shop: Shop, other_shop: Shop, shared: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import override_settings

    from instica_desktop.server.jobs.run import run_ready
    from instica_desktop.server.models import JobHand

    alone = start(other_shop, table(), mode="upsert")
    with override_settings(SHOP_JOBS="embedded"):
        run_ready("alone", uid=alone)
    together = start(shop, table(), mode="upsert")
    seen = workers_seen(monkeypatch)
    crew = Crew(together)
    counted, joined = threading.Event(), threading.Event()

    def wait_for_help() -> None:
        counted.set()
        assert joined.wait(20)

    crew.start("one", at_look(2, wait_for_help))  # it has claimed the job and counted the rows
    assert counted.wait(20)
    crew.start("two", at_look(3, joined.set))  # it could not claim it, joined, and has done a piece
    crew.wait()
    assert outcome(shop, together) == outcome(other_shop, alone) == ("succeeded", 900, 900, 792, 0, 99, 9)
    assert stock(shop) == stock(other_shop)
    assert seen == {"one", "two"}
    assert not JobHand.objects.exists()


def test_a_piece_of_one_who_died_is_done_by_another(shop: Shop, shared: None) -> None:
    from django.utils import timezone

    from instica_desktop.server.models import Job, JobHand

    uid = start(shop, table())
    job = Job.objects.get(uid=uid)
    soon = timezone.now() + timedelta(seconds=1.5)
    JobHand.objects.create(job=job, worker="dead", piece=150, lease_until=soon)
    crew = Crew(uid)
    crew.start("one")
    crew.wait()
    assert timezone.now() > soon  # until then it was left to the other
    assert outcome(shop, uid) == ("succeeded", 900, 900, 792, 0, 99, 9)
    assert len({sku for sku, _ in stock(shop)}) == 792


def test_one_who_is_asked_to_stop_leaves_the_rest_to_the_other(shop: Shop, shared: None) -> None:
    uid = start(shop, table())
    crew = Crew(uid)
    pieces: list[int] = []

    def after_three() -> bool:
        pieces.append(1)
        return len(pieces) > 3

    begun = threading.Event()
    crew.start("one", at_look(2, begun.set))  # the job is its own, and others can join
    assert begun.wait(20)
    crew.start("two", after_three)
    crew.wait()
    assert outcome(shop, uid) == ("succeeded", 900, 900, 792, 0, 99, 9)


def test_a_job_that_waits_comes_before_helping(shop: Shop, other_shop: Shop, shared: None) -> None:
    from instica_desktop.server.operations import jobs

    uid = start(shop, table())
    assert jobs.claim("one", uid) is not None
    assert jobs.join(uid) is None  # how long it is, is not known yet
    from instica_desktop.server.models import Job

    Job.objects.filter(uid=uid).update(total=_ROWS)
    assert jobs.join(uid) is not None
    start(other_shop, table(3))
    assert jobs.join(uid) is None


def test_a_file_that_breaks_off_is_done_as_far_as_it_goes(shop: Shop, shared: None) -> None:
    uid = start(shop, table() + '"Never closed,Artist\n')
    crew = Crew(uid)
    started = threading.Event()
    crew.start("one", lambda: bool(started.set()))
    assert started.wait(20)
    crew.start("two")
    crew.wait()
    assert outcome(shop, uid)[:4] == ("succeeded", 901, 901, 792)
    (last,) = [error for error in shop.get(f"inventory/import/{uid}/").json()["errors"] if not error["field"]]
    assert last["row"] == _ROWS + 2


def test_cancelling_ends_it_for_all(shop: Shop, shared: None) -> None:
    uid = start(shop, table())
    crew = Crew(uid)
    asked = threading.Event()

    def cancel_once() -> bool:
        if not asked.is_set():
            asked.set()
            from instica_desktop.server.models import Job
            from instica_desktop.server.operations import jobs

            jobs.cancel(Job.objects.get(uid=uid))
        return False

    crew.start("one", cancel_once)
    crew.start("two")
    crew.wait()
    status, _, processed, created, *_ = outcome(shop, uid)
    assert (status, processed < _ROWS) == ("cancelled", True)
    assert len(items(shop)) == min(created, 100)


def test_long_rows_make_short_pieces(shop: Shop) -> None:
    from instica_desktop.server.jobs.csv_import import _stretches
    from instica_desktop.server.tables.table import open_table

    path = shop.data_dir / "long.csv"
    path.write_text("title\n" + f"{'x' * 150_000}\n" * 20, encoding="utf-8")
    found = list(_stretches(open_table(path), 0))
    assert [len(piece.rows) for piece in found] == [7, 7, 6]
    again = list(_stretches(open_table(path), found[0].end))
    assert [piece.end for piece in again] == [piece.end for piece in found[1:]]
    assert [piece.after for piece in found[1:]] == [piece.end for piece in found[:-1]]
