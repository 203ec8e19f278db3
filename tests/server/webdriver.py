"""A real Chromium, driven by the W3C WebDriver protocol. Source: w3.org/TR/webdriver2."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from tests.server.processes import PATIENCE, running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
_STARTED = re.compile(r"started successfully on port (\d+)")
_OPTIONS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # it may reach nothing but this computer
    "--window-size=900,700",
)


class Chromium:
    """One window of a browser."""

    def __init__(self, driver: httpx.Client, session: str) -> None:
        self._driver, self._session = driver, session

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self._driver.request(method, f"{self._session}/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["value"]

    def _element(self, css: str) -> str:
        found = self._ask("POST", "element", {"using": "css selector", "value": css})
        return f"element/{next(iter(found.values()))}"

    def open(self, url: str) -> None:
        """Open an address and wait until it is loaded."""
        self._ask("POST", "url", {"url": url})

    def write(self, css: str, text: str) -> None:
        """Type into a field."""
        self._ask("POST", f"{self._element(css)}/value", {"text": text})

    def click(self, css: str) -> None:
        """Click on something; a page that this opens is waited for."""
        self._ask("POST", f"{self._element(css)}/click", {})

    def text(self) -> str:
        """Return what a person reads on the page, nothing while it gives way to another."""
        body = {"script": "return document.body.innerText", "args": []}
        answer = self._driver.post(f"{self._session}/execute/sync", json=body)
        return answer.json()["value"] if answer.status_code == 200 else ""

    def wait_for(self, words: str) -> str:
        """Return the page's text once these words stand in it."""
        end = time.monotonic() + PATIENCE
        while words not in (text := self.text()):
            assert time.monotonic() < end, text
            time.sleep(0.05)
        return text


def _options(folder: Path) -> dict[str, Any]:
    own = [f"--user-data-dir={folder / 'profile'}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    chromium = {"binary": CHROMIUM, "args": [*_OPTIONS, *own]}
    timeouts = {"implicit": 5_000, "pageLoad": PATIENCE * 1_000}
    wanted = {"browserName": "chrome", "goog:chromeOptions": chromium, "timeouts": timeouts}
    return {"capabilities": {"alwaysMatch": wanted}}


@contextmanager
def _driver(folder: Path) -> Iterator[httpx.Client]:
    """Run the driver; the browser it starts ends with it."""
    with ExitStack() as stack:
        port = _started(stack, folder / "driver.log")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE, trust_env=False) as client:
            yield client


def _started(stack: ExitStack, log: Path) -> str:
    """Start the driver and return its port.

    It takes a free port of IPv6 and wants the same of IPv4, where it may be taken: then it is tried again.
    """
    assert DRIVER
    for left in reversed(range(5)):
        wait = stack.enter_context(running(log, DRIVER, "--port=0", HOME=str(log.parent)))
        try:
            return wait(lambda: _STARTED.search(log.read_text("utf-8", "replace")))[1]
        except AssertionError as error:
            if not left or "already in use" not in str(error):
                raise
    raise AssertionError("the last try returns or raises")


@contextmanager
def chromium(folder: Path) -> Iterator[Chromium]:
    """Run a browser with a profile of its own in `folder`."""
    with _driver(folder) as driver:
        answer = driver.post("/session", json=_options(folder))
        assert answer.status_code == 200, answer.text
        session = f"/session/{answer.json()['value']['sessionId']}"
        try:
            yield Chromium(driver, session)
        finally:
            with suppress(httpx.HTTPError):
                driver.delete(session)
