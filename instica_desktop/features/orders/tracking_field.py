"""The field for a tracking number: says in itself whose number it is and whether its check digit fits."""

from contextlib import suppress

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from instica_desktop.core.errors import InputError
from instica_desktop.core.tracking import Recognition, told
from instica_desktop.core.tracking_numbers import clean_number
from instica_desktop.qtkit.widgets.badge import Badge
from instica_desktop.qtkit.widgets.inputs import TextField

WRONG = "The check digit does not fit. Compare the number with the label; you can ship all the same."

SIDES = 64
"""What icon, padding and gaps take of the field's width."""


class TrackingField(TextField):
    """`recognised` carries a `Recognition`, or None, whenever the number tells something else than before."""

    recognised = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            "trackingNumber",
            "Tracking number",
            parent,
            placeholder="Scan or type the number on the label",
            icon="scan-barcode",
            height=36,
            tabular=True,
        )
        self._carrier = ""
        self.found: Recognition | None = None
        self.badge = Badge("", "success", self)
        self.badge.hide()
        self.textChanged.connect(self._look)

    def set_carrier(self, carrier: str) -> None:
        """Take the carrier the user named into account; bare figures mean little without one."""
        self._carrier = carrier
        self._look()

    def _look(self, _text: str = "") -> None:
        found = told(self.text(), self.number, self._carrier)
        if found != self.found:
            self.found = found
            self._show_badge()
            self.recognised.emit(found)
        elif found is not None:
            self._place()

    @property
    def number(self) -> str:
        """The number of what stands in the field; empty where it tells none."""
        with suppress(InputError):  # what is damaged is said when the form is read
            return clean_number(self.text())
        return ""

    def _show_badge(self) -> None:
        found = self.found
        self.badge.setVisible(found is not None)
        self.setAccessibleDescription(found.words if found else "")
        self._place()

    def _place(self) -> None:
        """Put the badge at the right; where the number needs the room, it says the carrier only."""
        found, room = self.found, 0
        if found is not None:
            tone = {"right": "success", "wrong": "warning", "none": "info"}[found.check]
            icon = "triangle-alert" if found.check == "wrong" else "check"
            self.badge.set_badge(found.words, tone, icon)  # pyright: ignore[reportArgumentType]
            needed = self.fontMetrics().horizontalAdvance(self.text()) + SIDES
            if needed + self.badge.width() > self.width():
                self.badge.set_badge(found.name, tone, icon)  # pyright: ignore[reportArgumentType]
            room = self.badge.width() + 6
        self.setTextMargins(20, 0, room, 0)
        self.badge.move(self.width() - self.badge.width() - 10, (self.height() - self.badge.height()) // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the badge at the right."""
        super().resizeEvent(event)
        self._place()
