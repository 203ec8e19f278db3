"""What a table sees of the rows of one query, and who is told when it is something else."""

from array import array
from collections.abc import Callable
from typing import Any

from instica_desktop.core.errors import InsticaError
from instica_desktop.core.query import Query
from instica_desktop.sync.events import ResultsEvent, StateChanged


class Listing:
    """Base of `Results`: ids, number and state, which only that changes."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.ids: array[int] = array("q")
        self.count: int | None = None
        self.from_server = False
        self.from_copy = False
        """Whether the copy on this computer stands for the server."""
        self.was_away = False
        """Whether the connection was gone, and the copy has not looked since."""
        self.hands_off = True
        """Whether rows stay where they are for a while after an edit: somebody works on them."""
        self.error: InsticaError | None = None
        self.listeners: list[Callable[[ResultsEvent], None]] = []
        self.on_close: Callable[[Any], None] = lambda closed: None

    def _say_state(self) -> None:
        self._tell(StateChanged())

    def _tell(self, event: ResultsEvent) -> None:
        for listener in tuple(self.listeners):
            listener(event)
