"""A list that never ends: each page names a next one, and nothing new comes."""

from instica_desktop.core.errors import Unreadable

MOST = 3
"""So many pages in a row without anything new are no list any more."""
ENDLESS = (
    "The server’s list has no end: page after page, nothing new comes. Reading stopped there, and what came "
    "is kept. Tell whoever runs the server."
)


class Circles:
    """Watches over the pages of one list as they come."""

    def __init__(self) -> None:
        self._idle = self._read = 0

    def note(self, new: int, *, unread: int, count: int) -> None:
        """Take note of a page: how many records on it are new, and how many could not be read.

        Those may be new ones as well, as far as the list goes by its own `count`.

        Raises:
            Unreadable: too many pages in a row brought nothing.
        """
        self._read += new + unread
        self._idle = 0 if new or (unread and self._read <= count) else self._idle + 1
        if self._idle >= MOST:
            raise Unreadable(ENDLESS)
