"""The fields of a copy that is not there yet."""

from decimal import Decimal

from PySide6.QtWidgets import QWidget

from instica_desktop.core.errors import InputError
from instica_desktop.core.money import format_money
from instica_desktop.core.statuses import item_status
from instica_desktop.features.forms import read_list, read_money, read_text
from instica_desktop.features.grades import EXTRAS, GRADES
from instica_desktop.features.making.drafts import DraftFields
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.qtkit.widgets.inputs import MoneyField, ReadOnlyValue, Select, TextArea, TextField
from instica_desktop.sync.making import STARTS


class CopyDraft(DraftFields):
    """Grades, price, status, shelf, SKU, notes and tags of a copy that is not there yet."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("copyDraft", parent)
        self.item_grade = GradePicker(GRADES, "newItemGrade", "Item grade", self)
        self.sleeve_grade = GradePicker(GRADES, "newSleeveGrade", "Sleeve grade", self, extras=EXTRAS)
        self.price = MoneyField("newPrice", "Item price in US dollars", self, placeholder="0.00")
        self.shipping = MoneyField("newShipping", "Shipping in US dollars", self, placeholder="0.00")
        self.total = ReadOnlyValue("newTotal", "Total price", self, money=True, strong=True)
        self.status = Select("newStatus", "Status", self)
        self.status.set_options((code, item_status(code).label) for code in STARTS)
        self.status.set_value(STARTS[0])
        self.shelf = TextField("newShelf", "Shelf", self, icon="map-pin", placeholder="A-01-09")
        self.sku = TextField("newSku", "SKU", self, tabular=True, placeholder="One of its own")
        self.notes = TextArea("newNotes", "Notes on the condition", self, lines=2)
        self.tags = TextField("newCopyTags", "Tags", self, placeholder="modal jazz, six-eye")
        self._lay_out()
        self.edited.connect(self._sum)
        self._sum()

    def _lay_out(self) -> None:
        self.column.addWidget(self.field("condition_item", "Item grade", self.item_grade, note="keys 1 to 9"))
        self.column.addWidget(self.field("condition_container", "Sleeve grade", self.sleeve_grade))
        self.in_row(
            self.field("price_item_usd", "Item", self.price, read_money),
            self.field("price_shipping_usd", "Shipping", self.shipping, read_money),
            FormField("Total", self.total, self),
        )
        self.in_row(
            self.field("location", "Shelf", self.shelf),
            self.field("status", "Status", self.status, read_text),
            self.field("manual_sku", "SKU", self.sku),
        )
        self.column.addWidget(self.field("condition_notes", "Notes", self.notes))
        self.column.addWidget(self.field("tags", "Tags", self.tags, read_list, note="between commas"))

    def show_error(self, name: str, message: str) -> bool:
        """Say at a field what is wrong with it; what is wrong with the total, at the price."""
        return super().show_error("price_item_usd" if name == "price_total_usd" else name, message)

    def _sum(self) -> None:
        """Show the sum while it is typed; nothing while it cannot be read."""
        try:
            item, shipping = self.price.amount(), self.shipping.amount()
        except InputError:
            self.total.set_value("")
            return
        total = None if item is None else item + (shipping or Decimal(0))
        self.total.set_value(format_money(total, unknown="Not priced"))
