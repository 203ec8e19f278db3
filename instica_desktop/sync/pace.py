"""How fast things are tried, in one place, so that tests need not wait."""

import random

import msgspec


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Times in seconds, sizes in rows, and how many at once."""

    backoff: float = 1.0
    longest_backoff: float = 60.0
    check_every: float = 60.0  # a quiet look at the server while online
    check_when_refused: float = 300.0  # after the key or the plan was refused
    when_full: float = 300.0  # until a server without room is asked again to store something
    readback_gap: float = 2.0  # between the two looks for something that may or may not have been made
    hold: float = 12.0  # a deletion waits so long before it is sent: a little longer than its message stays
    closing: float = 3.0  # what sends under way may take when the app quits
    settle: float = 0.03  # a scroll position is fetched when it has stood still for this long
    glance: float = 0.5  # the longest look at a record before an act on it
    hands_off: float = 300.0  # rows do not move by themselves for so long after the user's edit
    page: int = 100
    pages_at_once: int = 4
    sends_at_once: int = 3
    images_at_once: int = 3
    mirror_every: float = 60.0  # a look for changes of the whole shop
    mirror_again: float = 24 * 3600.0  # the longest time between two full scans
    mirror_at_once: int = 4
    mirror_commit: int = 10  # pages in one transaction

    def delay(self, failures: int) -> float:
        """Return how long to wait after so many failures: full jitter, so that clients spread out."""
        return random.uniform(0, min(self.longest_backoff, self.backoff * 2 ** min(failures, 16)))
