"""Where a product stands on marketplaces."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.models import Presence, Product
from instica_desktop.qtkit.text import ElidedLabel, Label
from instica_desktop.qtkit.widgets.badge import Badge
from instica_desktop.qtkit.widgets.button import IconButton

_TONES = {"listed": "success", "active": "success", "inactive": "neutral", "failed": "error", "sold": "tint"}


class PresenceRow(QWidget):
    """One marketplace: its name, status, and a way to the page there, which `link_opened` asks for."""

    link_opened = Signal(str)

    def __init__(self, presence: Presence, parent: QWidget) -> None:
        super().__init__(parent)
        self._url = presence.url or ""
        name = presence.platform_name or presence.platform.capitalize()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Label(name, self, role="medium"))
        row.addWidget(ElidedLabel(presence.external_id or "", self, role="caption", ink="text_2"), 1)
        if presence.status:
            tone = _TONES.get(presence.status, "neutral")
            words = presence.status.replace("_", " ").capitalize()
            row.addWidget(Badge(words, tone, self))  # pyright: ignore[reportArgumentType]
        if self._url.lower().startswith(("http:", "https:")):
            button = IconButton("external-link", "openPresence", f"Open on {name}", self, side=24)
            button.clicked.connect(self._open)
            row.addWidget(button)
        self.setFixedHeight(32)

    def _open(self) -> None:
        self.link_opened.emit(self._url)


class Presences(QWidget):
    """All marketplaces of a product; hidden when there is none. `link_opened` carries a page to open."""

    link_opened = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("productPresences")
        self._shown: tuple[Presence, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(Label("On marketplaces", self, role="h4"), 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_product(self, product: Product) -> None:
        """Show where a product stands."""
        self.setVisible(bool(product.marketplace_presences))
        if product.marketplace_presences == self._shown:
            return
        self._shown = product.marketplace_presences
        while (item := self._column.takeAt(1)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for presence in self._shown:
            row = PresenceRow(presence, self)
            row.link_opened.connect(self.link_opened)
            self._column.addWidget(row)
