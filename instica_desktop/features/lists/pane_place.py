"""Where the pane of a table screen stands: beside the table, or in a small window over it on demand."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from instica_desktop.qtkit.widgets.button import IconButton
from instica_desktop.qtkit.widgets.indicators import Rule

OVER_UNDER = 1000
"""Under this width of the window the pane stands over the table."""
LEFT_FREE = 120
"""What it leaves of the table at least, in px, so that one sees where one is."""
_SHOW, _HIDE = "Show details", "Hide details"


class PanePlace(QObject):
    """Holds the pane of one screen; `moved` when the pane came or went."""

    moved = Signal()

    def __init__(
        self,
        screen: QWidget,
        splitter: QSplitter,
        pane: QWidget,
        below: QWidget,
        wide: int,
        share: Callable[[], None],
    ) -> None:
        """`pane` stands in the splitter. Over the table it is `wide` px wide and begins where `below` does.

        `share` is called to give table and pane their widths when they stand side by side.
        """
        super().__init__(screen)
        self._screen, self._splitter, self._below = screen, splitter, below
        self._wide, self._share = wide, share
        self._pane = pane
        self.over = False
        """Whether the pane stands over the table, shown or not."""
        self.button = IconButton(
            "panel-right", f"{screen.objectName()}Details", _SHOW, screen, checkable=True, shortcut_hint="F4"
        )
        self.button.hide()
        self.button.clicked.connect(self._toggle)
        self._edge = Rule(screen, upright=True)
        self._edge.hide()

    def put(self, pane: QWidget) -> None:
        """Have another pane stand there."""
        former, self._pane = self._pane, pane
        if self.over:
            pane.setParent(self._screen)
            pane.setVisible(former.isVisible())
            self.fit()
        else:
            sizes = self._splitter.sizes()
            self._splitter.replaceWidget(1, pane)
            self._splitter.setStretchFactor(1, 0)
            self._splitter.setSizes(sizes)
            pane.show()
        former.hide()
        former.deleteLater()

    def fit(self) -> None:
        """Follow the size of the window."""
        over = self._screen.window().width() < OVER_UNDER
        if over != self.over:
            self.over = over
            (self._lift if over else self._set_down)()
        if over:
            self._lay_over()
        else:
            self._share()

    def show(self) -> None:
        """Have the pane in sight."""
        if self.over and self._pane.isHidden():
            self._pane.show()
            self._lay_over()
            self._tell()

    def hide(self) -> None:
        """Put the pane away where it stands over the table."""
        if self.over and not self._pane.isHidden():
            self._pane.hide()
            self._edge.hide()
            self._tell()

    def _lay_over(self) -> None:
        area = self._area()
        self._pane.setGeometry(area)
        self._edge.setGeometry(area.left() - 1, area.top(), 1, area.height())
        self._edge.setVisible(not self._pane.isHidden())
        for part in (self._pane, self._edge):
            part.raise_()

    def beside(self, room: QRect) -> QRect:
        """Return what of a part of the screen the pane leaves to be seen."""
        if self.over and not self._pane.isHidden():
            return room.intersected(QRect(0, 0, self._pane.x(), self._screen.height()))
        return room

    def _toggle(self) -> None:
        (self.show if self._pane.isHidden() else self.hide)()
        self._tell()

    def _lift(self) -> None:
        working = self._pane.isAncestorOf(QApplication.focusWidget() or self._screen)
        focused = QApplication.focusWidget()
        self._pane.setParent(self._screen)
        self._pane.setVisible(working)
        if working and focused is not None:
            focused.setFocus(Qt.FocusReason.OtherFocusReason)
        self.button.show()
        self._tell()

    def _set_down(self) -> None:
        focused = QApplication.focusWidget()
        self._splitter.addWidget(self._pane)
        self._splitter.setCollapsible(1, False)
        self._pane.show()
        if focused is not None and self._pane.isAncestorOf(focused):
            focused.setFocus(Qt.FocusReason.OtherFocusReason)
        for part in (self.button, self._edge):
            part.hide()

    def _tell(self) -> None:
        self.moved.emit()
        words = _SHOW if self._pane.isHidden() else _HIDE
        self.button.setChecked(not self._pane.isHidden())
        self.button.setAccessibleName(words)
        self.button.setToolTip(f"{words} (F4)")

    def _area(self) -> QRect:
        screen = self._screen
        top = self._below.mapTo(screen, QPoint(0, 0)).y()
        width = max(min(self._wide, screen.width() - LEFT_FREE), self._pane.minimumWidth())
        width = min(width, screen.width())
        return QRect(screen.width() - width, top, width, screen.height() - top)
