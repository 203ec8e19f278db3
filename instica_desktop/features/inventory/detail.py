"""The pane beside the table: one item, its photos, fields, listings and history."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.history import HistoryList
from instica_desktop.features.inventory.columns import title_of
from instica_desktop.features.inventory.fields import ItemFields
from instica_desktop.features.inventory.listings import ListingsTab
from instica_desktop.features.inventory.photos import ItemPhotos
from instica_desktop.features.lists.record_pane import PaneSpec, RecordPane
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.product_words import heading_of
from instica_desktop.qtkit.widgets.empty_state import StateSpec


def heading(item: InventoryItem) -> str:
    """Return `Miles Davis · Columbia CS 8163 · LP · 1959`: what identifies the pressing."""
    return heading_of(item.product) if item.product else ""


SPEC = PaneSpec(
    entity=Entity.ITEM,
    noun="item",
    title=title_of,
    heading=heading,
    tabs=(("details", "Details"), ("photos", "Photos"), ("listings", "Listings"), ("history", "History")),
    nothing=StateSpec(
        icon="disc-3", headline="No item chosen", sentence="Choose an item to grade, price and photograph it."
    ),
)


class ItemDetail(RecordPane):
    """Shows and edits the current item."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(context, SPEC, parent)
        self.photos = ItemPhotos(context, self)
        self.fields = ItemFields(self.form, self)
        self.gallery = ItemPhotos(context, self, large=True)
        self.listings = ListingsTab(context, self)
        self.history = HistoryList(context, Entity.ITEM, "itemHistory", self)
        self._lay_out((self.photos, self.fields), (self.gallery,), (self.listings,), (self.history,))

    def _show_parts(self, row: RecordRow) -> None:
        item: InventoryItem = row.data
        for part in (self.fields, self.photos, self.gallery, self.listings, self.history):
            part.show_row(row)
        self.tabs.set_count("photos", len(item.assets) or None)
        self.tabs.set_count("listings", len(item.listings) or None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a picture from the clipboard wherever the keyboard is in the pane, but for a text."""
        if not event.matches(QKeySequence.StandardKey.Paste) or not self.photos.strip.paste():
            super().keyPressEvent(event)

    def first(self) -> QWidget:
        """Return the grade."""
        return self.fields.item_grade

    def focus_first(self) -> None:
        """Put the focus on the grade."""
        self.tabs.set_value("details")
        self.fields.item_grade.setFocus(Qt.FocusReason.ShortcutFocusReason)
