"""What every screen is given, and what a screen is."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol

import msgspec
from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QTableView, QWidget

from instica_desktop.core.accounts import Account
from instica_desktop.core.acts import Step
from instica_desktop.core.describe import sentence
from instica_desktop.core.errors import InsticaError
from instica_desktop.core.operations import Operation, OpState
from instica_desktop.features.counting import Counts
from instica_desktop.features.offers import UndoOffer
from instica_desktop.features.undo import Turned, UndoHistory
from instica_desktop.qtkit.bus import Bus
from instica_desktop.qtkit.images import ImageLoader
from instica_desktop.qtkit.tasks import TaskScope, report
from instica_desktop.sync import Shop
from instica_desktop.system.prefs import Prefs

if TYPE_CHECKING:
    from instica_desktop.features.outcomes import Outcomes
    from instica_desktop.sync.intake import Added
    from instica_desktop.sync.watching import Watch


class UiServices(Protocol):
    """What the window does for its screens, whatever window it is."""

    def say(self, words: str) -> None:
        """Show a short notice that goes by itself."""
        ...

    def unsay(self, words: str) -> None:
        """Withdraw a notice that turned out not to be so."""
        ...

    def show_problem(self, error: InsticaError) -> None:
        """Show what went wrong, why, and what to do next; technical details only on demand."""
        ...

    def offer_undo(self, words: str, undo: Callable[[], None], offer: "UndoOffer | None" = None) -> None:
        """Show what was done, with Undo; given an offer, for as long as that stands."""
        ...

    def show_work(self, words: str, watch: "Watch") -> None:
        """Show how far long work is until it ends, with a button that stops it."""
        ...

    def show_screen(self, key: str, uid: str = "", search: str = "") -> None:
        """Go to another screen, to one record of it, or to what matches a search."""
        ...

    def open_link(self, url: str) -> None:
        """Open the page a link of a record leads to, once the user agrees to its host."""
        ...


GRACE = 2.0
"""Seconds that acts have to end when the shop closes."""


class Context:
    """One open shop as its screens see it."""

    def __init__(self, account: Account, shop: Shop, bus: Bus, prefs: Prefs, ui: UiServices) -> None:
        self.account = account
        self.shop = shop
        self.bus = bus
        self.prefs = prefs
        self.ui = ui
        self.undo = UndoHistory(lambda: shop.inverses, bus, real=shop.real, undecided=self._undecided)
        self.undo.working.connect(self._working)
        shop.on_decided.append(self.undo.decided)
        self.images = ImageLoader(shop.image, bus)
        """Pictures of this shop, for tables and panes."""
        self.counts = Counts(shop, bus)
        """How many records queries find, for all who show it."""
        self._scope = TaskScope(bus)
        self._could_read = shop.state.can_read
        shop.on_state.append(self._state_changed)
        shop.on_added.append(self._added)

    def _state_changed(self) -> None:
        """Ask again for the pictures that could not be had while there was no connection."""
        could_read, self._could_read = self._could_read, self.shop.state.can_read
        if self._could_read and not could_read:
            self.images.retry_failed()

    def _added(self, added: "Added") -> None:
        self._scope.spawn(self._remember(added), "remember photos", on_error=self.tell)

    async def _remember(self, added: "Added") -> None:
        """Remember photos that were added: whatever was dropped together is one step."""
        from instica_desktop.features.photo_steps import added_step

        try:
            if done := await added_step(self.shop, added):
                self.did(*done)
        finally:
            await self.shop.intake.let_go(added)

    def did(self, step: Step, said: str = "") -> None:
        """Remember what was done, so that it can be taken back; say it with an offer to, given words."""
        self.undo.push(step)
        if said:
            offer = UndoOffer(step, self.undo, self.shop.inverses, self.bus)
            self.ui.offer_undo(said, partial(self.take_back, step), offer)
            self._outcomes.follow(step, said, step.words)

    def promise(self, operation: Operation, said: str, kept: str = "") -> None:
        """Say that something goes out, for as long as it has not; `kept` once it made what it was to make."""
        self.ui.say(said)
        self._outcomes.promise(operation, said, kept)

    def take_back(self, step: Step) -> None:
        """Take back one step; what came of it is said."""
        self._scope.spawn(self._take_back(step), "take back", on_error=self._about(step))

    def undo_last(self) -> None:
        """Take back what was done last; what came of it is said."""
        self._scope.spawn(self._take_back(None), "undo", on_error=self._about(self.undo.next_undo))

    def redo_last(self) -> None:
        """Do again what was taken back last; what came of it is said."""
        self._scope.spawn(self._do_again(), "redo", on_error=self._about(self.undo.next_redo))

    def _about(self, step: Step | None) -> Callable[[BaseException], None]:
        return partial(self.tell, about=sentence(step.words) if step else "")

    async def _take_back(self, step: Step | None) -> None:
        self._say("Undone", await self.undo.undo(step), "Nothing to undo.")

    async def _do_again(self) -> None:
        self._say("Redone", await self.undo.redo(), "Nothing to redo.")

    def _say(self, word: str, turned: Turned | None, nothing: str) -> None:
        if turned is None:
            self.ui.say(nothing)
        else:
            but = f". {turned.but}" if turned.but else ""
            head = f"Not {word.lower()} yet" if turned.undecided else word
            said = f"{head}: {turned.words}{but}"
            self.ui.say(said)
            if turned.step is not None and not turned.undecided:
                back = "taking back " if word == "Undone" else ""
                self._outcomes.follow(turned.step, said, back + turned.words)

    @cached_property
    def _outcomes(self) -> "Outcomes":
        from instica_desktop.features.outcomes import Outcomes

        return Outcomes(self.shop, self.ui.say, self.ui.unsay, self.ui.show_problem)

    def _undecided(self, step: Step) -> bool:
        """Tell whether what a step wrote, taken back, is in conflict with what somebody else did."""
        if not self.shop.counts().needs_user:
            return False
        waiting = [one for one in self.shop.operations() if one.state is OpState.CONFLICT]
        return any(
            act.about(one.entity, one.uid, self.shop.real) and act.after.keys() & one.theirs.keys()
            for one in waiting
            for act in step.acts
        )

    def _working(self, step: Step, watch: "Watch", back: bool) -> None:
        """Show how far it is to take back, or do again, what was done to many records."""
        self.ui.show_work(f"{'Taking back' if back else 'Doing again'}: {step.words}", watch)

    def tell(self, error: BaseException, about: str = "") -> None:
        """Show what ended a task, in words; a fault of ours goes to the reporter of tasks.

        `about` names the record or the step.
        """
        if isinstance(error, InsticaError):
            error.about = error.about or about
            self.ui.show_problem(error)
        else:
            report(error, "screen")

    def close(self) -> None:
        """Stop fetching pictures and counting: the shop closes."""
        if self.undo.decided in self.shop.on_decided:
            self.shop.on_decided.remove(self.undo.decided)
        if self._added in self.shop.on_added:
            self.shop.on_added.remove(self._added)
        if self._state_changed in self.shop.on_state:
            self.shop.on_state.remove(self._state_changed)
        if "_outcomes" in vars(self):
            self._outcomes.close()
        self.images.close()
        self.counts.close()

    async def finish(self) -> None:
        """Let acts end that were begun, such as an undo, while the files they write are open."""
        await self._scope.finish(GRACE)


class ScreenWidget(QWidget):
    """Base of a screen's widget: what the window may ask of it."""

    rearranged = Signal()
    """What stands where has changed; see `room_for_messages`."""

    def activate(self) -> None:
        """The screen has come to the front: put the focus where work begins."""

    def focus_search(self) -> None:
        """Put the focus into the search field (Ctrl+F)."""

    def reveal(self, uid: str = "", search: str = "") -> None:
        """Show one record, or what matches a search."""

    def refresh(self) -> None:
        """Ask the server again (F5)."""

    def make_new(self) -> None:
        """Ask for a new record of the kind this screen lists (Ctrl+N)."""

    def current_uid(self) -> str:
        """Return the uid of the record somebody stands on; empty for none."""
        return ""

    def density_changed(self) -> None:
        """Rows should now be as high as `prefs["density"]` says."""

    def room_for_messages(self) -> QRect:
        """Return where messages may stand, where nothing is read or pressed first."""
        return self.rect()

    def regions(self) -> Sequence[QWidget]:
        """Return the parts F6 walks through, such as table and detail, from left to right."""
        return self.findChildren(QTableView)

    async def settled(self) -> None:
        """Return once everything that is on this computer is shown."""

    async def finish(self) -> None:
        """The shop is about to close: return once everything typed is on the disk."""

    def leave(self) -> None:
        """The shop is closing: stop, and let go of the rows."""


class Screen(msgspec.Struct, frozen=True):
    """One entry of the rail: key, title, Lucide icon, and what makes its widget.

    Without `in_rail` it is reached from a menu alone.
    """

    key: str
    title: str
    icon: str
    make: Callable[[Context, QWidget], ScreenWidget]
    in_rail: bool = True
