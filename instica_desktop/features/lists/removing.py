"""Deleting what is selected: asked about, by number when it is much, and taken back while unsent."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.features.context import Context
from instica_desktop.features.lists.browsing import Browser
from instica_desktop.features.lists.glance import Glance
from instica_desktop.features.undo import AnyStep, Closures
from instica_desktop.qtkit.tasks import TaskScope

if TYPE_CHECKING:
    from instica_desktop.sync import Deleted


class Removing(QObject):
    """Deletes the selected records of one table screen."""

    def __init__(self, context: Context, browser: Browser, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._browser, self._window = context, browser, parent
        self._scope = TaskScope(self)
        browser.table.deletion_requested.connect(self.remove)

    def remove(self) -> None:
        """Ask, then delete what is selected; not while that is under way, which must not be cut short."""
        if not self._scope.busy("delete"):
            self._scope.spawn(self._remove(), "delete", group="delete")

    async def _remove(self) -> None:
        uids = await self._browser.chosen_uids()
        if not uids:
            return
        glance = Glance(self._context, self._browser.spec.entity, uids)
        await glance.look()
        try:
            news = glance.news()
            agreed, typed = await self._agreed(len(uids), news)
            while agreed and (news := glance.news()):  # it came while the question was open
                agreed, typed = await self._agreed(len(uids), news)
            if agreed:
                await self._delete(uids, typed)
        except InsticaError as error:
            self._context.ui.show_problem(error)

    async def _delete(self, uids: list[str], typed: int | None) -> None:
        entity, what = self._browser.spec.entity, self._what(len(uids))
        deletion = _Deletion(self._context, await self._context.shop.removal.delete(entity, uids, typed))
        step = Closures(entity, uids[0], f"deleting {what}", deletion.back, deletion.again)
        self._context.undo.push(step)
        self._context.ui.offer_undo(f"{what} deleted", partial(self._undo, step))

    async def _agreed(self, number: int, news: str) -> tuple[bool, int | None]:
        """Return whether to delete, and the number typed where so many ask for it. `news` is said first."""
        from instica_desktop.features.lists.typed_number import (
            TypedNumber,  # the first rows do not wait for them
        )
        from instica_desktop.qtkit import dialogs
        from instica_desktop.sync import needs_number

        many = needs_number(number, self._context.shop.known(self._browser.spec.entity))
        text = "What is deleted leaves the lists at once, and the server as soon as this is sent."
        more = f" Type {number} to go on." if many else " Until then you can take it back."
        field = TypedNumber(number) if many else None
        choices = (dialogs.Choice("keep", "Keep", "safe"), dialogs.Choice("act", "Delete", "danger"))
        title = f"Delete {self._what(number)}?"
        since = f"Changed since you chose:\n{news}\n\n" if news else ""
        answer = await dialogs.ask(self._window, title, since + text + more, choices, content=field)
        return answer == "act", field.number if field else None

    def _what(self, number: int) -> str:
        spec = self._browser.spec
        return f"{number:,} {spec.noun if number == 1 else spec.nouns}"

    def _undo(self, step: AnyStep) -> None:
        self._scope.spawn(self._context.undo.undo(step), "undo deleting", on_error=self._context.tell)


class _Deletion:
    """A deletion that can be taken back and done again."""

    def __init__(self, context: Context, deleted: "Deleted") -> None:
        self._context, self._deleted = context, deleted

    async def back(self) -> None:
        """Take it back as far as it can be. What is too late is said, and stands in no earlier edit's way."""
        try:
            await self._context.shop.removal.restore(self._deleted)
        except InputError as error:
            self._context.ui.show_problem(error)

    async def again(self) -> None:
        """Delete the same records; how many was agreed to before."""
        entity, uids = self._deleted.entity, self._deleted.uids
        self._deleted = await self._context.shop.removal.delete(entity, uids, len(uids))
