"""How long the window's loop keeps others waiting while the shop is copied and 50 photos are sent.

Run by hand: `python -m tests.bench.loop_lag [ITEMS]`. First the loop is idle while another process makes such
a copy and such uploads, so that the machine is as busy; then this process makes them. The figures that count:
the 99th percentile is at most 1.5 times the idle one, and no wait is longer than 100 ms.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from time import perf_counter

from PIL import Image
from PySide6.QtWidgets import QApplication

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.qtkit import loop
from tests.bench.mirror_rate import open_shop
from tests.server.fixture import RunningServer, start_server

ITEMS = 10_000
PHOTOS = 50
BEAT = 0.005


class Beat:
    """Asks to be called every 5 ms, and writes down how much later it was."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            due = perf_counter() + BEAT
            await asyncio.sleep(BEAT)
            self.late.append((perf_counter() - due) * 1000)

    async def end(self) -> tuple[float, float, float]:
        """Stop; return median, 99th percentile and maximum in ms."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        late = sorted(self.late)
        return late[len(late) // 2], late[int(len(late) * 0.99)], late[-1]


def photo(number: int) -> bytes:
    """Return a JPEG of some 300 kB that no other has."""
    noise = Image.effect_noise((900, 900), 60 + number % 40)
    content = BytesIO()
    noise.save(content, "JPEG", quality=88, comment=str(number).encode())
    return content.getvalue()


async def work(server: RunningServer, folder: Path, photos: list[bytes]) -> tuple[float, float, float]:
    """Copy the whole shop and send the photos at the same time; return how late the loop was meanwhile."""
    shop, closing = await open_shop(server, folder)
    results = shop.results(Query(Entity.ITEM))
    results.open()
    await results.settled()
    row = results.row(0)
    assert row is not None
    beat = Beat()
    shop.mirror.start()
    await shop.add_photos(row.uid, photos)
    await shop.mirror.settled()
    while shop.operations():  # noqa: ASYNC110  a measurement may look
        await asyncio.sleep(0.05)
    late = await beat.end()
    await closing()
    return late


async def elsewhere(server: RunningServer, folder: Path) -> None:
    """Have another process do the work."""
    command = [sys.executable, "-m", "tests.bench.loop_lag", "--work", server.base_url, str(folder)]
    environment = {**os.environ, "BENCH_KEY": server.api_key}
    process = await asyncio.to_thread(subprocess.Popen, command, env=environment)
    await asyncio.to_thread(process.wait)
    if process.returncode:
        raise SystemExit("the other process failed")


async def measure(items: int) -> None:
    """Measure both and print the ratio."""
    with tempfile.TemporaryDirectory() as name, start_server(Path(name) / "shop", items=items) as server:
        photos = [photo(number) for number in range(PHOTOS)]
        idle = Beat()
        await elsewhere(server, Path(name) / "theirs")
        quiet = await idle.end()
        loaded = await work(server, Path(name) / "ours", photos)
    for name, (middle, late, most) in (("idle", quiet), ("busy", loaded)):
        print(f"{name}: median {middle:.1f} ms, 99 % {late:.1f} ms, longest {most:.1f} ms")
    print(f"ratio of the 99 %: {loaded[1] / quiet[1]:.2f} (wanted: at most 1.5)")
    print(f"longest {loaded[2]:.0f} ms (wanted: at most 100)")


def main(arguments: list[str]) -> None:
    """Measure, or be the other process."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    if arguments[:1] == ["--work"]:
        server = RunningServer(Path(), arguments[1], os.environ["BENCH_KEY"])
        loop.run(app, work(server, Path(arguments[2]), [photo(1000 + number) for number in range(PHOTOS)]))
    else:
        loop.run(app, measure(int(arguments[0]) if arguments else ITEMS))


if __name__ == "__main__":
    main(sys.argv[1:])
