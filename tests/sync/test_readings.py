"""What is read in the background goes on when whoever waited for it gives up."""

import asyncio

import pytest

from instica_desktop.sync.readings import Readings


async def test_a_reading_outlives_the_patience_of_who_waits_for_it() -> None:
    ended: list[BaseException | None] = []
    readings, there = Readings("rows", ended.append), asyncio.Event()

    async def read() -> None:
        await there.wait()

    readings.begin(read())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await readings.ended()
    assert readings.busy
    there.set()
    await readings.ended()
    assert (ended, readings.busy) == ([None], False)
