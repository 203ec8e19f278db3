"""The parcels an order has: carrier, status, number to copy, and a way to take one back."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.models import Shipment
from instica_desktop.core.money import format_money
from instica_desktop.core.operations import is_temporary
from instica_desktop.core.tracking import spaced
from instica_desktop.features.orders.facts import carrier_of, parcel_name, shipment_status
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.badge import Badge, RowMark
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Rule


class ParcelRow(QWidget):
    """One parcel. `removal_asked(uid)` when the user wants it gone, `change_asked(uid)` to correct it."""

    removal_asked = Signal(str)
    change_asked = Signal(str)

    def __init__(self, parcel: Shipment, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("parcel")
        self._parcel = parcel
        status = shipment_status(parcel.status)
        self.badge = Badge(status.label, status.tone, self)  # pyright: ignore[reportArgumentType]
        self.number = Label(spaced(parcel.tracking_number or ""), self, role="large_strong", tabular=True)
        self.copy_button = self._button("Copy number", "copyTracking", "copy")
        self.remove_button = self._button("Remove", "removeParcel", "trash-2")
        self.change_button = self._button("Change", "changeParcel", "pencil")
        self.change_button.clicked.connect(self._change)
        self.copy_button.setEnabled(bool(parcel.tracking_number))
        self.copy_button.clicked.connect(self.copy)
        self.remove_button.clicked.connect(self._remove)
        self._lay_out()

    def _button(self, words: str, name: str, icon: str) -> Button:
        """Return a button whose spoken name says of which parcel it is."""
        said = f"{words}: {parcel_name(self._parcel)}"
        first = name == "copyTracking"
        variant = "outlined" if first else "plain"
        return Button(words, name, self, variant=variant, height=28, icon=icon, accessible=said)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(_carrier(self._parcel), self, role="medium"))
        head.addWidget(self.badge)
        if is_temporary(self._parcel.uid):
            head.addWidget(RowMark("clock", "Pending", parent=self))
        head.addStretch()
        facts = Label(_facts(self._parcel), self, role="caption", ink="text_2", wrap=True)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addWidget(self.copy_button)
        acts.addWidget(self.change_button)
        acts.addWidget(self.remove_button)
        acts.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        if self._parcel.tracking_number:
            column.addWidget(self.number)
        column.addWidget(facts)
        column.addSpacing(4)
        column.addLayout(acts)

    def copy(self) -> None:
        """Put the number on the clipboard as the carrier writes it, without spaces."""
        QGuiApplication.clipboard().setText(self._parcel.tracking_number or "")

    def _change(self) -> None:
        self.change_asked.emit(self._parcel.uid)

    def _remove(self) -> None:
        self.removal_asked.emit(self._parcel.uid)


class Parcels(QWidget):
    """All parcels of an order, newest first."""

    removal_asked = Signal(str)
    change_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("parcels")
        self._shown: tuple[Shipment, ...] = ()
        self._made: list[ParcelRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def show_parcels(self, parcels: tuple[Shipment, ...]) -> None:
        """Show an order's parcels; rows that are the same stay as they are."""
        self.setVisible(bool(parcels))
        if parcels == self._shown:
            return
        self._shown = parcels
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._made.clear()
        for at, parcel in enumerate(reversed(parcels)):
            if at:
                self._column.addWidget(Rule(self))
            row = ParcelRow(parcel, self)
            row.removal_asked.connect(self.removal_asked)
            row.change_asked.connect(self.change_asked)
            self._made.append(row)
            self._column.addWidget(row)

    def rows(self) -> list[ParcelRow]:
        """Return the rows, newest parcel first."""
        return list(self._made)


def _carrier(parcel: Shipment) -> str:
    return " · ".join(part for part in (carrier_of(parcel), parcel.service or "") if part)


def _facts(parcel: Shipment) -> str:
    shipped = parcel.shipped_at or parcel.created
    cost = parcel.cost_usd
    parts = (
        day_and_clock(shipped) if shipped else "",
        f"{parcel.weight_grams:,} g" if parcel.weight_grams else "",
        f"postage {format_money(cost)}" if cost is not None else "postage unknown",
        "" if parcel.tracking_number else "no tracking number",
    )
    return " · ".join(part for part in parts if part)
