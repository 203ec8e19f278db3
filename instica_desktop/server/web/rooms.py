"""Work that takes long or much memory, and how many requests may be at it at once.

Each request has one of the server's threads. Some do slow work, some more wait for it, and who comes after
them is told when to come back: so a number of threads is always left for everything else.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.exceptions import Throttled


class Room:
    """`places` for requests that work and `waiting` for those that wait; more are refused at once.

    Who waits goes in turn. `busy` says to a person what is going on, `pause` is how many seconds somebody who
    is refused shall stay away.
    """

    def __init__(self, places: int, waiting: int, *, busy: str, pause: int) -> None:
        self.places = places
        self._most_waiting = waiting
        self._busy = busy
        self._pause = pause
        self._free = places
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    @property
    def capacity(self) -> int:
        """How many threads this work takes at most."""
        return self.places + self._most_waiting

    @property
    def waiting(self) -> int:
        """How many wait now."""
        return len(self._queue)

    @contextmanager
    def entered(self, places: int = 1) -> Iterator[None]:
        """Wait for so many of the places, and have them. Not for use while holding the write lock.

        Errors: `Throttled` (429) when too many wait already.
        """
        self._enter(places)
        try:
            yield
        finally:
            with self._changed:
                self._free += places
                self._changed.notify_all()

    def _enter(self, places: int) -> None:
        turn = object()
        with self._changed:
            if (self._queue or self._free < places) and len(self._queue) >= self._most_waiting:
                raise Throttled(wait=self._pause, detail=self._busy)
            self._queue.append(turn)
            try:
                self._changed.wait_for(lambda: self._queue[0] is turn and self._free >= places)
                self._free -= places
            finally:
                self._queue.remove(turn)
                self._changed.notify_all()


DECODING = Room(2, 3, busy="Other pictures are being read just now.", pause=3)
"""Reading uploaded pictures, of up to 200 MB of pixels for each place; see `storage.pictures`."""
HASHING = Room(2, 2, busy="Other people are signing in just now.", pause=2)
"""Hashing passwords, slow by intent."""
_FOR_OTHERS = 3
THREADS = DECODING.capacity + HASHING.capacity + _FOR_OTHERS
"""Threads of a server process."""
