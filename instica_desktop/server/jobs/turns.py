"""Several workers on one job: each prepares pieces of its own, and all are committed in their order.

What keeps this right is the job's checkpoint: it is read under the write lock, and a piece is done only from
the place it begins at. The hands only divide the work. So two workers that prepare the same piece, or one
that was thought dead, do no harm: whoever comes second finds the piece done. A worker alone asks nobody.
"""

import time
from collections.abc import Callable

from django.conf import settings

from instica_desktop.server.models import Job
from instica_desktop.server.operations import hands, jobs

_GLANCE_SECONDS = 0.003
"""Between two looks whether the pieces before are committed."""


class StartAgain(Exception):
    """Who had an earlier piece in hand is gone: go on from the checkpoint, that piece first."""


class Left(Exception):
    """This worker was asked to stop; the job stays for others."""


class Turns:
    """One worker's part in a job. `ended` says that this worker is to stop."""

    def __init__(self, job: Job, worker: str, ended: Callable[[], bool]) -> None:
        self._job, self._worker, self._ended = job, worker, ended
        self.shared = settings.SHOP_JOBS != "embedded"

    def invite(self) -> None:
        """Call another worker to a job that is long enough."""
        if self.shared and hands.worth_sharing(self._job):
            jobs.announce(self._job.uid)

    def mine(self, piece: int, after: int) -> bool:
        """Return whether a piece, which begins after the place `after`, is for this worker to prepare."""
        return not self.shared or hands.take(self._job, self._worker, piece, after)

    def wait(self, after: int) -> None:
        """Wait until everything up to a place is committed.

        Errors: `LeaseLost`, `StartAgain`, `Left`.
        """
        while self.shared and not jobs.has_reached(self._job, after):
            if self._ended():
                raise Left
            if not hands.before(self._job, self._worker) and not jobs.has_reached(self._job, after):
                raise StartAgain
            time.sleep(_GLANCE_SECONDS)

    def wait_for_all(self, after: int) -> None:
        """Wait until everything up to a place is committed, with nothing in hand. Errors: as `wait`."""
        self.close()
        self.wait(after)

    def catch_up(self) -> None:
        """Bring what others did into the job at hand, inside the transaction that holds it."""
        if self.shared:
            jobs.catch_up(self._job)

    def close(self) -> None:
        """Let go of what this worker had in hand."""
        if self.shared:
            hands.drop(self._job, self._worker)
