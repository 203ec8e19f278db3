"""The fields of an item that can be edited: grades, price, shelf, SKU, notes, tags."""

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.errors import InputError
from instica_desktop.core.grading import grade_for
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.money import format_money
from instica_desktop.core.statuses import item_status, next_statuses
from instica_desktop.features.forms import (
    Binding,
    GradeBinding,
    RecordForm,
    TextBinding,
    list_binding,
    money_binding,
)
from instica_desktop.features.grades import EXTRAS, GRADES
from instica_desktop.features.inventory.facts import UNKNOWN, money_facts
from instica_desktop.features.marks import RecordRow
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.qtkit.widgets.inputs import MoneyField, ReadOnlyValue, TextArea, TextField
from instica_desktop.qtkit.widgets.status_moves import Move, StatusMoves

FACTS = 3


class StatusBinding(Binding):
    """The status: changed by its buttons; this gives it its mark and the place for an error."""

    def show_value(self, value: Any) -> None:
        """Take an error away that was about another status; the buttons are set from the whole item."""
        if self._renewed(value):
            self.show_error("")


class ItemFields(QWidget):
    """The form of one item, as in the pane: grades, price, status, shelf, SKU, notes, tags."""

    def __init__(self, form: RecordForm, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("itemFields")
        self._form = form
        self.item_grade = GradePicker(GRADES, "itemGrade", "Item grade", self)
        self.sleeve_grade = GradePicker(GRADES, "sleeveGrade", "Sleeve grade", self, extras=EXTRAS)
        self.price = MoneyField("itemPrice", "Item price in US dollars", self, placeholder="0.00")
        self.shipping = MoneyField("shippingPrice", "Shipping in US dollars", self, placeholder="0.00")
        self.total = ReadOnlyValue("totalPrice", "Total price", self, money=True, strong=True)
        self.cost = MoneyField("itemCost", "What it cost you, in US dollars", self, placeholder="Unknown")
        self.status = StatusMoves("itemStatus", "Status", self)
        self.shelf = TextField("itemShelf", "Shelf", self, icon="map-pin", placeholder="A-01-09")
        self.sku = TextField("itemSku", "SKU", self, tabular=True)
        self.notes = TextArea("itemNotes", "Notes on the condition", self, lines=2)
        self.tags = TextField("itemTags", "Tags", self, placeholder="modal jazz, six-eye")
        self._facts: list[tuple[Label, Label]] = []
        self._status_field = FormField("Status", self.status, self)
        self._item_field = FormField("Item grade", self.item_grade, self)
        self._sleeve_field = FormField("Sleeve grade", self.sleeve_grade, self)
        self._lay_out()
        self.price.textChanged.connect(self._sum)
        self.shipping.textChanged.connect(self._sum)
        self.status.move_chosen.connect(self._move)

    # ------------------------------------------------------------ building

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for field, form in (
            ("condition_item", self._item_field),
            ("condition_container", self._sleeve_field),
        ):
            self._form.bind(GradeBinding(field, form))
            column.addWidget(form)
        column.addLayout(self._prices())
        column.addWidget(self._money())
        self._form.bind(StatusBinding("status", self._status_field))
        column.addWidget(self._status_field)
        column.addLayout(self._place())
        notes = FormField("Notes", self.notes, self)
        tags = FormField("Tags", self.tags, self, note="between commas")
        self._form.bind(TextBinding("condition_notes", notes))
        self._form.bind(list_binding("tags", tags))
        column.addWidget(notes)
        column.addWidget(tags)

    def _prices(self) -> QHBoxLayout:
        item = FormField("Item", self.price, self)
        shipping = FormField("Shipping", self.shipping, self)
        total = FormField("Total", self.total, self)
        self._form.bind(money_binding("price_item_usd", item), "price_total_usd")
        self._form.bind(money_binding("price_shipping_usd", shipping))
        row = QHBoxLayout()
        row.setSpacing(6)
        for at, part in enumerate((item, self._sign("+"), shipping, self._sign("="), total)):
            row.addWidget(part, 0 if at % 2 else 1, Qt.AlignmentFlag.AlignTop)
        return row

    def _sign(self, sign: str) -> QWidget:
        holder = QWidget(self)
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 27, 0, 0)
        box.addWidget(Label(sign, holder, ink="text_3"))
        return holder

    def _money(self) -> QWidget:
        holder = QWidget(self)
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        cost = FormField("Cost", self.cost, self)
        self._form.bind(money_binding("cost_usd", cost))
        grid.addWidget(cost, 0, 0, 3, 1, Qt.AlignmentFlag.AlignTop)
        for at in range(FACTS):
            name, value = (
                Label("", holder, role="caption", ink="text_2"),
                Label("", holder, role="strong", tabular=True),
            )
            value.setFixedHeight(self.cost.sizeHint().height())  # level with the cost
            self._facts.append((name, value))
            grid.addWidget(name, 0, at + 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, 1, at + 1, Qt.AlignmentFlag.AlignTop)
        grid.setRowStretch(2, 1)  # where the reason stands when the cost cannot be read
        grid.setColumnStretch(0, 2)
        for at in range(1, FACTS + 1):
            grid.setColumnStretch(at, 1)
        return holder

    def _place(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        for field, label, inner in (("location", "Shelf", self.shelf), ("manual_sku", "SKU", self.sku)):
            form = FormField(label, inner, self)
            self._form.bind(TextBinding(field, form))
            row.addWidget(form, 1, Qt.AlignmentFlag.AlignTop)
        return row

    # ------------------------------------------------------------ showing

    def show_row(self, row: RecordRow) -> None:
        """Show what is not a bound field: grade names, total, money facts, status moves."""
        item: InventoryItem = row.data
        self._item_field.set_note(_grade_name(item.condition_item))
        self._sleeve_field.set_note(_grade_name(item.condition_container))
        self._sum()
        for (name, value), (words, amount) in zip(self._facts, money_facts(item), strict=True):
            name.setText(words)
            value.setText(amount)
            value.set_ink("text_3" if amount == UNKNOWN else "text")
        self._show_status(item)

    def _show_status(self, item: InventoryItem) -> None:
        status = item_status(item.status, item.status_display)
        moves = [
            Move(code, "Archive" if code == "archived" else item_status(code).label, quiet=code == "archived")
            for code in next_statuses(item.status)
        ]
        self.status.set_status(status.label, status.tone, moves[:4])  # pyright: ignore[reportArgumentType]
        listed = sum(listing.status == "listed" for listing in item.listings)
        self._status_field.set_note(f"On {listed} marketplace{'s' if listed > 1 else ''}" if listed else "")

    def _sum(self) -> None:
        """Show the sum while it is typed; nothing while it cannot be read."""
        try:
            item, shipping = self.price.amount(), self.shipping.amount()
        except InputError:
            self.total.set_value("")
            return
        total = None if item is None else item + (shipping or Decimal(0))
        self.total.set_value(format_money(total, unknown="Not priced"))

    def _move(self, code: str) -> None:
        self._form.leave()
        self._form.save({"status": code})


def _grade_name(code: str | None) -> str:
    grade = grade_for(code)
    return grade.name if grade else "Not graded yet"
