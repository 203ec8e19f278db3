"""The pane beside the table: one item, its photos, fields, listings and history."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.forms import RecordForm
from instica_desktop.features.history import HistoryList
from instica_desktop.features.inventory.columns import title_of
from instica_desktop.features.inventory.facts import heading
from instica_desktop.features.inventory.fields import ItemFields
from instica_desktop.features.inventory.listings import ListingsTab
from instica_desktop.features.inventory.photos import ItemPhotos
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.panes import add_steps, foot, saved_words
from instica_desktop.qtkit.text import ElidedLabel, Label
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.empty_state import EmptyState, StateSpec
from instica_desktop.qtkit.widgets.scrolled import centred, scrolled
from instica_desktop.qtkit.widgets.tabs import Tabs

NOTHING_CHOSEN = StateSpec(
    icon="disc-3", headline="No item chosen", sentence="Choose an item to grade, price and photograph it."
)
TABS = (("details", "Details"), ("photos", "Photos"), ("listings", "Listings"), ("history", "History"))


class ItemDetail(QWidget):
    """Shows and edits the current item.

    Signals: `step_requested(±1)` the next or former item; `undo_requested()`.
    """

    step_requested = Signal(int)
    undo_requested = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("itemDetail")
        self.setProperty("surface", "card")
        self.setProperty("edge", "left")
        self._context = context
        self.form = RecordForm(context, Entity.ITEM, _title, self)
        self._title = ElidedLabel("", self, role="h3")
        self._subtitle = ElidedLabel("", self, role="caption", ink="text_2")
        self.tabs = Tabs(TABS, "itemTabs", "Parts of the item", self)
        self.photos = ItemPhotos(context, self)
        self.fields = ItemFields(self.form, self)
        self.gallery = ItemPhotos(context, self, large=True)
        self.listings = ListingsTab(context, self)
        self.history = HistoryList(context, Entity.ITEM, "itemHistory", self)
        self._saved = Label("", self, role="caption", ink="text_2")
        self._undo = Button("Undo", "itemUndo", self, variant="plain", height=24, icon="undo-2")
        self._pages = QStackedWidget(self)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self.tabs.chosen.connect(self._tab_chosen)
        self._undo.clicked.connect(self.undo_requested)
        self.show_row(None)

    # ------------------------------------------------------------ building

    def _lay_out(self) -> None:
        whole = QWidget(self)
        whole.setProperty("surface", "card")
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self.tabs)
        for widgets in ((self.photos, self.fields), (self.gallery,), (self.listings,), (self.history,)):
            self._pages.addWidget(scrolled(widgets, "itemScroll", self))
        column.addWidget(self._pages, 1)
        column.addWidget(foot("itemBottom", self._saved, self._undo, self))
        self._stack.addWidget(whole)
        self._stack.addWidget(centred(EmptyState(NOTHING_CHOSEN, self), self))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.addWidget(self._stack)

    def _head(self) -> QWidget:
        head = QWidget(self)
        head.setProperty("surface", "card")
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 12, 8, 8)
        row.setSpacing(2)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        row.addLayout(words, 1)
        add_steps(row, "item", self.go_back, self.go_on)
        return head

    # ------------------------------------------------------------ showing

    @property
    def row(self) -> RecordRow | None:
        """The row shown."""
        return self.form.row

    def show_row(self, row: RecordRow | None) -> None:
        """Show an item, or that none is chosen. What is typed for the one before is saved first."""
        self.form.show(row)
        self._stack.setCurrentIndex(1 if row is None else 0)
        if row is None:
            return
        item: InventoryItem = row.data
        self._title.setText(title_of(item))
        self._subtitle.setText(heading(item))
        self.fields.show_row(row)
        self.photos.show_row(row)
        self.gallery.show_row(row)
        self.listings.show_row(row)
        self.history.show_row(row)
        self.tabs.set_count("photos", len(item.assets) or None)
        self.tabs.set_count("listings", len(item.listings) or None)
        self.show_saved()

    def show_saved(self) -> None:
        """Say where the record is saved, and whether the last edit can be taken back."""
        row = self.row
        if row is None:
            return
        self._undo.setVisible(self._context.undo.last_of(Entity.ITEM, row.uid) is not None)
        self._saved.setText(saved_words(self._context, row))

    # ------------------------------------------------------------ acting

    def go_on(self) -> None:
        """Ask for the next item."""
        self.step_requested.emit(1)

    def go_back(self) -> None:
        """Ask for the former item."""
        self.step_requested.emit(-1)

    def focus_first(self) -> None:
        """Put the focus where work on an item begins: its grade."""
        self.tabs.set_value("details")
        self.fields.item_grade.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _tab_chosen(self, key: str) -> None:
        self._pages.setCurrentIndex([name for name, _ in TABS].index(key))


def _title(item: InventoryItem) -> str:
    return title_of(item)
