"""Following a job on the server: `async for job in handle` tells each bit of progress, to the end."""

from collections.abc import AsyncIterator

from instica_desktop.api.pages import data_of
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.core.models.jobs import Job

FIRST_SECONDS = 0.25
LONGEST_SECONDS = 3.0
_SLOWER = 1.5


class JobHandle:
    """One job. `path` is its address; `state` is how it stood when last asked."""

    def __init__(self, pipeline: Pipeline, path: str, state: Job) -> None:
        self._pipeline = pipeline
        self._path = path
        self.state = state

    @property
    def uid(self) -> str:
        """The uid of the job."""
        return self.state.uid

    async def refresh(self) -> Job:
        """Ask how the job stands.

        Raises:
            NotFound: the server does not have it.
        """
        self.state = await self._pipeline.send(Call("GET", self._path), data_of(Job))
        return self.state

    async def cancel(self) -> Job:
        """Ask the server to end it; what is done stays done. One that has ended stays as it is."""
        self.state = await self._pipeline.send(Call("POST", f"{self._path}cancel/"), data_of(Job))
        return self.state

    async def __aiter__(self) -> AsyncIterator[Job]:
        """Yield the job as it stands now and after each change, until it has ended.

        Asks soon at first, then less and less often while nothing happens.
        """
        told, pause = self.state, FIRST_SECONDS
        yield told
        while not told.ended:
            await self._pipeline.pause(pause)
            found = await self.refresh()
            pause = min(pause * _SLOWER, LONGEST_SECONDS)
            if found != told:
                if found.status != told.status:
                    pause = FIRST_SECONDS
                told = found
                yield told

    async def finished(self) -> Job:
        """Wait for the end and return how it went."""
        async for _ in self:
            pass
        return self.state
