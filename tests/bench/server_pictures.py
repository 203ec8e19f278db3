"""What eight pictures of 49 megapixels sent at once cost the server, and how long others wait meanwhile.

    python -m tests.bench.server_pictures [--kind png|jpeg|webp] [--pictures 8] [--side 7000]

A server of its own in a folder of its own. Who is told to come back (429) does so after `Retry-After`, as the
app does. Memory is the resident set of the server (Linux): before, at most, once all is answered. Meanwhile
another client reads a list again and again; its longest wait counts.
"""

import argparse
import http.client
import json
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PIL import Image

from tests.server.fixture import RunningServer, start_server
from tests.support.pictures import busy_png

_BOUNDARY = "a-boundary-of-the-measurement"
_HEAD = (
    f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="image"; filename="photo"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()
_TAIL = f"\r\n--{_BOUNDARY}--\r\n".encode()


def _call(server: RunningServer, method: str, path: str, body: bytes | None, kind: str) -> tuple[Any, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    connection.request(method, path, body, {"X-API-Key": server.api_key, "Content-Type": kind})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def _made(server: RunningServer, path: str, body: dict[str, Any]) -> str:
    _, content = _call(server, "POST", path, json.dumps(body).encode(), "application/json")
    return json.loads(content)["uid"]


def _send(server: RunningServer, item: str, picture: Path) -> list[int]:
    """Upload until it is taken or refused for good; returns the answers' codes."""
    codes: list[int] = []
    body = _HEAD + picture.read_bytes() + _TAIL
    while not codes or codes[-1] == 429:
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
        answer, _ = _call(server, "POST", f"/api/v1/inventory/{item}/assets/", body, kind)
        codes.append(answer.status)
        if answer.status == 429:
            time.sleep(int(answer.headers["Retry-After"]))
    return codes


def _megabytes(server: RunningServer, name: str) -> float:
    status = Path(f"/proc/{server.pid}/status").read_text("ascii")
    kilobytes = next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{name}:"))
    return kilobytes * 1024 / 1_000_000


def _pictures(folder: Path, kind: str, number: int, side: int) -> list[Path]:
    found = []
    for index in range(number):
        path = busy_png(folder / f"{index}.png", side, index)
        if kind != "png":
            with Image.open(path) as image:
                path = folder / f"{index}.{kind}"
                image.save(path, quality=60, method=0, progressive=True)
        found.append(path)
    return found


def _watch(server: RunningServer, over: threading.Event, waits: list[float]) -> None:
    while not over.is_set():
        begun = time.perf_counter()
        _call(server, "GET", "/api/v1/inventory/", None, "application/json")
        waits.append(time.perf_counter() - begun)


def measure(server: RunningServer, pictures: list[Path]) -> None:
    """Send all pictures at once, each to an item of its own, and print what it took."""
    product = _made(server, "/api/v1/products/", {"title": "Kind of Blue"})
    items = [_made(server, "/api/v1/inventory/", {"product": product}) for _ in pictures]
    over, waits = threading.Event(), list[float]()
    print(f"before: {_megabytes(server, 'VmRSS'):.0f} MB")
    watcher = threading.Thread(target=_watch, args=(server, over, waits))
    watcher.start()
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(pictures)) as pool:
        codes = list(pool.map(_send, [server] * len(pictures), items, pictures))
    taken = time.perf_counter() - begun
    over.set()
    watcher.join()
    print(f"at most: {_megabytes(server, 'VmHWM'):.0f} MB; kept: {_megabytes(server, 'VmRSS'):.0f} MB")
    print(f"longest wait of another request: {max(waits):.2f} s among {len(waits)}; all took {taken:.1f} s")
    print(f"answers: {codes}")


def main() -> None:
    """Measure as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=("png", "jpeg", "webp"), default="png")
    parser.add_argument("--pictures", type=int, default=8)
    parser.add_argument("--side", type=int, default=7_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        pictures = _pictures(Path(name), given.kind, given.pictures, given.side)
        with start_server(Path(name) / "shop") as server:
            measure(server, pictures)


if __name__ == "__main__":
    main()
