"""What a second worker brings to an import: the time one worker takes, divided by the time of two.

    scripts/postgres.sh sh -c 'DATABASE_URL=$INSTICA_TEST_DATABASE_URL python -m tests.bench.server_import'
        [--rows 20000] [--rounds 3] [--share 0.4]

Needs redis-server. Each round imports the same table into an organization of its own, with one worker, then
with two. A third of the rows bring a new release. PostgreSQL and the workers share the machine; `--share`
holds each worker to so much of a core (`cores`), so that both and PostgreSQL find room on two.
"""

import argparse
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.cores import held_to

_HEADER = "title,artist,label,catno,year,format,sku,price,cost,status,media,sleeve,notes,tags,location"
_MAPPING = {
    "product_title": "title",
    "artist": "artist",
    "label": "label",
    "catalog_number": "catno",
    "year": "year",
    "format": "format",
    "manual_sku": "sku",
    "price_item_usd": "price",
    "cost_usd": "cost",
    "status": "status",
    "condition_item": "media",
    "condition_container": "sleeve",
    "condition_notes": "notes",
    "tags": "tags",
    "location": "location",
}
_PATIENCE = 3600 * 4


def write_table(path: Path, rows: int) -> None:
    """Write a table of so many rows, in which a release has three copies."""
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEADER + "\n")
        for row in range(rows):
            release = row // 3
            file.write(
                f"Album number {release},Artist {release % 9973},Label {release % 997},CAT-{release},"
                f"{1950 + release % 70},LP,IN-{row:07d},{5 + row % 40}.50,3.00,"
                f"{'received' if row % 5 else 'ready to sell'},Near Mint (NM or M-),Very Good Plus (VG+),"
                f"Some hairlines on side {row % 4},jazz|import,A-{row % 50}\n"
            )


@contextlib.contextmanager
def _process(*command: str) -> Iterator[int]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(60)


@contextlib.contextmanager
def _broker() -> Iterator[str]:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with _process("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""):
        yield f"redis://127.0.0.1:{port}/0"


def _until_ready(workers: int) -> None:
    from instica_desktop.server.jobs.celery import app

    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(ConnectionError, app.connection_for_write().connection_errors):
            if len(app.control.ping(timeout=0.5)) == workers:
                return
    raise SystemExit("the workers do not start")


def _imported(name: str, table: Path, jobs: Path) -> Any:
    """Import the table into a new organization; return the job once it has ended."""
    from instica_desktop.server.models import Organization
    from instica_desktop.server.operations.jobs import enqueue
    from instica_desktop.server.storage.transactions import writing

    organization = Organization.objects.create(display_name=name, slug=name)
    (jobs / name).hardlink_to(table)
    with writing():
        job = enqueue(
            organization,
            "csv_import",
            {"mapping": _MAPPING, "mode": "create", "dry_run": False, "currency": "USD"},
            file=name,
        )
    end = time.monotonic() + _PATIENCE
    while job.finished_at is None and time.monotonic() < end:
        time.sleep(0.1)
        job.refresh_from_db()
    return job


def _seconds(folder: Path, broker: str, workers: int, name: str, table: Path, share: float | None) -> float:
    command = [sys.executable, "-m", "instica_desktop.server.jobs", "--data", str(folder)]
    with contextlib.ExitStack() as running:
        pids = [
            running.enter_context(_process(*command, "--broker", broker, "--pool", "solo"))
            for _ in range(workers)
        ]
        _until_ready(workers)
        running.enter_context(held_to(share, pids))
        job = _imported(name, table, folder / "jobs")
    if job.status != "succeeded" or job.error_count:
        raise SystemExit(f"{job.status}: {job.errors[:3]}")
    return (job.finished_at - job.started_at).total_seconds()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--share", type=float, default=None, metavar="0.4")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, _broker() as broker:
        folder, table = Path(temporary) / "shop", Path(temporary) / "table.csv"
        write_table(table, given.rows)
        _open(folder, broker)
        ratios = []
        for turn in range(given.rounds):
            one, two = (
                _seconds(folder, broker, workers, f"round-{turn}-{workers}", table, given.share)
                for workers in (1, 2)
            )
            ratios.append(one / two)
            a_row = f"{1000 * one / given.rows:.2f} ms a row"
            print(f"one {one:.1f} s ({a_row}), two {two:.1f} s: {one / two:.2f}")
        print(f"one worker / two workers: median {statistics.median(ratios):.2f} of {given.rounds}")


def _open(folder: Path, broker: str) -> None:
    from instica_desktop.server.settings import configure
    from instica_desktop.server.storage.database import open_database
    from instica_desktop.server.storage.folder import ShopFolder

    ShopFolder(folder).prepare()
    configure(folder, hosts=(), database=os.environ["DATABASE_URL"], jobs="celery", broker=broker)
    open_database(ShopFolder(folder))


if __name__ == "__main__":
    main()
