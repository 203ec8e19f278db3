"""A pytest plugin (`-p reach`) that writes down which functions of the program each passing test calls.

`MUTATION_PACKAGE` names the folder of the program, `MUTATION_REACH` the file to write: JSON, test → [seconds
with its fixtures, names as `path:qualified.name`]. What another process executes is not seen.
"""

import cProfile
import json
import os
import threading
import time
from collections.abc import Generator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

_PACKAGE = os.environ["MUTATION_PACKAGE"] + os.sep
_called: dict[int, CodeType] = {}  # by identity: to hash a code object reads all of it
_tests: dict[str, tuple[float, list[str]]] = {}


def _call(frame: FrameType, event: str, _argument: Any) -> None:
    if event == "call":
        _called[id(frame.f_code)] = frame.f_code


def _name(code: CodeType) -> str:
    path = Path(code.co_filename).relative_to(Path(_PACKAGE).parent).as_posix()
    return f"{path}:{code.co_qualname.split('.<')[0]}"


def pytest_sessionstart() -> None:
    """Listen in all threads to come; what listens in this one, where tests loop, is written in C."""
    threading.setprofile(_call)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Gather what is called from a test's first fixture to its last."""
    _called.clear()
    here, begun = cProfile.Profile(subcalls=False, builtins=False), time.monotonic()
    with here:
        result = yield
    codes: list[CodeType | str] = [*_called.copy().values(), *(entry.code for entry in here.getstats())]
    own = {
        _name(code) for code in codes if isinstance(code, CodeType) and code.co_filename.startswith(_PACKAGE)
    }
    _tests[item.nodeid] = (time.monotonic() - begun, sorted(own))
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write down what was found; what did not pass is left out."""
    unfit = {
        report.nodeid
        for kind in ("failed", "error", "skipped")
        for report in terminalreporter.getreports(kind)
    }
    passed = {test: found for test, found in _tests.items() if test not in unfit}
    Path(os.environ["MUTATION_REACH"]).write_text(json.dumps(passed), "utf-8")
