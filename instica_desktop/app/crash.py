"""One place for everything nobody expected: Python, threads, the loop and Qt lead to one reporter."""

import asyncio
import logging
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from instica_desktop.system.logs import redact

log = logging.getLogger(__name__)

_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class CrashReporter:
    """Logs what went wrong, keeps the last few reports, and tells the window through `on_report`."""

    def __init__(self) -> None:
        self.reports: deque[str] = deque(maxlen=5)
        self.on_report: Callable[[str], None] | None = None

    def install(self) -> None:
        """Take over the hooks of Python, its threads, and Qt."""
        sys.excepthook = self._from_python
        threading.excepthook = self._from_thread
        sys.unraisablehook = self._from_unraisable
        qInstallMessageHandler(_from_qt)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take over a loop's handler of errors in callbacks and lost tasks."""
        loop.set_exception_handler(self._from_loop)

    def report(self, error: BaseException, where: str) -> None:
        """Log one unexpected error, redacted, and tell the window."""
        text = redact(f"{where}\n" + "".join(traceback.format_exception(error)))
        log.error("Unexpected error in %s", text)
        self.reports.append(text)
        if self.on_report:
            self.on_report(text)

    def _from_python(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.report(error, "the window")

    def _from_thread(self, given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None:
            self.report(given.exc_value, f"thread {given.thread.name if given.thread else '?'}")

    def _from_unraisable(self, given: "sys.UnraisableHookArgs") -> None:
        if given.exc_value is not None:
            self.report(given.exc_value, f"{given.err_msg or 'clean-up'} of {given.object!r}")

    def _from_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.report(error, str(context.get("message", "a task")))
        else:
            log.warning("Event loop: %s", redact(str(context.get("message"))))


def _from_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    log.log(_QT_LEVELS.get(kind, logging.WARNING), "Qt: %s", redact(message))
