"""Deleting what is selected: asked about, by number when it is much, and taken back by Undo."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from instica_desktop.core.acts import WITH_PHOTOS, Step
from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.features.context import Context
from instica_desktop.features.lists.browsing import Browser
from instica_desktop.features.lists.glance import Glance
from instica_desktop.qtkit.tasks import TaskScope

if TYPE_CHECKING:
    from instica_desktop.sync import Deleted
    from instica_desktop.sync.watching import Watch


SLOWED = ", while the shop is copied to this computer for the first time"


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
            self._scope.spawn(self._remove(), "delete", group="delete", act=True)

    async def _remove(self) -> None:
        selection, entity = self._browser.table.selection, self._browser.spec.entity
        counted = selection.all_matching and selection.count is not None
        uids = None if counted else await self._browser.chosen_uids()
        number = (selection.count or 0) if uids is None else len(uids)
        if not number:
            return
        glance = Glance(self._context, entity, uids or ())
        await glance.look()
        try:
            self._context.shop.removal.check(entity, number, number)
            agreed, typed = await self._agreed(number, glance.news())
            while agreed and (news := glance.news()):  # it came while the question was open
                agreed, typed = await self._agreed(number, news)
            if agreed:
                await self._delete(uids, number, typed)
        except InsticaError as error:
            self._context.ui.show_problem(error)

    async def _delete(self, uids: list[str] | None, number: int, typed: int | None) -> None:
        """Delete what was chosen; everything that matches is looked up only now, for it may be much."""
        from instica_desktop.sync.watching import Stopped, Watch

        watch, what = Watch(), self._what(number)
        if number > WITH_PHOTOS:
            self._context.ui.show_work(f"Deleting {what}", watch)
            watch.begin(number)
        try:
            deleted = await self._deleted(uids, number, typed, watch)
        except Stopped:
            self._context.ui.say("Stopped. Nothing was deleted.")
        else:
            if uids is None:
                self._browser.all_deleted()
            step = Step(words=f"deleting {what}", acts=deleted.acts)
            self._context.did(step, f"{what} deleted")
        finally:
            watch.end()

    async def _deleted(
        self, uids: list[str] | None, number: int, typed: int | None, watch: "Watch"
    ) -> "Deleted":
        what = self._what(number)
        if uids is None:
            copying = self._context.shop.mirror.state.copying
            watch.name(f"Reading {what}{SLOWED if copying else ''}")
        wanted = await self._browser.chosen_uids(watch) if uids is None else uids
        if len(wanted) != number:
            there = f"{len(wanted):,} match by now, {number:,} did."
            raise InputError(f"{there} Nothing was deleted: look again, then delete them.")
        watch.name(f"Deleting {what}")
        return await self._context.shop.removal.delete(self._browser.spec.entity, wanted, typed, watch)

    async def _agreed(self, number: int, news: str) -> tuple[bool, int | None]:
        """Return whether to delete, and the number typed where so many ask for it. `news` is said first."""
        from instica_desktop.features.lists.typed_number import (
            TypedNumber,  # the first rows do not wait for them
        )
        from instica_desktop.qtkit import dialogs
        from instica_desktop.sync import needs_number

        many = needs_number(number, self._context.shop.known(self._browser.spec.entity))
        more = f" Type {number} to go on." if many else ""
        field = TypedNumber(number) if many else None
        choices = (dialogs.Choice("keep", "Keep", "safe"), dialogs.Choice("act", "Delete", "danger"))
        title = f"Delete {self._what(number)}?"
        since = f"Changed since you chose:\n{news}\n\n" if news else ""
        text = since + _consequences(number) + more
        answer = await dialogs.ask(self._window, title, text, choices, content=field)
        return answer == "act", field.number if field else None

    def _what(self, number: int) -> str:
        spec = self._browser.spec
        return f"{number:,} {spec.noun if number == 1 else spec.nouns}"


def _consequences(number: int) -> str:
    """Return what deleting so many means, and what no undo will bring back."""
    at_once = "What is deleted leaves the lists at once, and the server when the message about it has gone."
    if number > WITH_PHOTOS:
        later = (
            "Undo after that makes the records again with their fields, but without their photos, which are "
            "not kept for so many"
        )
    else:
        later = "Undo after that makes it again with fields and photos"
    return f"{at_once} {later}: under new numbers, without offers on marketplaces and links of orders."
