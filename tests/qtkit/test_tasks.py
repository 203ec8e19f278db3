"""Work that belongs to a widget ends with it."""

import asyncio
from typing import Any

from PySide6.QtCore import QObject

from instica_desktop.qtkit import tasks
from instica_desktop.qtkit.tasks import TaskScope


async def forever(trace: list[str], name: str = "it") -> None:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        trace.append(f"{name} cancelled")
        raise


async def boom() -> None:
    raise ValueError("broken")


def test_cancelling_the_scope_cancels_its_tasks(run: Any) -> None:
    trace: list[str] = []

    async def main() -> None:
        owner = QObject()
        scope = TaskScope(owner)
        task = scope.spawn(forever(trace), "one")
        await asyncio.sleep(0)
        await scope.finish()
        assert task is not None
        assert task.cancelled()

    run(main())
    assert trace == ["it cancelled"]


def test_work_ends_with_its_owner(run: Any) -> None:
    trace: list[str] = []

    async def main() -> None:
        owner = QObject()
        scope = TaskScope(owner)
        task = scope.spawn(forever(trace), "one")
        await asyncio.sleep(0)
        owner.deleteLater()
        assert task is not None
        await asyncio.wait([task])

    run(main())
    assert trace == ["it cancelled"]


def test_exclusive_work_replaces_its_group_only(run: Any) -> None:
    trace: list[str] = []

    async def main() -> None:
        owner = QObject()
        scope = TaskScope(owner)
        scope.spawn(forever(trace, "old"), "a", group="search", exclusive=True)
        scope.spawn(forever(trace, "other"), "b", group="rows")
        await asyncio.sleep(0)
        scope.spawn(forever(trace, "new"), "c", group="search", exclusive=True)
        await asyncio.sleep(0.01)
        assert trace == ["old cancelled"]
        assert scope.busy("search")
        await scope.finish()

    run(main())
    assert sorted(trace) == ["new cancelled", "old cancelled", "other cancelled"]


def test_errors_go_to_the_reporter_with_the_tasks_name(run: Any) -> None:
    heard: list[tuple[BaseException, str]] = []
    tasks.set_reporter(lambda error, name: heard.append((error, name)))

    async def main() -> None:
        owner = QObject()
        task = TaskScope(owner).spawn(boom(), "loading")
        assert task is not None
        await task

    run(main())
    assert [(str(error), name) for error, name in heard] == [("broken", "loading")]


def test_an_own_handler_takes_the_error_instead(run: Any) -> None:
    own: list[BaseException] = []
    shared: list[BaseException] = []
    tasks.set_reporter(lambda error, _name: shared.append(error))

    async def main() -> None:
        owner = QObject()
        task = TaskScope(owner).spawn(boom(), "loading", on_error=own.append)
        assert task is not None
        await task

    run(main())
    assert len(own) == 1
    assert shared == []


def test_a_closed_scope_starts_nothing(run: Any) -> None:
    async def main() -> None:
        owner = QObject()
        scope = TaskScope(owner)
        scope.cancel()
        assert scope.spawn(boom(), "late") is None

    run(main())
