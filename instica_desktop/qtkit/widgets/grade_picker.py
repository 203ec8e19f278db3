"""Grades in equal cells. Number keys choose by place; choices that are seldom wanted stand behind “…”.

The whole picker is one stop of Tab: a number typed after Tab must never fall to a grade passed already.
So “…” is reached by → from the last grade, and numbers act on grades only while the keyboard is on one.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QSizePolicy, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.alpha import round_off
from instica_desktop.qtkit.text import menu_text, name_widget
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.segments import Segment, SegmentRow

GAP = 8
MORE = 40
"""Px between grades and “…”, and its width."""


class _Cells(SegmentRow):
    """The frame of equal cells."""

    def __init__(
        self, grades: Sequence[Segment], name: str, accessible: str, parent: QWidget, keys: bool
    ) -> None:
        super().__init__(grades, name, accessible, parent, 44 if keys else 32)
        for number, cell in enumerate(self.cells, start=1):
            cell.strong, cell.role = True, "caption_medium"
            cell.caption = str(number) if keys else ""
            cell.setMinimumWidth(max(24, paint.text_width(cell.segment.label, "caption_bold") + 8))
            cell.setMaximumWidth(400)
            self.layout().setStretch(number - 1, 1)  # type: ignore[union-attr]


class GradePicker(QWidget):
    """Nine grades side by side; `extras` in a menu. Keys 1–9 choose, arrows move.

    `changed` carries the key chosen by the user. `value` may also be an extra's key, or empty for no grade.
    With `show_keys` each cell shows its number and the picker is 44 px high instead of 32.
    """

    changed = Signal(str)

    def __init__(
        self,
        grades: Sequence[Segment],
        name: str,
        accessible: str,
        parent: QWidget | None = None,
        *,
        extras: Sequence[Segment] = (),
        show_keys: bool = False,
    ) -> None:
        super().__init__(parent)
        more = " → from the last leads to other choices." if extras else ""
        name_widget(self, name, accessible, f"Keys 1 to 9 choose a grade.{more}")
        self._extras = tuple(extras)
        self._extra = ""
        self._cells = _Cells(grades, f"{name}Cells", accessible, self, show_keys)
        self._cells.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._cells.chosen.connect(self._cell_chosen)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.addWidget(self._cells, 1)
        self._more = self._more_button(name, accessible) if extras else None
        if self._more is not None:
            self._row.addWidget(self._more)
        self.setFocusProxy(self._cells)

    def _more_button(self, name: str, accessible: str) -> Button:
        button = Button("", f"{name}More", self, icon="ellipsis", accessible=f"{accessible}: other choices")
        button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        button.clicked.connect(self.show_extras)
        return button

    # ------------------------------------------------------------ value

    @property
    def value(self) -> str:
        """The key chosen; empty for none."""
        return self._extra or self._cells.value

    def set_value(self, key: str) -> None:
        """Show a grade without a signal."""
        extra = next((e for e in self._extras if e.key == key), None)
        self._extra = extra.key if extra else ""
        self._cells.set_value("" if extra else key)
        if self._more is not None:
            self._more.setText(extra.label if extra else "")
            self._more.set_icon_name("" if extra else "ellipsis")
            self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return the room of the grades with “…”: a longer choice goes under them where there is no more."""
        wide = self._cells.minimumSizeHint().width()
        return QSize(wide + (GAP + MORE if self._more is not None else 0), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the other choice beside the grades, or under them."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._more is None:
            return
        needed = self._cells.minimumSizeHint().width() + GAP + self._more.sizeHint().width()
        under = bool(self._extra) and needed > self.width()
        way = QBoxLayout.Direction.TopToBottom if under else QBoxLayout.Direction.LeftToRight
        if self._row.direction() != way:
            self._row.setDirection(way)
            left = Qt.AlignmentFlag.AlignLeft if under else Qt.AlignmentFlag(0)
            self._row.setAlignment(self._more, left)
            self.updateGeometry()

    def _cell_chosen(self, key: str) -> None:
        self.set_value(key)
        self.changed.emit(key)

    def choose(self, key: str) -> None:
        """Act as if the user had chosen a grade."""
        if key != self.value:
            self.set_value(key)
            self.changed.emit(key)

    def show_extras(self) -> None:
        """Open the menu of the other choices."""
        menu = QMenu(self)
        round_off(menu)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for extra in self._extras:
            action = menu.addAction(menu_text(extra.accessible or extra.label))
            action.setData(extra.key)
            action.setCheckable(True)
            action.setChecked(extra.key == self.value)
        menu.triggered.connect(self._extra_chosen)
        menu.popup(self.mapToGlobal(self.rect().bottomRight()))

    def _extra_chosen(self, action: QAction) -> None:
        self.choose(action.data())

    # ------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by number, while the keyboard is on a grade; → from the last leads to the other choices."""
        more, key = self._more, event.key()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if more is not None and more.hasFocus():
            if key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
                self._cells.cells[-1].setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                super().keyPressEvent(event)
        elif more is not None and key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
            more.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not plain or not self.choose_by_number(event.text()):
            super().keyPressEvent(event)

    def choose_by_number(self, typed: str) -> bool:
        """Choose the grade at a place; False when there is no such place."""
        place = int(typed) - 1 if len(typed) == 1 and typed.isdecimal() else -1
        if not 0 <= place < len(self._cells.cells):
            return False
        cell = self._cells.cells[place]
        if self.window().focusWidget() in self._cells.cells:
            cell.setFocus(Qt.FocusReason.OtherFocusReason)
        self.choose(cell.segment.key)
        return True
