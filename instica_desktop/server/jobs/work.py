"""What does a kind of job.

A handler goes through the work that is left after `job.checkpoint` and yields it piece by piece. Reading and
waiting happen between the pieces, outside any transaction; a piece is then called inside one, writes, and
notes counts and checkpoint on the job it is given, which are committed with it. A kind that can be shared
asks `Turns` which pieces are its own.
"""

from collections.abc import Callable, Iterator

from instica_desktop.server.jobs.turns import Turns
from instica_desktop.server.models import Job

Work = Callable[[Job], None]
Handler = Callable[[Job, Turns], Iterator[Work]]


class JobFailed(Exception):
    """The work cannot be finished and another try would not help; the message is for who asked."""

    def __init__(self, message: str, row: int | None = None, field: str = "") -> None:
        super().__init__(message)
        self.row, self.field, self.message = row, field, message
