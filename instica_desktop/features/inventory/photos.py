"""The photos of an item: dropped, pasted or chosen, in order, the first one standing for the item."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.core.errors import InsticaError
from instica_desktop.core.models import Asset, InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY, Operation, OpState, is_temporary
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.columns import title_of
from instica_desktop.features.inventory.viewer import PhotoViewer
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.undo import Closures
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
GONE = "These photos are not there any more, or the server keeps them in another form."
UNREACHABLE = "This picture cannot be fetched. Save it on this computer first, then drop the file."
_STATES: dict[OpState, PhotoState] = {
    OpState.SENDING: "sending",
    OpState.REFUSED: "error",
    OpState.CONFLICT: "error",
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
        self._trouble = Label("", self, role="caption", ink="error", wrap=True)
        self._trouble.setObjectName(f"{name}Trouble")
        self._trouble.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.strip, self._hint, self._trouble):
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
        return "" if self._trouble.isHidden() else self._trouble.text()

    def show_row(self, row: RecordRow) -> None:
        """Show an item's photos, with what is happening to each."""
        if self._row is None or row.uid != self._row.uid:
            self._trouble.hide()
        self._row = row
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

    def _say(self, lines: Sequence[str]) -> None:
        self._trouble.setText("\n".join(lines))
        self._trouble.setVisible(bool(lines))

    # ------------------------------------------------------------ adding

    def _choose(self) -> None:
        self._scope.spawn(self._choose_files(), "choose photos", group="choose", exclusive=True)

    async def _choose_files(self) -> None:
        files = await dialogs.open_files(self.window(), "Add photos", FILTERS)
        if files:
            await self._add(list(files))

    def _dropped(self, sources: list[Any]) -> None:
        self._scope.spawn(self._add(sources), "add photos")

    async def _add(self, sources: list[Any]) -> None:
        """Add files, pasted pictures and pictures dragged out of a browser; say what was refused."""
        row = self._row
        if row is None:
            return
        usable, troubles = await self._fetched(sources)
        try:
            results = await self._shop.add_photos(row.uid, usable)
        except InsticaError as error:
            self._say([*troubles, error.message])
            return
        self._remember(row, usable, [one.sha256 for one in results if one.ok and not one.duplicate])
        troubles += [f"{result.name}: {result.error.message}" for result in results if result.error]
        troubles += [f"{result.name} is among the photos already." for result in results if result.duplicate]
        if self._row is not None and self._row.uid == row.uid:
            self._say(troubles)

    def _remember(self, row: RecordRow, sources: list[Path | bytes], added: Sequence[str]) -> None:
        if added:
            title = title_of(row.data)
            photos = _Added(self._context, row.uid, sources, frozenset(added))
            words = f"{'photo' if len(added) == 1 else f'{len(added)} photos'} of {title}"
            self._context.undo.push(Closures(Entity.ITEM, row.uid, words, photos.back, photos.again))

    async def _fetched(self, sources: list[Any]) -> tuple[list[Path | bytes], list[str]]:
        usable: list[Path | bytes] = []
        troubles: list[str] = []
        for source in sources:
            if isinstance(source, str):
                content = await self._shop.image(source)
                if content is None:
                    troubles.append(UNREACHABLE)
                else:
                    usable.append(content)
            else:
                usable.append(source)
        return usable, troubles

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
        self._scope.spawn(self._remove_asked(key), "remove photo")

    async def _remove_asked(self, key: str) -> None:
        """Remove a photo. One that is on the server only comes back by adding it again, so ask first."""
        row = self._row
        if row is None:
            return
        sure = is_temporary(key) or await dialogs.confirm(
            self.window(),
            "Remove this photo?",
            "It is removed from the shop and its listings.",
            "Remove",
            danger=True,
        )
        if sure:
            await self._shop.remove_photo(row.uid, key)

    def _make_first(self, key: str) -> None:
        keys = [key, *(other for other in self.strip.keys if other != key)]
        self._reorder(keys)

    def _reorder(self, keys: list[str]) -> None:
        self._scope.spawn(self._reordered(keys), "order photos", group="order")

    async def _reordered(self, keys: list[str]) -> None:
        row = self._row
        if row is None or not keys:
            return
        primary = next((asset.uid for asset in row.data.assets if asset.is_primary), "")
        await self._shop.order_photos(row.uid, keys)
        if keys[0] != primary:
            await self._shop.primary_photo(row.uid, keys[0])

    def _retry(self, key: str) -> None:
        self._scope.spawn(self._shop.retry(key.removeprefix(TEMPORARY)), "retry photo")


class _Added:
    """Takes photos away that were added, and adds them again. They are known by their content."""

    def __init__(
        self, context: Context, uid: str, sources: list[Path | bytes], added: frozenset[str]
    ) -> None:
        self._shop, self._say, self._uid = context.shop, context.ui.say, uid
        self._sources, self._added = sources, added

    async def back(self) -> None:
        """Remove them, wherever they are by now."""
        row = self._shop.row(Entity.ITEM, self._uid)
        assets = cast(InventoryItem, row.data).assets if row is not None else ()
        found = [asset.uid for asset in assets if asset.sha256 in self._added]
        for uid in found:
            await self._shop.remove_photo(self._uid, uid)
        if not found:
            self._say(GONE)

    async def again(self) -> None:
        """Add them once more."""
        await self._shop.add_photos(self._uid, self._sources)


def in_order(assets: Sequence[Asset]) -> list[Asset]:
    """Return photos as they are shown: the primary one first, the others by position."""
    return sorted(assets, key=lambda asset: (not asset.is_primary, asset.position))
