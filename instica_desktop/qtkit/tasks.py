"""The only way to start asynchronous work from a widget.

A scope keeps its tasks alive, cancels them when its owner goes, and reports what went wrong.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

log = logging.getLogger(__name__)

Report = Callable[[BaseException, str], None]
"""Shows an error to the user: the error, and the name of the task it ended."""


class _Reporter:
    """Where errors go that no caller handles. One per process; set by the application at start."""

    report: Report | None = None


def set_reporter(report: Report | None) -> None:
    """Choose who shows the errors of tasks. None only logs them."""
    _Reporter.report = report


def report(error: BaseException, name: str) -> None:
    """Show an error through the reporter; without one it is logged with its traceback."""
    if _Reporter.report is None:
        log.error("task %s failed", name, exc_info=error)
    else:
        _Reporter.report(error, name)


class TaskScope(QObject):
    """Tasks that live no longer than their owner.

    `group` names tasks that belong together; `exclusive` cancels the running ones of the group first, so that
    the newest wins. `CancelledError` ends a task quietly and is never swallowed.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks: dict[asyncio.Task[Any], str | None] = {}
        self._open = True
        # Not a method of ours: when the parent goes, this object may be half gone already.
        parent.destroyed.connect(partial(_stop, self._tasks))

    def spawn(
        self,
        coro: Coroutine[Any, Any, Any],
        name: str,
        group: str | None = None,
        exclusive: bool = False,
        on_error: Callable[[BaseException], None] | None = None,
    ) -> asyncio.Task[Any] | None:
        """Start a coroutine on the running loop. Returns None, and starts nothing, when the owner is gone."""
        if not self._open or not isValid(self):
            coro.close()
            return None
        if exclusive:
            self.cancel_group(group)
        task = asyncio.get_event_loop().create_task(_run(coro, name, on_error), name=name)
        self._tasks[task] = group
        task.add_done_callback(self._forget)
        task.add_done_callback(partial(_close, coro))
        return task

    def cancel_group(self, group: str | None) -> None:
        """Cancel the tasks of one group."""
        for task, its in list(self._tasks.items()):
            if its == group:
                task.cancel()

    def cancel(self) -> None:
        """Cancel everything and take no more work."""
        self._open = False
        for task in list(self._tasks):
            task.cancel()

    async def finish(self, grace: float = 0.0) -> None:
        """Take no more work, give what runs so many seconds to end, cancel the rest and wait for its end."""
        self._open = False
        tasks = list(self._tasks)
        if tasks and grace:
            await asyncio.wait(tasks, timeout=grace)
        self.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def busy(self, group: str | None = None) -> bool:
        """Tell whether a task of the group runs; of any group for None."""
        return any(group is None or its == group for its in self._tasks.values())

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(task, None)


def _close(coro: Coroutine[Any, Any, Any], _task: asyncio.Task[Any]) -> None:
    """Close what was cancelled before it began, so that Python does not complain of it."""
    coro.close()


def _stop(tasks: dict[asyncio.Task[Any], str | None]) -> None:
    """Cancel what runs. A task that starts later finds its owner gone."""
    for task in list(tasks):
        task.cancel()


async def _run(
    coro: Coroutine[Any, Any, Any], name: str, on_error: Callable[[BaseException], None] | None
) -> Any:
    try:
        return await coro
    except asyncio.CancelledError:
        raise
    except Exception as error:  # noqa: BLE001 - the last stop of every task: shown to the user or logged
        if on_error is None:
            report(error, name)
        else:
            on_error(error)
        return None
