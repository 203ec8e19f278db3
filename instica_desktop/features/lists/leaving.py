"""Many deletions on their way to the server: how far they are, a way to stop them, and what came of them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.features.context import Context
from instica_desktop.qtkit.tasks import TaskScope

if TYPE_CHECKING:
    from instica_desktop.features.lists.browsing import BrowseSpec
    from instica_desktop.sync import Leaving
    from instica_desktop.sync.watching import Watch

MANY = 50
"""More deletions than this are shown on their way, and summed up; of fewer each tells of itself."""
LOOK_MS = 250
NOT_ALL = (
    "{deleted:,} of {whole} are deleted, {stuck:,} could not be. "
    "Open Activity (F8) to see why, and to choose what becomes of them."
)


class LeavingWork(QObject):
    """Follows the deletions of one kind of record, also those an earlier run left."""

    changed = Signal()
    """Another number is on its way."""

    def __init__(self, context: Context, spec: "BrowseSpec", parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._spec = context, spec
        self._scope = TaskScope(self)
        self._watch: Watch | None = None
        self._began: Leaving | None = None
        self._rest: Leaving | None = None  # how they stood when none was on its way
        self._left = 0
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(LOOK_MS)
        self._settle.timeout.connect(self.look)
        context.shop.on_state.append(self._heard)

    def leave(self) -> None:
        """Follow the shop no longer."""
        if self._heard in self._context.shop.on_state:
            self._context.shop.on_state.remove(self._heard)
        self._settle.stop()
        self._end()

    def look(self) -> None:
        """Show how far the deletions are."""
        now = self._context.shop.leaving(self._spec.entity)
        if now.left != self._left:
            self._left = now.left
            self.changed.emit()
        if self._began is None:
            if now.left == now.held:
                self._rest = now
            elif now.left - now.held > MANY:
                self._begin(now)
        elif not self._scope.busy("stop"):
            self._go_on(self._began, now)

    def _heard(self) -> None:
        if not self._settle.isActive():
            self._settle.start()

    def _begin(self, now: "Leaving") -> None:
        from instica_desktop.sync.watching import Watch

        began = self._rest or now
        self._began, self._watch = began, Watch()
        self._context.ui.show_work(f"Deleting {self._spec.nouns} on the server", self._watch)
        self._watch.asked = self._stop
        self._watch.begin(now.left + now.deleted - began.deleted + max(0, now.stuck - began.stuck))

    def _go_on(self, began: "Leaving", now: "Leaving") -> None:
        deleted, stuck = now.deleted - began.deleted, max(0, now.stuck - began.stuck)
        done = deleted + stuck
        if now.left:
            if self._watch is not None:
                self._watch.show(done, done + now.left)
            return
        self._end()
        whole = self._counted(done)
        if stuck:
            text = NOT_ALL.format(deleted=deleted, whole=whole, stuck=stuck)
            self._context.ui.show_problem(InputError(text))
        elif deleted:
            self._context.ui.say(f"{whole} {'is' if deleted == 1 else 'are'} deleted on the server.")

    def _end(self) -> None:
        watch, self._watch, self._began = self._watch, None, None
        if watch is not None:
            watch.end()

    def _stop(self) -> None:
        self._scope.spawn(self._drop(), "stop deleting", group="stop", act=True)

    async def _drop(self) -> None:
        began, watch = self._began, self._watch
        if began is None or watch is None:
            return
        try:
            await self._context.shop.removal.drop(self._spec.entity, watch)
        except InsticaError as error:
            self._context.ui.show_problem(error)
            return
        now = self._context.shop.leaving(self._spec.entity)
        self._end()
        deleted = self._counted(now.deleted - began.deleted)
        self._context.ui.say(f"Stopped. {deleted} had been deleted; all others are listed again.")

    def _counted(self, number: int) -> str:
        return f"{number:,} {self._spec.noun if number == 1 else self._spec.nouns}"
