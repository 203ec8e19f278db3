"""The only way to start asynchronous work from a widget.

A scope keeps its tasks alive, cancels them when its owner goes, and reports what went wrong.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid

T = TypeVar("T")
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


_acts: set[asyncio.Task[Any]] = set()


async def acts_ended(grace: float) -> None:
    """Give the acts that were begun so many seconds to end. One that asks a person counts as not begun."""
    loop = asyncio.get_running_loop()
    acts = {task for task in _acts if task.get_loop() is loop} - {asyncio.current_task()}
    if acts:
        await asyncio.wait(acts, timeout=grace)


@contextmanager
def asking() -> Generator[None]:
    """Frame a wait for a person's answer: an act that asks has not begun."""
    task = asyncio.current_task()
    acts = task is not None and task in _acts
    if task is not None:
        _acts.discard(task)
    try:
        yield
    finally:
        if acts and task is not None:
            _acts.add(task)


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
        act: bool = False,
    ) -> asyncio.Task[Any] | None:
        """Start a coroutine on the running loop. Returns None, and starts nothing, when the owner is gone.

        An `act` changes what the user has; `acts_ended` waits for it before its owner goes with the shop.
        """
        if not self._open or not isValid(self):
            coro.close()
            return None
        if exclusive:
            self.cancel_group(group)
        run = _run(coro, name, partial(_tell, self, on_error))
        task = asyncio.get_event_loop().create_task(run, name=name)
        self._tasks[task] = group
        task.add_done_callback(self._forget)
        task.add_done_callback(partial(_close, coro))
        if act:
            _acts.add(task)
            task.add_done_callback(_acts.discard)
        return task

    async def carry_out(self, work: Coroutine[Any, Any, T], name: str, group: str | None = None) -> T:
        """Do work for somebody who may go before it ends: it goes on then, and what goes wrong is reported.

        Raises:
            CancelledError: the owner goes.
            Exception: what the work raised, as long as somebody waits for it.
        """
        failures, waited_for = list[BaseException](), True

        def take(error: BaseException) -> None:
            if waited_for:
                failures.append(error)
            else:
                report(error, name)

        task = self.spawn(work, name, group, on_error=take)
        if task is None:
            raise asyncio.CancelledError
        try:
            result: T = await asyncio.shield(task)
        except asyncio.CancelledError:
            waited_for = False
            raise
        if failures:
            raise failures[0]
        return result

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
        tasks = self._tasks.keys() - {asyncio.current_task()}  # nothing waits for itself, nor ends itself
        if tasks and grace:
            await asyncio.wait(tasks, timeout=grace)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def settle(self) -> None:
        """Take no more work, and wait until what runs has ended by itself."""
        self._open = False
        if tasks := self._tasks.keys() - {asyncio.current_task()}:
            await asyncio.wait(tasks)

    async def ended(self, group: str) -> None:
        """Wait until no other task of a group runs."""
        while tasks := {task for task, its in self._tasks.items() if its == group} - {asyncio.current_task()}:
            await asyncio.wait(tasks)

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


def _tell(
    scope: TaskScope, on_error: Callable[[BaseException], None] | None, error: BaseException, name: str
) -> None:
    """Tell whoever began a task why it failed; once its owner is gone, there is only the reporter."""
    if isValid(scope) and on_error is not None:
        on_error(error)
    elif isValid(scope) or not _of_what_is_gone(error):
        report(error, name)
    else:
        log.info("task %s went with its owner: %s", name, error)


def _of_what_is_gone(error: BaseException) -> bool:
    """Tell whether a task only wanted to tidy a widget that had gone before it."""
    return isinstance(error, RuntimeError) and "already deleted" in str(error)


async def _run(coro: Coroutine[Any, Any, Any], name: str, tell: Callable[[BaseException, str], None]) -> Any:
    try:
        return await coro
    except asyncio.CancelledError:
        raise
    except Exception as error:  # noqa: BLE001 - the last stop of every task: shown to the user or logged
        tell(error, name)
        return None
