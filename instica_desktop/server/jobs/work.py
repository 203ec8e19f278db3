"""What does a kind of job.

A handler goes through the work that is left after `job.checkpoint` and yields it piece by piece. Reading and
waiting happen between the pieces, outside any transaction; a piece is then called inside one, writes, and
notes counts and checkpoint on the job it is given, which are committed with it. A kind that can be shared
asks `Turns` which pieces are its own.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from instica_desktop.server.jobs.turns import Turns
from instica_desktop.server.models import Job

Work = Callable[[Job], None]
Handler = Callable[[Job, Turns], Iterator[Work]]


class Fault(NamedTuple):
    """Why work cannot be finished. `readings` are what something may mean that somebody has to decide."""

    message: str
    row: int | None = None
    field: str = ""
    readings: tuple[str, ...] = ()


class JobFailed(Exception):
    """The work cannot be finished and another try would not help; the faults are for who asked."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults
