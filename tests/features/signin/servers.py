"""What a first run may meet: our server, a web page, nothing; and the program's side of the form."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from instica_desktop.api import InsticaClient
from instica_desktop.app.opening import confirmed_account
from instica_desktop.core.accounts import Account
from instica_desktop.core.errors import InsticaError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.features.signin.view import Checked


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<!doctype html><title>Hotel network</title><p>Please sign in."
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def web_page() -> Iterator[str]:
    """Serve one web page for everything; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Program:
    """The program's part: it asks real servers, and writes down which shops it was told to open."""

    def __init__(self) -> None:
        self.checks: list[tuple[str, str]] = []
        self.opened: list[tuple[object, ...]] = []
        self.fails: InsticaError | None = None

    async def check(self, base_url: str, key: str) -> Checked:
        self.checks.append((base_url, key))
        client = InsticaClient(base_url, key)
        try:
            user = (await client.account.me(retry=False)).record.data
            items = (await client.inventory.page(Query(Entity.ITEM), 1, 1)).count
        finally:
            await client.aclose()
        return Checked(client.base_url, confirmed_account(client.base_url, key, user), items)

    async def connect_to(self, base_url: str, key: str, *, keep: bool) -> None:
        checked = await self.check(base_url, key)
        self.opened.append((checked.account.base_url, key, keep))

    async def open_local(self, *, demo: bool) -> None:
        if self.fails:
            raise self.fails
        self.opened.append(("local", demo))

    async def open_account(self, account: Account) -> None:
        if self.fails:
            raise self.fails
        self.opened.append((account.id,))
