"""The copying of the shop in the list of activity: how far it is, pause, and what the user has to decide."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.features import mirror_words
from instica_desktop.features.activity.parts import LEFT
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Meter
from instica_desktop.sync import Shop


class MirrorRow(QWidget):
    """Shown while there is something to say. `changed` is emitted when it appears or goes."""

    changed = Signal()

    def __init__(self, shop: Shop, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shop = shop
        self.title = Label("", self, role="strong")
        self.words = Label("", self, role="caption", ink="text_2", wrap=True)
        self.meter = Meter("Copied", self, width=0)
        self.pause = Button("Pause", "mirrorPause", self, variant="plain", height=24)
        self.cancel = Button("Cancel", "mirrorCancel", self, variant="plain", height=24)
        self.remove = Button("Remove them here", "mirrorRemove", self, variant="outlined", height=24)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.title)
        words.addWidget(self.words)
        words.addWidget(self.meter)
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT, 10, 12, 10)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for button in (self.pause, self.cancel, self.remove):
            row.addWidget(button)
        self.pause.clicked.connect(self._pause)
        self.cancel.clicked.connect(self._cancel)
        self.remove.clicked.connect(self._remove)
        self.show_state()

    def show_state(self) -> None:
        """Show how the copy stands."""
        state = self._shop.mirror.state
        title = mirror_words.title(state)
        self.title.setText(title)
        self.words.setText(mirror_words.sentence(state))
        name_widget(self, "mirrorRow", f"{title}. {mirror_words.sentence(state)}")
        self.meter.setVisible(state.copying and not state.asks and not state.message)
        self.meter.set_value(state.share or 0.0)
        self.pause.setText("Go on" if state.paused else "Pause")
        self.pause.setAccessibleName(self.pause.text())
        self.pause.setVisible(not state.asks)
        self.cancel.setVisible(state.copying and not state.asks)
        self.remove.setVisible(bool(state.asks))
        if self.isHidden() == bool(title):
            self.setVisible(bool(title))
            self.changed.emit()

    def _pause(self, *_clicked: Any) -> None:
        mirror = self._shop.mirror
        if mirror.state.paused:
            mirror.resume()
        else:
            mirror.pause()

    def _cancel(self, *_clicked: Any) -> None:
        self._shop.mirror.cancel()

    def _remove(self, *_clicked: Any) -> None:
        for entity in self._shop.mirror.state.asks:
            self._shop.mirror.accept_empty(entity)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sign."""
        icons.paint(QPainter(self), 16, 12, "hard-drive", "text_2", 16)
