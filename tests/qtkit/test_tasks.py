"""Work that belongs to a widget ends with it."""

import asyncio
from typing import Any

import pytest
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


async def _carried(scope: TaskScope, trace: list[str], go_on: asyncio.Event) -> None:
    async def work() -> str:
        await go_on.wait()
        trace.append("done")
        return "done"

    trace.append(f"told {await scope.carry_out(work(), 'work')}")


def test_work_carried_out_for_somebody_goes_on_without_them(run: Any) -> None:
    trace: list[str] = []

    async def main() -> None:
        owner, asker, go_on = QObject(), QObject(), asyncio.Event()
        scope = TaskScope(owner)
        task = TaskScope(asker).spawn(_carried(scope, trace, go_on), "asks")
        await asyncio.sleep(0)
        asker.deleteLater()
        assert task is not None
        await asyncio.wait([task])
        assert task.cancelled()
        go_on.set()
        await scope.settle()

    run(main())
    assert trace == ["done"]


def test_whoever_waits_is_told_how_it_went_and_finds_nothing_running(run: Any) -> None:
    trace: list[str] = []

    async def main() -> None:
        owner, go_on = QObject(), asyncio.Event()
        scope = TaskScope(owner)
        go_on.set()
        await _carried(scope, trace, go_on)
        assert not scope.busy()
        with pytest.raises(ValueError, match="broken"):
            await scope.carry_out(boom(), "boom")
        await scope.finish()
        with pytest.raises(asyncio.CancelledError):
            await scope.carry_out(boom(), "too late")

    run(main())
    assert trace == ["done", "told done"]


def test_what_fails_when_nobody_waits_any_more_is_reported(run: Any) -> None:
    told: list[str] = []

    async def fails(go_on: asyncio.Event) -> None:
        await go_on.wait()
        raise ValueError("broken")

    async def main() -> None:
        owner, go_on = QObject(), asyncio.Event()
        scope = TaskScope(owner)
        asks = asyncio.create_task(scope.carry_out(fails(go_on), "work"))
        await asyncio.sleep(0)
        asks.cancel()
        await asyncio.wait([asks])
        go_on.set()
        await scope.settle()

    tasks.set_reporter(lambda error, name: told.append(f"{name}: {error}"))
    run(main())
    tasks.set_reporter(None)
    assert told == ["work: broken"]


def test_what_ends_a_scope_from_inside_neither_waits_for_itself_nor_ends_itself(run: Any) -> None:
    trace: list[str] = []

    async def main() -> None:
        owner = QObject()
        scope = TaskScope(owner)

        async def ends() -> None:
            await scope.finish(60)
            trace.append("ended")

        task = scope.spawn(ends(), "ends")
        assert task is not None
        async with asyncio.timeout(5):
            await asyncio.wait([task])

    run(main())
    assert trace == ["ended"]


def test_a_task_that_tidies_a_widget_gone_before_it_shows_no_error(run: Any) -> None:
    told: list[str] = []

    async def tidies(widget: QObject) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            widget.setObjectName("tidy")

    async def main() -> None:
        owner = QObject()
        task = TaskScope(owner).spawn(tidies(owner), "tidies", on_error=lambda error: told.append("owner"))
        await asyncio.sleep(0)
        owner.deleteLater()
        assert task is not None
        await asyncio.wait([task])

    tasks.set_reporter(lambda error, name: told.append(name))
    run(main())
    tasks.set_reporter(None)
    assert told == []


def test_an_act_is_waited_for_except_while_it_asks(run: Any) -> None:
    trace: list[str] = []

    async def main() -> None:
        owner, answered, written = QObject(), asyncio.Event(), asyncio.Event()

        async def act() -> None:
            with tasks.asking():
                await answered.wait()
            trace.append("agreed")
            await written.wait()
            trace.append("written")

        TaskScope(owner).spawn(act(), "act", act=True)
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await tasks.acts_ended(60)  # the question is open
        answered.set()
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(written.set)
        await tasks.acts_ended(60)
        trace.append("closed")

    run(main())
    assert trace == ["agreed", "written", "closed"]
