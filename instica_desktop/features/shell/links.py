"""Links of records: the host is shown and asked for before a page opens, once for each host."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from instica_desktop.core.errors import AddressError
from instica_desktop.core.links import Link, link_of
from instica_desktop.qtkit.browser import open_page
from instica_desktop.qtkit.tasks import TaskScope

if TYPE_CHECKING:
    from instica_desktop.features.shell.window import MainWindow

TITLE = "Open a page outside this program?"
TEXT = (
    "This link leads to {host}. Whoever filled in the record chose where it leads. "
    "You are asked once for each site."
)


class Links(QObject):
    """Opens links for the screens of a window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._scope = TaskScope(self)

    def open(self, url: str) -> None:
        """Open the page of a link once that is agreed to; say why where it may not be opened."""
        context = self._window.context
        if context is None:
            return
        try:
            link = link_of(url, context.account.base_url)
        except AddressError as error:
            self._window.show_problem(error)
            return
        if link.own or link.host in self._window.prefs["link_hosts"]:
            open_page(link.url)
        else:
            self._scope.spawn(self._ask(link), "open a link", group="link", exclusive=True)

    async def _ask(self, link: Link) -> None:
        from instica_desktop.qtkit import dialogs  # no start waits for it

        if await dialogs.confirm(self._window, TITLE, TEXT.format(host=link.shown), "Open page"):
            self._window.prefs.change("link_hosts", lambda hosts: [*hosts, link.host])
            open_page(link.url)
