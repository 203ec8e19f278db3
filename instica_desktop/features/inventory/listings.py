"""The Listings tab: where the item is offered, at what price, and what went wrong."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.ages import day
from instica_desktop.core.models import InventoryItem, Listing
from instica_desktop.core.money import format_money
from instica_desktop.qtkit.text import ElidedLabel, Label
from instica_desktop.qtkit.theme.tokens import Tone
from instica_desktop.qtkit.widgets.badge import Badge
from instica_desktop.qtkit.widgets.empty_state import EmptyState, StateSpec

STATUS: dict[str, tuple[str, Tone]] = {
    "draft": ("Draft", "neutral"),
    "listed": ("Listed", "success"),
    "inactive": ("Inactive", "neutral"),
    "failed": ("Failed", "error"),
    "sold": ("Sold", "tint"),
}
NOT_LISTED = StateSpec(
    icon="store", headline="Not listed", sentence="This item is not offered on any marketplace."
)


class ListingsTab(QWidget):
    """The listings of one item, one block each."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("itemListings")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._shown: tuple[Listing, ...] | None = None

    def show_item(self, item: InventoryItem) -> None:
        """Show an item's listings; nothing is rebuilt when they are the same."""
        if item.listings == self._shown:
            return
        self._shown = item.listings
        while (entry := self._column.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for listing in item.listings:
            self._column.addWidget(self._block(listing))
        if not item.listings:
            self._column.addWidget(EmptyState(NOT_LISTED, self))

    def _block(self, listing: Listing) -> QWidget:
        block = QWidget(self)
        block.setProperty("card", True)
        column = QVBoxLayout(block)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.addWidget(Label(listing.platform_name or listing.platform, block, role="strong"))
        word, tone = STATUS.get(listing.status, (listing.status, "neutral"))
        badge = Badge(parent=block)
        badge.set_badge(word, tone)
        top.addWidget(badge)
        top.addStretch()
        top.addWidget(Label(f"$ {format_money(listing.price_usd)}", block, role="medium", tabular=True))
        column.addLayout(top)
        column.addWidget(ElidedLabel(listing.title or "", block, role="caption", ink="text_2"))
        since = f"Since {day(listing.listed_at)}" if listing.listed_at else "Not yet offered"
        number = f" · no. {listing.external_id}" if listing.external_id else ""
        column.addWidget(Label(since + number, block, role="caption", ink="text_3", tabular=True))
        if listing.error:
            column.addWidget(Label(listing.error.message, block, role="caption", ink="error", wrap=True))
        return block
