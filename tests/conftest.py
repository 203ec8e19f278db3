"""What every test stands on: no test reaches the person's own files, and nothing goes wrong unseen.

* Qt draws offscreen unless the environment names another platform.
* Configuration, data, cache and keyring lie in a folder that is thrown away.
* A log record at WARNING or above fails the test, unless the test says it provokes it:
  `@pytest.mark.allow_log(r"instica_desktop.sync: .*gave up")`. Qt's own warnings and exceptions in
  Qt callbacks fail it through pytest-qt, Python warnings through the `error` filter in pyproject.toml.
"""

from __future__ import annotations

import faulthandler
import gc
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# One that refuses: a test that wants a keyring brings its own, and never the person's.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
for _name in ("INSTICA_BASE_URL", "INSTICA_API_KEY"):
    os.environ.pop(_name, None)

# How long an example takes says more about the machine than about the code.
settings.register_profile("instica", deadline=None, print_blob=True)
settings.load_profile("instica")

# Django warns of each 4xx answer (a 5xx is an error); a server that refuses things is being tested here.
_EXPECTED_EVERYWHERE = (r"^WARNING django\.request: ",)


class _Recorder(logging.Handler):
    """Keeps the records of one test."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def unexpected(self, allowed: tuple[str, ...]) -> list[str]:
        """Return the lines `LEVEL logger: message` that no pattern covers."""
        lines = [f"{record.levelname} {record.name}: {record.getMessage()}" for record in self.records]
        return [line for line in lines if not any(re.search(pattern, line) for pattern in allowed)]


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test when something warned that it did not announce with `allow_log`."""
    recorder = _Recorder()
    logging.getLogger().addHandler(recorder)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(recorder)
    marks = request.node.iter_markers("allow_log")
    allowed = _EXPECTED_EVERYWHERE + tuple(str(pattern) for mark in marks for pattern in mark.args)
    if lines := recorder.unexpected(allowed):
        pytest.fail("Unexpected log records:\n" + "\n".join(lines), pytrace=False)


@pytest.fixture(autouse=True)
def told_at_its_own_limit(request: pytest.FixtureRequest) -> None:
    """Let a test with a longer limit of its own run to that one before its stack is written out.

    To look at the stack of a thread that is at work can end the process.
    """
    mark = request.node.get_closest_marker("timeout")
    if mark is not None and mark.args and mark.args[0] > float(request.config.getini("timeout")):
        faulthandler.cancel_dump_traceback_later()


@pytest.fixture(autouse=True, scope="module")
def collected() -> None:
    """Set aside what is there before a module's tests: a collection in them looks through their own only.

    The libraries of the suite hold millions of objects; to go through them takes a second.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def private_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give this test process a home of its own; return it."""
    home = tmp_path_factory.mktemp("home")
    runtime = Path(tempfile.mkdtemp(prefix="run-", dir=home))  # 0700, as Qt demands
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("USERPROFILE", str(home))
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        for name in ("CONFIG", "DATA", "CACHE", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        yield home


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each file to one worker: what its tests share, a server or a seeded shop, is made once."""
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False  # the small files stand last, and both workers end together
    return LoadFileScheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by folder: what lies in tests/bench measures, what lies in tests/e2e needs a display."""
    tests = Path(__file__).parent
    for item in items:
        area = item.path.relative_to(tests).parts[0]
        if area in ("bench", "e2e"):
            item.add_marker(area)
