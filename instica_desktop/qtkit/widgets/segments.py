"""Equal choices side by side in one frame, of which one is on. Base of the grade picker too."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import name_widget, set_tooltip
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.fonts import Role, font
from instica_desktop.qtkit.theme.tokens import Token


class Segment(msgspec.Struct, frozen=True):
    """One choice: key, word, and perhaps an icon, a quiet count and what a screen reader says."""

    key: str
    label: str
    icon: str = ""
    count: str = ""
    accessible: str = ""


class SegmentButton(QRadioButton):
    """One cell. A radio button, so that arrow keys, Tab and screen readers work as they should."""

    def __init__(self, segment: Segment, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        name_widget(self, name, segment.accessible or segment.label)
        self.segment = segment
        self._row = parent
        self.strong = False  # the cell that is on stands on brand instead of tint
        self.caption = ""  # a second line, such as the key that chooses it
        self.role: Role = "medium"
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if not segment.label:
            set_tooltip(self, segment.accessible)

    def hitButton(self, pos: QPoint) -> bool:
        """Take clicks anywhere in the cell."""
        return self.rect().contains(pos)

    def sizeHint(self) -> QSize:
        """Return words, icon and padding."""
        if not self.segment.label:
            return QSize(30, 28)
        width = paint.text_width(self.segment.label, "strong", True) + 20
        width += 22 if self.segment.icon else 0
        width += paint.text_width(self.segment.count, "strong", True) + 6 if self.segment.count else 0
        return QSize(width, 28)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and words; the frame is the parent's."""
        painter = QPainter(self)
        frame = QRectF(self._row.rect())
        painter.setClipPath(paint.clip_path(frame.translated(-self.x(), -self.y()), 8))
        ink, role = self._look(painter)
        painter.setPen(color(ink))
        painter.setFont(font(role, True))
        if self.caption:
            self._two_lines(painter)
        elif self.segment.label:
            self._words(painter, ink, role)
        else:
            at = QPoint((self.width() - 16) // 2, (self.height() - 16) // 2)
            icons.paint(painter, at.x(), at.y(), self.segment.icon, ink, 16)

    def _look(self, painter: QPainter) -> tuple[Token, Role]:
        if self.isChecked() and self.isEnabled():
            painter.fillRect(self.rect(), color("brand" if self.strong else "tint"))
            return ("on_brand", "caption_bold") if self.strong else ("on_tint", "strong")
        if not self.isEnabled():
            painter.fillRect(self.rect(), color("base"))
            return "text_3", self.role
        if self.underMouse():
            painter.fillRect(self.rect(), color("raised"))
        return "text_2", self.role

    def _words(self, painter: QPainter, ink: Token, role: Role) -> None:
        words = paint.text_width(self.segment.label, role, True)
        count = paint.text_width(self.segment.count, role, True) + 6 if self.segment.count else 0
        icon = 22 if self.segment.icon else 0
        left = max(2, (self.width() - words - count - icon) // 2)
        if icon:
            icons.paint(painter, left, (self.height() - 16) // 2, self.segment.icon, ink, 16)
            left += icon
        area = QRect(left, 0, self.width() - left, self.height())
        painter.drawText(area, int(paint.LEFT), self.segment.label)
        if count:
            painter.drawText(area.adjusted(words + 6, 0, 0, 0), int(paint.LEFT), self.segment.count)

    def _two_lines(self, painter: QPainter) -> None:
        top = (self.height() - 27) // 2
        painter.drawText(QRect(0, top, self.width(), 14), int(paint.CENTRE), self.segment.label)
        painter.setFont(font("key", True))
        if not self.isChecked():
            painter.setPen(color("text_3"))
        painter.drawText(QRect(0, top + 15, self.width(), 12), int(paint.CENTRE), self.caption)


class _Frame(QWidget):
    """The rounded frame above the cells; it becomes the ring when one of them has the keyboard."""

    def __init__(self, row: "SegmentRow") -> None:
        super().__init__(row)
        self._row = row
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        focused = self._row.keyboard_here()
        frame = color("brand" if focused else "control" if self._row.isEnabled() else "border")
        paint.rounded(QPainter(self), QRectF(self.rect()), 8, None, frame, 2 if focused else 1)


class SegmentRow(QWidget):
    """A frame of cells. `chosen` is emitted with the key when the user picks another cell."""

    chosen = Signal(str)

    def __init__(
        self, segments: Sequence[Segment], name: str, accessible: str, parent: QWidget | None, height: int
    ) -> None:
        super().__init__(parent)
        name_widget(self, name, accessible)
        self.setFixedHeight(height)
        self.cells: list[SegmentButton] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(1)
        for segment in segments:
            cell = SegmentButton(segment, f"{name}_{segment.key}", self)
            cell.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
            cell.clicked.connect(self._clicked)
            cell.installEventFilter(self)
            row.addWidget(cell)
            self.cells.append(cell)
        self._value = ""
        self._frame = _Frame(self)
        if self.cells:
            self._policy = self.cells[0].focusPolicy()
            self._stop_at(self.cells[0])

    @property
    def value(self) -> str:
        """The key that is on; empty for none."""
        return self._value

    def set_value(self, key: str) -> None:
        """Turn a cell on without a signal. A key that is not there turns all off."""
        self._value = key
        for cell in self.cells:
            cell.setAutoExclusive(False)
            cell.setChecked(cell.segment.key == key)
            cell.setAutoExclusive(True)
        self._stop_at(self._on() or self.cells[0])
        self.update()

    def _stop_at(self, stop: SegmentButton) -> None:
        """Let Tab come to one cell only, from which the arrows lead to the others."""
        for cell in self.cells:
            cell.setFocusPolicy(self._policy if cell is stop else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(stop)

    def _on(self) -> SegmentButton | None:
        return next((cell for cell in self.cells if cell.isChecked()), None)

    def _clicked(self) -> None:
        if (on := self._on()) is not None:
            self._stop_at(on)
            self.choose(on.segment.key)

    def choose(self, key: str) -> None:
        """Act as if the user had picked a cell."""
        if key != self._value:
            self.set_value(key)
            self.chosen.emit(key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Redraw the ring when the focus enters or leaves a cell."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._frame.update()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the frame over the cells."""
        self._frame.setGeometry(self.rect())
        self._frame.raise_()

    def keyboard_here(self) -> bool:
        """Tell whether one of the cells has the focus."""
        return any(cell.hasFocus() for cell in self.cells)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and dividers under the cells."""
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), 8, color("card" if self.isEnabled() else "base"))
        for cell in self.cells[1:]:
            painter.fillRect(cell.x() - 1, 1, 1, self.height() - 2, color("border"))


class SegmentedControl(SegmentRow):
    """Two to five choices, 28 px high (32, 36)."""

    def __init__(
        self,
        segments: Sequence[Segment],
        name: str,
        accessible: str,
        parent: QWidget | None = None,
        *,
        height: int = 28,
    ) -> None:
        super().__init__(segments, name, accessible, parent, height)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if segments:
            self.set_value(segments[0].key)

    def set_count(self, key: str, count: str) -> None:
        """Change the number behind a word."""
        for cell in self.cells:
            if cell.segment.key == key:
                cell.segment = msgspec.structs.replace(cell.segment, count=count)
                cell.updateGeometry()
                cell.update()
