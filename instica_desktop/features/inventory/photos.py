"""The photos of an item: dropped, pasted or chosen, in order, the first one standing for the item."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.core.models import Asset, InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY, Operation, OpState
from instica_desktop.features.context import Context
from instica_desktop.features.intake_notes import IntakeNotes
from instica_desktop.features.inventory.photo_acts import PhotoActs, Shown
from instica_desktop.features.inventory.viewer import PhotoViewer
from instica_desktop.features.marks import RecordRow
from instica_desktop.qtkit import dialogs
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.photo_places import GAP, sizes
from instica_desktop.qtkit.widgets.photo_strip import PhotoStrip
from instica_desktop.qtkit.widgets.photo_tile import Photo, PhotoState

KINDS = {"item": "Record", "container": "Sleeve", "label": "Label", "other": "Other"}
FILTERS = "Photos (*.jpg *.jpeg *.png *.webp);;All files (*)"
SMALL = (136, 64)
LARGE = (352, 112)
_STATES: dict[OpState, PhotoState] = {
    OpState.SENDING: "sending",
    OpState.REFUSED: "error",
    OpState.CONFLICT: "error",
    OpState.DAMAGED: "error",
}


class ItemPhotos(QWidget):
    """A strip of photos with the reasons of those that were refused under it."""

    def __init__(self, context: Context, parent: QWidget, *, large: bool = False) -> None:
        super().__init__(parent)
        name = "itemGallery" if large else "itemPhotos"
        self.setObjectName(f"{name}Part")
        self._context = context
        self._shop = context.shop
        self._scope = TaskScope(self)
        self._acts = PhotoActs(context, self._scope, self)
        self._row: RecordRow | None = None
        self._large = large
        hero, tile = LARGE if large else SMALL
        self.strip = PhotoStrip(
            name, "Photos of this item", self, pictures=context.images, hero=hero, tile=tile
        )
        self._hint = Label(
            "Drop photos here, paste them with Ctrl+V, or choose files.",
            self,
            role="caption",
            ink="text_3",
            wrap=True,
        )
        self.notes = IntakeNotes(context, Entity.ITEM, name, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.strip, self.notes, self._hint):
            column.addWidget(widget)
        self._connect()

    def _connect(self) -> None:
        strip = self.strip
        strip.dropped.connect(self._dropped)
        strip.add_requested.connect(self._choose)
        strip.opened.connect(self._open)
        strip.remove_requested.connect(self._remove)
        strip.primary_requested.connect(self._make_first)
        strip.retry_requested.connect(self._retry)
        strip.order_changed.connect(self._reorder)
        self._context.images.loaded.connect(strip.pictures_arrived)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the pane’s width: three of the others below a large first photo, or beside a smaller one."""
        super().resizeEvent(event)
        if self._large:
            hero = min(LARGE[0], self.width())
            self.strip.set_sizes(hero, (hero - 2 * GAP) // 3)
        else:
            self.strip.set_sizes(*sizes(self.width()))

    # ------------------------------------------------------------ showing

    @property
    def trouble(self) -> str:
        """Why photos were refused; empty for none."""
        return self.notes.text

    def show_row(self, row: RecordRow) -> None:
        """Show an item's photos, with what is happening to each."""
        self._row = row
        self.notes.show_of(row.uid)
        item: InventoryItem = row.data
        operations = {TEMPORARY + operation.uuid: operation for operation in self._shop.operations()}
        photos = [self._photo(asset, operations.get(asset.uid)) for asset in in_order(item.assets)]
        self.strip.set_photos(photos)
        self._hint.setVisible(len(photos) < 2)

    def _photo(self, asset: Asset, operation: Operation | None) -> Photo:
        state: PhotoState = "ok"
        sent, total = 0, 0
        if operation is not None:
            state = _STATES.get(operation.state, "pending")
            sent, total = self._shop.upload_progress(operation.uuid) or (0, 0)
        picture = asset.image if self._large else asset.thumbnail
        return Photo(
            key=asset.uid,
            image=picture or asset.image or "",
            name=KINDS.get(asset.kind, "Photo"),
            state=state,
            progress=sent / total if total else 0.0,
            message=operation.message if operation else "",
        )

    # ------------------------------------------------------------ adding

    def _choose(self) -> None:
        if self._row is not None:
            work = self._choose_files(self._row.uid)
            self._scope.spawn(work, "choose photos", group="choose", exclusive=True)

    async def _choose_files(self, uid: str) -> None:
        files = await dialogs.open_files(self.window(), "Add photos", FILTERS)
        if files:
            self._shop.intake.take(Entity.ITEM, uid, list(files))

    def _dropped(self, sources: list[Any]) -> None:
        """Give the item what was dropped or pasted; the item is the one of this moment."""
        if self._row is not None:
            self._shop.intake.take(Entity.ITEM, self._row.uid, sources)

    # ------------------------------------------------------------ changing

    def _open(self, key: str) -> None:
        if self._row is not None:
            assets = in_order(self._row.data.assets)
            pictures = [asset.image or "" for asset in assets]
            at = next((at for at, asset in enumerate(assets) if asset.uid == key), 0)
            names = [KINDS.get(asset.kind, "Photo") for asset in assets]
            viewer = PhotoViewer(pictures, names, at, self._shop.image, self.window())
            viewer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            viewer.open()

    def _remove(self, key: str) -> None:
        if self._row is not None:
            self._acts.remove(self._row, key, Shown(*self.strip.shown(key)))

    def _make_first(self, key: str) -> None:
        self._reorder([key, *(other for other in self.strip.keys if other != key)])

    def _reorder(self, keys: list[str]) -> None:
        if self._row is not None and keys:
            self._acts.arrange(self._row, keys)

    def _retry(self, key: str) -> None:
        self._scope.spawn(self._shop.retry(key.removeprefix(TEMPORARY)), "retry photo", act=True)


def in_order(assets: Sequence[Asset]) -> list[Asset]:
    """Return photos as they are shown: the primary one first, the others by position."""
    return sorted(assets, key=lambda asset: (not asset.is_primary, asset.position))
