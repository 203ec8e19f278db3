"""What the window says of waiting edits that were damaged: all of them, or some, wait for the user's word."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from instica_desktop.core.ages import day_and_clock
from instica_desktop.features.context import Context
from instica_desktop.features.shell.words import edits
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.widgets.banner import Callout
from instica_desktop.qtkit.widgets.button import Button

if TYPE_CHECKING:
    from instica_desktop.sync.care import Restored


class RestoredBanner(Callout):
    """Stands above the screens while `shop.care.restored` is not None, or some edits are damaged."""

    look_requested = Signal()
    """“Look through the changes” was pressed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("restoredBanner", parent, tone="warning", icon="history", wide=True)
        self._context: Context | None = None
        self._scope = TaskScope(self)
        self.headline = Label("", self, role="strong", ink="warning", wrap=True)
        self.sentence = Label("", self, ink="warning", wrap=True)
        self.look = Button("Look through the changes", "restoredLook", self)
        self.send = Button("Send them", "restoredSend", self, variant="filled")
        self.add_words(self.headline, self.sentence)
        self.row.addSpacing(8)
        for button in (self.look, self.send):
            self.row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.look.clicked.connect(self.look_requested)
        self.send.clicked.connect(self.confirm)
        self.hide()

    def follow(self, context: Context) -> None:
        """Speak of a shop from now on."""
        self.leave()
        self._context = context
        context.shop.on_state.append(self.show_state)
        self.show_state()

    def leave(self) -> None:
        """Speak of no shop."""
        context, self._context = self._context, None
        if context and self.show_state in context.shop.on_state:
            context.shop.on_state.remove(self.show_state)
        self.hide()

    def show_state(self) -> None:
        """Show what was restored, or nothing."""
        held = self._context is not None and self._context.shop.held_back
        restored = self._context.shop.care.restored if self._context and held else None
        damaged = self._context.shop.counts().damaged if self._context else 0
        self.setVisible(restored is not None or damaged > 0)
        if self._context is None or self.isHidden():
            return
        waiting = len(self._context.shop.operations())
        headline, sentence = (
            restored_words(restored, waiting, damaged) if restored else damaged_words(damaged)
        )
        self.headline.setText(headline)
        self.sentence.setText(sentence)
        name_widget(self, "restoredBanner", headline, sentence)
        self.look.setVisible(waiting > 0)
        self.send.setVisible(restored is not None)
        self.send.setText("Send them" if waiting else "Go on")
        self.send.setAccessibleName(self.send.text())

    def confirm(self) -> None:
        """Let what was restored be sent."""
        if context := self._context:
            confirming = context.shop.care.confirm()
            self._scope.spawn(confirming, "confirm restored", on_error=context.tell, act=True)


def restored_words(restored: "Restored", waiting: int, damaged: int = 0) -> tuple[str, str]:
    """Return what the banner says: what was restored from when, and what may be missing."""
    if restored.log:
        return (
            "The log of your waiting edits was damaged on this computer’s disk",
            f"It is in order again. {_holds(waiting)} {_whole(damaged)} Look through them; nothing is sent "
            "until you say so.",
        )
    if restored.notes:
        return (
            "What is noted about your waiting edits was damaged on this computer’s disk",
            f"{_holds(waiting)} {_whole(damaged)} Look through them; nothing is sent until you say so.",
        )
    if restored.running:
        return (
            "The file of your waiting edits was damaged while the app was running",
            f"{_holds(waiting)} Everything was still in memory and stands in a new file; the history of "
            "earlier edits may have gaps. Nothing is sent until you say so.",
        )
    if restored.copied is None:
        return (
            "Your waiting edits were damaged, and there is no backup of them",
            f"{_salvaged(restored.salvaged)}Edits that were not sent yet may be missing. The damaged file is "
            "kept on this computer. New edits wait until you go on.",
        )
    when = day_and_clock(restored.copied)
    checked = "Each one is compared with the server before it is sent."
    if restored.chosen:
        return (
            f"The backup of {when} is restored",
            f"{_holds(waiting)} What waited before is kept as a backup of its own. "
            f"Nothing is sent until you say so. {checked}",
        )
    return (
        f"Your waiting edits were damaged; the backup of {when} stands in for them",
        f"{_passed(restored.passed_over)}{_holds(waiting)} {_salvaged(restored.salvaged)}"
        f"Edits made after that time may be missing. "
        f"Nothing is sent until you say so. {checked}",
    )


def damaged_words(number: int) -> tuple[str, str]:
    """Return what the banner says of edits that were spoilt inside a file that is whole otherwise."""
    was, they, each = ("was", "It is", "it") if number == 1 else ("were", "They are", "each")
    return (
        f"{edits(number)} {was} damaged on this computer’s disk",
        f"{they} not sent. Activity says what a backup has of {each} and what to do; everything else goes "
        "on. Check the disk if this comes again.",
    )


def _whole(damaged: int) -> str:
    """Return what is said of the edits where their notes were damaged."""
    if not damaged:
        return "The edits themselves are whole."
    was, are = ("was", "is") if damaged == 1 else ("were", "are")
    return f"{edits(damaged)} {was} damaged too, and {are} not sent."


def _passed(number: int) -> str:
    if not number:
        return ""
    return "A newer backup is damaged too. " if number == 1 else f"{number} newer backups are damaged too. "


def _salvaged(number: int) -> str:
    return f"{edits(number)} could still be read from the damaged file. " if number else ""


def _holds(waiting: int) -> str:
    return f"{edits(waiting)} {'waits' if waiting == 1 else 'wait'} now." if waiting else "No edits wait now."
