"""A filter as a chip: its name, or its name and value; a click opens the choices, the cross takes it away."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.theme import fonts, icons
from instica_desktop.qtkit.theme.colors import color, scheme
from instica_desktop.qtkit.widgets.enter_key import pressed_by
from instica_desktop.qtkit.widgets.focus_ring import attach_ring
from instica_desktop.qtkit.widgets.popover import Popover

if TYPE_CHECKING:
    from instica_desktop.qtkit.widgets.choice_list import ChoiceList

HEIGHT = 28
SIGN = 14


class FilterOption(msgspec.Struct, frozen=True):
    """One choice: key, words, and how many records have it (empty while unknown)."""

    key: str
    label: str
    count: str = ""


class FilterChip(QPushButton):
    """Signals: `selection_changed(tuple)` keys chosen, in the order of the options; `about_to_open()`
    before the choices show, the moment to bring them up to date. Delete empties it. `single` allows one
    choice only.
    """

    selection_changed = Signal(tuple)
    about_to_open = Signal()

    def __init__(
        self,
        label: str,
        name: str,
        parent: QWidget | None = None,
        *,
        options: Iterable[FilterOption] = (),
        single: bool = False,
    ) -> None:
        super().__init__(parent)
        name_widget(self, name, label)
        self._label, self._value, self._single = label, "", single
        self._options: tuple[FilterOption, ...] = tuple(options)
        self._selected: tuple[str, ...] = ()
        self._popover: Popover | None = None
        self._choices: ChoiceList | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAutoDefault(False)
        self.setFixedHeight(HEIGHT)
        self.clicked.connect(self.open_choices)
        attach_ring(self, -2, 14)
        self._renew()

    # ------------------------------------------------------------ value

    @property
    def selected(self) -> tuple[str, ...]:
        """The keys chosen."""
        return self._selected

    def set_options(self, options: Iterable[FilterOption]) -> None:
        """Offer other choices. Chosen keys stay, also those that are not among them."""
        self._options = tuple(options)
        self._renew()

    def set_selected(self, keys: Sequence[str], value_text: str = "") -> None:
        """Show what is chosen without a signal. `value_text` replaces the words made from the options."""
        self._selected = tuple(keys)
        self._value = value_text
        self._renew()

    def value_text(self) -> str:
        """Return the words behind the name."""
        if self._value or not self._selected:
            return self._value
        words = {option.key: option.label for option in self._options}
        if len(self._selected) > 2:
            return f"{len(self._selected)} chosen"
        return ", ".join(words.get(key, key) for key in self._selected)

    def clear(self) -> None:
        """Choose nothing and say so."""
        if self._selected:
            self.set_selected(())
            self.selection_changed.emit(())

    def _renew(self) -> None:
        value = self.value_text()
        self.setAccessibleName(f"{self._label}: {value}" if value else self._label)
        self.setAccessibleDescription(
            "Opens the choices. Delete removes the filter." if value else "Opens the choices."
        )
        self.updateGeometry()
        self.update()

    # ------------------------------------------------------------ choices

    def open_choices(self) -> None:
        """Open the list of choices under the chip."""
        from instica_desktop.qtkit.widgets.choice_list import ChoiceList

        self.about_to_open.emit()
        popover = Popover(f"{self.objectName()}Choices", self._label, self, width=240, radius=8)
        popover.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choices = ChoiceList(self._options, self._selected, f"{self.objectName()}List", self._label, popover)
        choices.single = self._single
        choices.changed.connect(self._chosen)
        choices.done.connect(popover.close)
        popover.body.addWidget(choices)
        popover.setFocusProxy(choices)
        popover.closed.connect(self._closed)
        self._popover, self._choices = popover, choices
        popover.open_below(self)
        choices.setFocus(Qt.FocusReason.PopupFocusReason)
        self.update()

    def choices(self) -> "ChoiceList | None":
        """Return the open list, or None."""
        return self._choices

    def _closed(self) -> None:
        self._popover = self._choices = None
        self.update()

    def _chosen(self, keys: tuple[str, ...]) -> None:
        self.set_selected(keys)
        self.selection_changed.emit(keys)

    # ------------------------------------------------------------ Qt

    def sizeHint(self) -> QSize:
        """Return words, sign and padding."""
        value = self.value_text()
        width = paint.text_width(self._label, "caption") + 18 + SIGN + 4
        if value:
            width += 7 + paint.text_width(value, "caption_strong")
        return QSize(min(width, 320), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw pill, words and sign."""
        painter = QPainter(self)
        on = bool(self.value_text())
        lively = self.isEnabled() and (self.underMouse() or self._popover is not None)
        quiet = color("raised" if lively else "card")
        border = None if on else color("edge" if scheme() == "dark" else "border")
        paint.rounded(painter, QRectF(self.rect()), 14, color("tint") if on else quiet, border)
        ink = "text_3" if not self.isEnabled() else "on_tint" if on else "text_2"
        painter.setPen(color(ink))
        painter.setFont(fonts.font("caption"))
        painter.drawText(self.rect().adjusted(10, 0, 0, 0), int(paint.LEFT), self._label)
        if on:
            left = 14 + paint.text_width(self._label, "caption")
            room = self.width() - left - SIGN - 12
            painter.setFont(fonts.font("caption_strong"))
            shown = paint.elided(self.value_text(), "caption_strong", room)
            painter.drawText(self.rect().adjusted(left, 0, 0, 0), int(paint.LEFT), shown)
        icons.paint(painter, self.width() - SIGN - 8, 7, "x" if on else "chevron-down", ink, SIGN)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell a click on the cross from one on the words."""
        over = self.rect().contains(event.position().toPoint())
        if self._selected and over and event.position().x() >= self.width() - SIGN - 11:
            self.setDown(False)
            self.clear()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Down, empty with Delete."""
        if event.key() == Qt.Key.Key_Down:
            self.open_choices()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        elif not pressed_by(event, self):
            super().keyPressEvent(event)
