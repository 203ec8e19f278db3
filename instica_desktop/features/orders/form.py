"""The form of one parcel: tracking number, carrier, service, weight, postage, and “Mark shipped”."""

import re
from decimal import Decimal
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.ages import utc_now
from instica_desktop.core.errors import InputError
from instica_desktop.core.money import plain_digits
from instica_desktop.core.statuses import CARRIERS
from instica_desktop.core.tracking import Recognition, compact_number, named_carriers
from instica_desktop.core.tracking_numbers import clean_number
from instica_desktop.features.orders.cards import Icon
from instica_desktop.features.orders.tracking_field import WRONG, TrackingField
from instica_desktop.features.orders.typed import Typed
from instica_desktop.qtkit.text import Label, set_tooltip
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.inputs import MoneyField, Select, TextField
from instica_desktop.sync import ShipmentDraft


def read_weight(text: str) -> int | None:
    """Read a typed weight in grams; empty is None.

    Raises:
        InputError: for the wire field `weight_grams`, with an example of a right value.
    """
    typed = re.sub(r"\s", "", plain_digits(text)).removesuffix("g")
    if not typed:
        return None
    if not typed.isascii() or not typed.isdecimal():
        raise InputError("Whole grams, without a comma: 1000", field="weight_grams")
    return int(typed)


class ShipmentForm(QWidget):
    """`submitted(ShipmentDraft)` when all of it can be read; `postage_typed(Decimal or None)`; `edited()` by
    hand; `cancelled()`; `number_told(str)` when the field tells another number, or none."""

    submitted = Signal(object)
    edited = Signal()
    cancelled = Signal()
    postage_typed = Signal(object)
    number_told = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shipmentForm")
        self._chosen = False
        self._as_is = ""
        self._told = ""
        self.tracking = TrackingField(self)
        self.carrier = Select("carrier", "Carrier", self)
        self.carrier.setPlaceholderText("Choose")
        self.carrier.set_options(CARRIERS)
        self.carrier.set_value("")
        self.service = TextField("service", "Service", self, placeholder="Media Mail")
        self.weight = TextField("weight", "Weight in grams", self, placeholder="Unknown", tabular=True)
        self.weight.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.postage = MoneyField("postage", "Postage in US dollars", self, placeholder="Unknown")
        self.ship = Button(
            "Mark shipped", "markShipped", self, variant="filled", icon="truck", keys=("Ctrl", "↵")
        )
        self.cancel = Button("Cancel", "cancelParcel", self, variant="plain")
        self.cancel.clicked.connect(self.cancelled)
        self.set_act("Mark shipped", can_be_left=False)
        self.fields = {
            "tracking_number": FormField("Tracking number", self.tracking, self),
            "carrier": FormField("Carrier", self.carrier, self),
            "service": FormField("Service", self.service, self),
            "weight_grams": FormField("Weight", self.weight, self, note="g"),
            "cost_usd": FormField("Postage", self.postage, self),
        }
        self.heading = Label("", self, role="strong", wrap=True)
        self.heading.hide()
        self._warning = _Warning("trackingWarning", self)
        self._shared = _Warning("trackingShared", self)
        self._saved = Label("Saved here, then sent.", self, role="caption", ink="text_2")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.heading)
        first = QVBoxLayout()
        first.setSpacing(4)
        first.addWidget(self.fields["tracking_number"])
        first.addWidget(self._warning)
        first.addWidget(self._shared)
        column.addLayout(first)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(12)
        for at, field in enumerate(("carrier", "service", "weight_grams", "cost_usd")):
            row, place = divmod(at, 2)
            self._grid.addWidget(self.fields[field], row, place, Qt.AlignmentFlag.AlignTop)
            self._grid.setColumnStretch(place, 1)
        column.addLayout(self._grid)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._saved, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.ship)
        self.setTabOrder(self.cancel, self.ship)
        column.addSpacing(4)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.tracking.recognised.connect(self._recognised)
        self.tracking.returnPressed.connect(self._number_entered)
        self.tracking.textEdited.connect(self._clear_error)
        self.tracking.textChanged.connect(self._tell_number)
        self.carrier.chosen.connect(self._carrier_chosen)
        self.service.textEdited.connect(self._clear_error)
        self.weight.textEdited.connect(self._clear_error)
        self.weight.editingFinished.connect(self._check_weight)
        self.postage.textChanged.connect(self._postage_changed)
        self.postage.editingFinished.connect(self._check_postage)
        self.fields["cost_usd"].chosen.connect(self._check_postage)
        self.ship.clicked.connect(self.submit)
        for field in (self.tracking, self.service, self.weight, self.postage):
            field.textEdited.connect(self.edited)
        self.carrier.chosen.connect(self.edited)

    def set_heading(self, words: str) -> None:
        """Say which parcel the form is about; nothing where there can be no doubt."""
        self.heading.setText(words)
        self.heading.setVisible(bool(words))
        self.setAccessibleName(words or "Parcel")

    def set_act(self, words: str, *, can_be_left: bool) -> None:
        """Say what the filled button does; a form that is not the only thing to see can be left."""
        self.ship.setText(words)
        set_tooltip(self.ship, f"{words} (Ctrl+Enter)")
        self.cancel.setVisible(can_be_left)

    def has_keyboard(self) -> bool:
        """Tell whether the keyboard is in one of the fields, or on the button."""
        focus = cast("QWidget | None", self.window().focusWidget())
        return focus is not None and self.isAncestorOf(focus)

    # ------------------------------------------------------------ what is typed

    def typed(self) -> Typed:
        """Return what stands in the form, to be put back later."""
        return Typed(
            self.tracking.text(),
            self.carrier.value,
            self._chosen,
            self.service.text(),
            self.weight.text(),
            self.postage.text(),
        )

    def put(self, typed: Typed, as_is: str = "") -> None:
        """Show what was typed before, without errors. A number that is stored `as_is` is kept unread."""
        self._chosen, self._as_is = typed.chosen, as_is
        self.tracking.set_carrier(typed.carrier if typed.chosen else "")
        self.carrier.set_value(typed.carrier)
        for field, text in (
            (self.tracking, typed.tracking),
            (self.service, typed.service),
            (self.weight, typed.weight),
            (self.postage, typed.postage),
        ):
            field.setText(text)
        for form in self.fields.values():
            form.set_error()
        self._show_source()

    def say_typed_earlier(self, earlier: bool, done: str = "shipped") -> None:
        """Say why something is typed that is not `done`, or what becomes of what is typed."""
        self._saved.setText(f"Typed earlier, not {done} yet." if earlier else "Saved here, then sent.")

    def show_error(self, field: str, message: str) -> bool:
        """Say at a field what is wrong with it; False when the form has no such field."""
        form = self.fields.get(field)
        if form is not None:
            form.set_error(message)
        return form is not None

    # ------------------------------------------------------------ carrier

    def _recognised(self, found: Recognition | None) -> None:
        if not self._chosen:
            self.carrier.set_value(found.carrier if found else "")
            if found:
                self.fields["carrier"].set_error()
        self._show_source()

    def _carrier_chosen(self, carrier: str) -> None:
        self._chosen = True
        self.fields["carrier"].set_error()
        self.tracking.set_carrier(carrier)
        self._show_source()

    def _show_source(self) -> None:
        found = self.tracking.found
        from_number = found is not None and self.carrier.value == found.carrier
        self.fields["carrier"].set_note("from the number" if from_number and not self._chosen else "")
        wrong = found is not None and found.check == "wrong"
        right = ("", found.carrier, *named_carriers(self.tracking.text())) if found is not None else ()
        differs = found is not None and self._chosen and self.carrier.value not in right
        if wrong:
            self._warning.say(WRONG)
        elif differs and found is not None:
            self._warning.say(f"The number looks like one of {found.name}.")
        else:
            self._warning.say("")

    def _tell_number(self, _text: str = "") -> None:
        number = self.tracking.number
        if number != self._told:
            self._told = number
            self._shared.say("")
            self.number_told.emit(number)

    def say_shared(self, number: str, words: str) -> None:
        """Say where a number is as well, unless another one stands in the field by now."""
        if number == self.tracking.number:
            self._shared.say(words)

    def _number_entered(self) -> None:
        """A scanner ends with Enter: go on to what is still missing."""
        (self.carrier if not self.carrier.value else self.service).setFocus(Qt.FocusReason.TabFocusReason)

    # ------------------------------------------------------------ reading

    def _clear_error(self, _text: str = "") -> None:
        for form in self.fields.values():
            if form.field is self.sender():
                form.set_error()

    def _check_weight(self) -> None:
        self._read_weight()

    def _check_postage(self, _chosen: str = "") -> None:
        self._read_postage()

    def _read_weight(self) -> tuple[bool, int | None]:
        try:
            weight = read_weight(self.weight.text())
        except InputError as error:
            self.fields["weight_grams"].set_error(error.message)
            return False, None
        self.fields["weight_grams"].set_error()
        return True, weight

    def _read_number(self) -> str | None:
        """Return the number of what was scanned or pasted, None where it tells none."""
        if self._as_is and self.tracking.text() == self._as_is:
            return self._as_is
        try:
            number = clean_number(self.tracking.text())
        except InputError as error:
            self.fields["tracking_number"].set_error(error.message)
            return None
        return compact_number(number) if self.tracking.found else number

    def _read_postage(self) -> tuple[bool, Decimal | None]:
        try:
            postage = self.postage.amount()
        except InputError as error:
            self.fields["cost_usd"].refuse(error)
            return False, None
        self.fields["cost_usd"].set_error()
        return True, postage

    def _postage_changed(self, _text: str = "") -> None:
        """Tell the amount while it is typed; one that cannot be read counts as unknown until it can."""
        try:
            amount = self.postage.amount()
        except InputError:
            self.postage_typed.emit(None)
            return
        self.fields["cost_usd"].set_error()
        self.postage_typed.emit(amount)

    def submit(self) -> None:
        """Read the form and hand it on; what cannot be read is said at its field, which takes the focus."""
        weight_read, weight = self._read_weight()
        postage_read, postage = self._read_postage()
        if not self.carrier.value:
            self.fields["carrier"].set_error("Choose who carries the parcel.")
        number = self._read_number()
        wrong = next((form.field for form in self.fields.values() if form.error), None)
        if wrong is not None and (
            number is None or not weight_read or not postage_read or not self.carrier.value
        ):
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.submitted.emit(
            ShipmentDraft(
                carrier=self.carrier.value,
                service=self.service.text().strip(),
                tracking_number=number or "",
                weight_grams=weight,
                cost_usd=postage,
                shipped_at=utc_now(),
            )
        )


class _Warning(QWidget):
    """A sentence in amber with a sign: something to look at that does not keep anyone from going on."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._label = Label("", self, role="caption", ink="warning", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(Icon("triangle-alert", self, token="warning", size=14), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._label, 1)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence; empty for none."""
        return "" if self.isHidden() else self._label.text()

    def say(self, words: str) -> None:
        """Show a sentence; nothing takes it away."""
        self._label.setText(words)
        self.setVisible(bool(words))
