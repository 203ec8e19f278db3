"""A pytest plugin (`-p reach`) that writes down which functions of the program each passing test calls.

`MUTATION_PACKAGE` names the folder of the program, `MUTATION_REACH` the file to write: JSON, test → [seconds
with its fixtures, names as `path:qualified.name`]. What another process executes is not seen.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

_PACKAGE = os.environ["MUTATION_PACKAGE"]
_called: dict[int, CodeType] = {}  # by identity: to hash a code object reads all of it
_tests: dict[str, tuple[float, list[str]]] = {}


def _call(frame: FrameType, event: str, _argument: Any) -> None:
    if event == "call":
        _called[id(frame.f_code)] = frame.f_code


def _name(code: CodeType) -> str:
    path = Path(code.co_filename).relative_to(Path(_PACKAGE).parent).as_posix()
    return f"{path}:{code.co_qualname.split('.<')[0]}"


def pytest_sessionstart() -> None:
    """Listen in this thread and in all to come."""
    threading.setprofile(_call)
    sys.setprofile(_call)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Gather what is called from a test's first fixture to its last."""
    _called.clear()
    begun = time.monotonic()
    result = yield
    codes = [code for code in list(_called.values()) if code.co_filename.startswith(_PACKAGE + os.sep)]
    _tests[item.nodeid] = (time.monotonic() - begun, sorted({_name(code) for code in codes}))
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write down what was found; what did not pass is left out."""
    sys.setprofile(None)
    unfit = {
        report.nodeid
        for kind in ("failed", "error", "skipped")
        for report in terminalreporter.getreports(kind)
    }
    passed = {test: found for test, found in _tests.items() if test not in unfit}
    Path(os.environ["MUTATION_REACH"]).write_text(json.dumps(passed), "utf-8")
