"""Tabs with a line under the one that is on, and quiet counts."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import menu_text, name_widget
from instica_desktop.qtkit.theme import fonts
from instica_desktop.qtkit.theme.colors import color

HEIGHT = 36
GAP = 20


class Tabs(QTabBar):
    """Tabs by key. `chosen` carries the key of the tab now on."""

    chosen = Signal(str)

    def __init__(
        self,
        tabs: Sequence[tuple[str, str]],
        name: str,
        accessible: str,
        parent: QWidget | None = None,
        *,
        margin: int = 16,
    ) -> None:
        super().__init__(parent)
        name_widget(self, name, accessible)
        self._keys = [key for key, _ in tabs]
        self._words = [words for _, words in tabs]
        self._counts = [""] * len(tabs)
        self._margin = margin
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for words in self._words:
            self.addTab(menu_text(words))
        self.currentChanged.connect(self._changed)

    @property
    def value(self) -> str:
        """The key of the tab that is on."""
        at = self.currentIndex()
        return self._keys[at] if 0 <= at < len(self._keys) else ""

    def set_value(self, key: str) -> None:
        """Turn a tab on, with the signal if it was off."""
        if key in self._keys:
            self.setCurrentIndex(self._keys.index(key))

    def set_count(self, key: str, count: int | None) -> None:
        """Show a number behind a tab's word; None takes it away."""
        at = self._keys.index(key)
        self._counts[at] = "" if count is None else f"{count:,}"
        spoken = f"{self._words[at]}, {count}" if count is not None else self._words[at]
        self.setAccessibleTabName(at, spoken)
        self.setTabText(at, menu_text(self._words[at]))
        self.update()

    def _changed(self, at: int) -> None:
        if 0 <= at < len(self._keys):
            self.chosen.emit(self._keys[at])

    def tabSizeHint(self, index: int) -> QSize:
        """Return words, count and the gap."""
        width = paint.text_width(self._words[index], "strong")
        if self._counts[index]:
            width += 6 + paint.text_width(self._counts[index], "micro_medium", True)
        return QSize(width + GAP + (self._margin - GAP // 2 if index == 0 else 0), HEIGHT)

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Return the same."""
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw rule, words and the line."""
        painter = QPainter(self)
        painter.fillRect(0, HEIGHT - 1, self.width(), 1, color("border"))
        for at in range(self.count()):
            self._tab(painter, at)

    def _tab(self, painter: QPainter, at: int) -> None:
        area = self.tabRect(at)
        left = area.left() + (self._margin if at == 0 else GAP // 2)
        on = at == self.currentIndex()
        over = area.contains(self.mapFromGlobal(self.cursor().pos())) and self.underMouse()
        role = "strong" if on else "medium"
        painter.setPen(color("on_tint" if on else "text" if over else "text_2"))
        painter.setFont(fonts.font(role))
        words = self._words[at]
        painter.drawText(area.adjusted(left - area.left(), 0, 0, 0), int(paint.LEFT), words)
        width = paint.text_width(words, role)
        if self._counts[at]:
            painter.setPen(color("text_3"))
            painter.setFont(fonts.font("micro_medium", True))
            painter.drawText(left + width + 6, 23, self._counts[at])
            width += 6 + paint.text_width(self._counts[at], "micro_medium", True)
        if on:
            painter.fillRect(left, HEIGHT - 2, width, 2, color("brand"))
            if self.hasFocus():
                paint.rounded(
                    painter,
                    area.toRectF().adjusted(left - area.left() - 5, 4, left + width - area.right() + 5, -6),
                    6,
                    None,
                    color("brand"),
                    2,
                )
