"""A row of filter chips above a table."""

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from instica_desktop.features.context import Context
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.widgets.filter_chip import FilterChip, FilterOption

Options = Callable[[Context], Sequence[FilterOption]]
"""The choices of a filter at this moment."""


class FilterSpec(msgspec.Struct, frozen=True):
    """One filter: wire name, word, choices. `single` takes one value only, such as yes or no."""

    field: str
    title: str
    options: Options
    single: bool = False


class FilterBar(QWidget):
    """One chip per filter. `changed(field, values)` when the user has chosen."""

    changed = Signal(str, tuple)

    def __init__(self, specs: Sequence[FilterSpec], context: Context, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        name_widget(self, f"{name}Filters", "Filters")
        self._context = context
        self._specs = {spec.field: spec for spec in specs}
        self.chips: dict[str, FilterChip] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for spec in specs:
            chip = FilterChip(spec.title, f"{name}Filter_{spec.field}", self, single=spec.single)
            chip.setProperty("field", spec.field)
            chip.about_to_open.connect(self._renew)
            chip.selection_changed.connect(self._chosen)
            self.chips[spec.field] = chip
            row.addWidget(chip)
        row.addStretch()

    def set_values(self, field: str, values: Sequence[str], words: str = "") -> None:
        """Show a filter as chosen, without a signal. `words` replaces those of the choices."""
        if chip := self.chips.get(field):
            self._offer(chip)
            chip.set_selected(values, words)

    def clear(self) -> None:
        """Show every filter as not chosen, without a signal."""
        for chip in self.chips.values():
            chip.set_selected(())

    def _renew(self) -> None:
        """Bring the choices of the chip that opens up to date."""
        chip = self.sender()
        if isinstance(chip, FilterChip):
            self._offer(chip)

    def _offer(self, chip: FilterChip) -> None:
        """Read a chip's choices. Not before they are needed: counting them takes a while in a large stock."""
        chip.set_options(self._specs[chip.property("field")].options(self._context))

    def _chosen(self, values: tuple[str, ...]) -> None:
        chip = self.sender()
        if isinstance(chip, FilterChip):
            self.changed.emit(chip.property("field"), values)
