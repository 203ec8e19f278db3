"""The server's pages in a real Chromium: signing in, paying, managing the subscription."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from urllib.parse import parse_qs, urlsplit

import pytest

from instica_desktop.api import InsticaClient, Pkce
from tests.server.fixture import RunningServer
from tests.server.webdriver import CHROMIUM, DRIVER, Chromium, chromium

Act = Callable[[InsticaClient], Awaitable[None]]
Run = Callable[[Act], None]

pytestmark = [
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="there is no chromium with chromedriver here"),
    pytest.mark.timeout(180),
]


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chromium]:
    """A browser nobody used before."""
    folder = tmp_path / "browser"
    folder.mkdir()
    with chromium(folder) as found:
        yield found


@dataclass(frozen=True)
class Callback:
    """Where the program listens for the browser to come back."""

    uri: str
    answers: "Queue[dict[str, str]]"

    def answer(self) -> dict[str, str]:
        """Return what the browser brought."""
        return self.answers.get(timeout=30)


@pytest.fixture
def callback() -> Iterator[Callback]:
    """Listen as the program does."""
    answers: Queue[dict[str, str]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        """Notes the parameters of the one address that counts."""

        def do_GET(self) -> None:
            """Note them, and say so."""
            url = urlsplit(self.path)
            if url.path == "/callback":
                answers.put({name: values[0] for name, values in parse_qs(url.query).items()})
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(b"You may close this window.")

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,))
    thread.start()
    yield Callback(f"http://127.0.0.1:{listener.server_port}/callback", answers)
    listener.shutdown()
    thread.join()
    listener.server_close()


@pytest.fixture
def run(launch: Callable[[], RunningServer]) -> Run:
    """Run a coroutine function with the client of a program that has the key of an empty shop."""
    server = launch()

    async def main(act: Act) -> None:
        program = InsticaClient(server.base_url, server.api_key)
        try:
            await act(program)
        finally:
            await program.aclose()

    return lambda act: asyncio.run(main(act))


def test_a_person_signs_in(run: Run, browser: Chromium, callback: Callback) -> None:
    async def act(program: InsticaClient) -> None:
        pkce = Pkce.new()
        browser.open(program.auth.login_url("apple", callback.uri, pkce))
        browser.write("input[name=email]", "anna@example.com")
        browser.write("input[name=password]", "a stand-in password")
        browser.click("button[value=agree]")
        came = callback.answer()
        assert came["state"] == pkce.state
        browser.wait_for("You may close this window.")
        signed_in = await program.auth.exchange("apple", came["code"], callback.uri, pkce)
        assert signed_in.created
        assert signed_in.user is not None
        assert signed_in.user.email == "anna@example.com"

    run(act)


def test_a_person_who_refuses_is_sent_back(run: Run, browser: Chromium, callback: Callback) -> None:
    async def act(program: InsticaClient) -> None:
        pkce = Pkce.new()
        browser.open(program.auth.login_url("apple", callback.uri, pkce))
        browser.click("button[value=refuse]")
        assert callback.answer() == {"error": "access_denied", "state": pkce.state}

    run(act)


def test_a_plan_is_bought_and_managed(run: Run, browser: Chromium) -> None:
    async def act(program: InsticaClient) -> None:
        billing = program.subscriptions
        browser.open(await billing.checkout("price_pro_monthly"))
        assert "No money moves" in browser.text()
        browser.click("input[value=visa]")
        browser.click("button[type=submit]")
        browser.wait_for("is active")
        status = await billing.status()
        assert status.plan is not None
        assert (status.plan.slug, status.billing_provider) == ("pro", "stripe")
        browser.open(await billing.portal())
        assert "ending in 4242 (default)" in browser.text()
        browser.click("input[value=amex]")
        browser.click("button[value=add]")
        browser.wait_for("ending in 0005 (default)")
        cards = [(card.last4, card.is_default) for card in await billing.payment_methods()]
        assert cards == [("4242", False), ("0005", True)]
        browser.click("button[value=cancel]")
        browser.wait_for("which ends on")
        assert (await billing.status()).cancel_at_period_end
        browser.click("button[value=resume]")
        browser.wait_for("renewed on")
        assert not (await billing.status()).cancel_at_period_end

    run(act)
