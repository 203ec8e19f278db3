"""Which answer is the newer one: numbers drawn before a request is sent.

Answers overtake each other. A page that was asked for before our own change was delivered still shows the old
value; laid over the new one it would undo it on the screen, and the next edit would clash with ourselves. So
every record remembers the number of the answer that wrote it, as long as an older answer can still come.
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from instica_desktop.core.models.common import Entity


class Tickets:
    """Numbers of one run of the program; used in the event loop's thread."""

    def __init__(self) -> None:
        self._last = 0
        self._out: set[int] = set()
        self._written: dict[tuple[Entity, str], int] = {}

    @contextmanager
    def asking(self) -> Generator[int]:
        """Draw the number of a request, before it is sent; it holds until its answer is written."""
        self._last += 1
        ticket = self._last
        self._out.add(ticket)
        try:
            yield ticket
        finally:
            self._out.discard(ticket)
            self._forget()

    def now(self) -> int:
        """Return a number newer than that of every request under way: for what is known just now."""
        self._last += 1
        return self._last

    def claim(self, entity: Entity, uids: Iterable[str], ticket: int) -> set[str]:
        """Return those of the records that no newer answer has written, and note that this one does."""
        mine = {uid for uid in uids if self._written.get((entity, uid), 0) <= ticket}
        if self._out:
            self._written.update(dict.fromkeys(((entity, uid) for uid in mine), ticket))
        return mine

    def _forget(self) -> None:
        """Forget what no older answer can come for any more."""
        oldest = min(self._out, default=self._last + 1)
        if self._written and (not self._out or len(self._written) > 20_000):
            self._written = {key: ticket for key, ticket in self._written.items() if ticket >= oldest}
