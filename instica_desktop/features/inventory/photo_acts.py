"""What is done to the photos of an item: removed, put in order, made the first. Each can be taken back."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from instica_desktop.core.acts import Act, Step
from instica_desktop.core.operations import is_temporary
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.columns import title_of
from instica_desktop.features.marks import RecordRow
from instica_desktop.qtkit import dialogs
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import Label, name_widget

SURE = "It is removed from the shop and its listings."
NOT_KEPT = " Undo will not bring it back: its file is not on this computer and cannot be fetched just now."


class Shown(NamedTuple):
    """How a photo stands in the strip: its place there, counted from 1, of how many, and its picture."""

    place: int
    total: int
    picture: QPixmap | None


def _picture(shown: Shown) -> Label | None:
    """Return the picture of a photo to be asked about, None while it is not here."""
    if shown.picture is None:
        return None
    label = Label()
    name_widget(label, "askedPhoto", f"Photo {shown.place} of {shown.total}")
    label.setPixmap(shown.picture)
    return label


class PhotoActs:
    """Acts on the photos of the item they were begun on, whichever is shown when they end."""

    def __init__(self, context: Context, scope: TaskScope, window: QWidget) -> None:
        self._context, self._scope, self._window = context, scope, window

    def remove(self, row: RecordRow, key: str, shown: Shown) -> None:
        """Remove a photo; ask first, showing which, unless it was never sent."""
        work = self._remove(row, key, shown)
        self._scope.spawn(work, "remove photo", on_error=self._context.tell, act=True)

    def arrange(self, row: RecordRow, keys: Sequence[str]) -> None:
        """Put photos in order; the first one stands for the item."""
        work = self._arrange(row, keys)
        self._scope.spawn(work, "order photos", group="order", on_error=self._context.tell, act=True)

    async def _remove(self, row: RecordRow, key: str, shown: Shown) -> None:
        kept = await self._context.shop.gallery.keep(row.uid, key)
        if (not is_temporary(key) or not kept) and not await self._sure(shown, bool(kept)):
            return
        act = await self._context.shop.gallery.remove(row.uid, key, kept)
        title = title_of(row.data)
        if kept:
            self._did(f"removing a photo of {title}", act, f"A photo of {title} is removed")
        else:
            self._context.ui.say(f"A photo of {title} is removed.")

    async def _sure(self, shown: Shown, kept: bool) -> bool:
        title = f"Remove photo {shown.place} of {shown.total}?" if shown.total > 1 else "Remove this photo?"
        text = SURE if kept else SURE + NOT_KEPT
        choices = (dialogs.Choice("keep", "Cancel", "safe"), dialogs.Choice("act", "Remove", "danger"))
        content = _picture(shown)
        return await dialogs.ask(self._window.window(), title, text, choices, content=content) == "act"

    async def _arrange(self, row: RecordRow, keys: Sequence[str]) -> None:
        act = await self._context.shop.gallery.arrange(row.uid, keys)
        if act is not None:
            self._did(f"order of the photos of {title_of(row.data)}", act)

    def _did(self, words: str, act: Act, said: str = "") -> None:
        self._context.did(Step(words=words, acts=(act,)), said)
