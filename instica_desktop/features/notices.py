"""What the window told the user, kept for reading later; and the panel that shows it with unsent edits."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from instica_desktop.core.ages import utc_now
from instica_desktop.features.context import Context
from instica_desktop.features.standing import Way
from instica_desktop.system.logs import masked

LIMIT = 50
"""So many notices are kept; problems nobody has read yet beyond them, up to the next."""
MOST = 500


class Notice(msgspec.Struct, frozen=True):
    """One notice: when (UTC), its words, technical details (empty for none), whether it is a problem."""

    at: datetime
    words: str
    details: str = ""
    problem: bool = False


def _kept(notices: list[Notice], unread: set[Notice]) -> list[Notice]:
    """Return what is kept: what was no problem goes first, then problems that were read, oldest first."""
    oldest_first = list(enumerate(notices))[::-1]
    plain = [at for at, notice in oldest_first if not notice.problem]
    read = [at for at, notice in oldest_first if notice.problem and notice not in unread]
    going = set([*plain, *read][: max(0, len(notices) - LIMIT)])
    return [notice for at, notice in enumerate(notices) if at not in going][:MOST]


class NoticeLog(QObject):
    """The notices of this session, newest first. A problem nobody has read makes no room for others."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notices: list[Notice] = []
        self._unread: set[Notice] = set()

    @property
    def problems(self) -> list[Notice]:
        """The problems, newest first."""
        return [notice for notice in self._notices if notice.problem]

    @property
    def all(self) -> list[Notice]:
        """Everything said, newest first."""
        return list(self._notices)

    def add(self, words: str, *, details: str = "", problem: bool = False) -> Notice:
        """Keep one notice, without keys, and return it."""
        notice = Notice(utc_now(), masked(words), masked(details), problem)
        if problem:
            self._unread.add(notice)
        self._notices = _kept([notice, *self._notices], self._unread)
        self.changed.emit()
        return notice

    def read(self) -> None:
        """Know that the problems kept so far have been seen."""
        self._unread.clear()

    def clear(self) -> None:
        """Forget all."""
        self._notices.clear()
        self._unread.clear()
        self.changed.emit()


class ActivityPanel(Protocol):
    """The panel over the status bar, as the window sees it. It is a widget of the window."""

    def on_closed(self, call: Callable[[], None]) -> None:
        """Have a bound method called whenever it goes."""
        ...

    def on_way(self, call: Callable[[Way], None]) -> None:
        """Have a bound method called when a button of the connection's state is pressed."""
        ...

    def open_above(self, anchor: QWidget, gap: int = 8) -> None:
        """Show it above a cell of the status bar, with the keyboard in it."""
        ...

    def dismiss(self) -> None:
        """Hide it."""
        ...

    def leave(self) -> None:
        """Follow the shop no longer: it closes."""
        ...

    def isVisible(self) -> bool:
        """Tell whether it is shown."""
        ...

    def deleteLater(self) -> None:
        """Let go of it."""
        ...


MakeActivity = Callable[[Context, NoticeLog, QWidget], ActivityPanel]
"""Makes the panel for a shop, as a child of the window."""
