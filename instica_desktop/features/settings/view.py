"""The screen of settings. Each acts at once: there is nothing to confirm, and nothing to lose by leaving."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.core.models.common import Entity
from instica_desktop.core.settings_spec import BY_KEY
from instica_desktop.features.context import Context, ScreenWidget
from instica_desktop.features.settings.rows import INDENT, ChoiceRow, SwitchRow, segments, select
from instica_desktop.features.settings.words import copy_note, photos_note
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Rule
from instica_desktop.qtkit.widgets.page import Card, Page

WIDEST = 800
SETTLE_MS = 80
SENTENCE = "What you change acts at once and is kept."


class SettingsView(ScreenWidget):
    """Shows the settings as they are, whoever changes them: this screen, a menu, the status bar."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("settingsView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "base")
        self._context = context
        self._scope = TaskScope(self)
        self.rows: dict[str, SwitchRow | ChoiceRow] = {}
        self._page = Page("Settings", SENTENCE, "settingsScroll", self, widest=WIDEST)
        self._cards = (self._appearance(), self._computer(), self._connection())
        for card in self._cards:
            self._page.rows.addWidget(card)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._page)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.show_state)
        context.prefs.observers.append(self._setting_changed)
        context.shop.on_state.append(self._changed)
        self.show_state()

    # ------------------------------------------------------------ what stands on it

    def _appearance(self) -> Card:
        card = self._card("Appearance", "appearanceCard")
        self._add(card, ChoiceRow(BY_KEY["theme"], segments, card))
        self._add(card, ChoiceRow(BY_KEY["density"], segments, card))
        return card

    def _computer(self) -> Card:
        card = self._card("This computer", "computerCard")
        self.storage = Button("Storage and backups…", "openStorage", card, height=28)
        self.storage.clicked.connect(self._open_storage)
        card.add_at_right(self.storage)
        self._add(card, SwitchRow(BY_KEY["mirror"], card))
        self._add(card, SwitchRow(BY_KEY["keep_photos"], card))
        self._add(card, ChoiceRow(BY_KEY["photo_room_mb"], select, card, indent=INDENT))
        return card

    def _connection(self) -> Card:
        card = self._card("Connection", "connectionCard")
        self._add(card, SwitchRow(BY_KEY["work_offline"], card))
        return card

    def _card(self, title: str, name: str) -> Card:
        card = Card(title, name, self._page.content)
        card.sentence.hide()
        return card

    def _add(self, card: Card, row: SwitchRow | ChoiceRow) -> None:
        if card.body.count() > 1:
            card.body.addWidget(Rule(card))
        card.body.addWidget(row)
        row.changed.connect(partial(self._choose, row.setting.key))
        self.rows[row.setting.key] = row

    # ------------------------------------------------------------ as a screen

    def activate(self) -> None:
        """Put the keyboard on the first setting."""
        self.refresh()
        self._cards[0].findChildren(ChoiceRow)[0].control.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Measure the photos again."""
        self.show_state()
        self._measure()

    def regions(self) -> Sequence[QWidget]:
        """F6 walks through the cards."""
        return self._cards

    def leave(self) -> None:
        """Follow nothing more: the shop closes."""
        self._scope.cancel()
        self._settle.stop()
        if self._setting_changed in self._context.prefs.observers:
            self._context.prefs.observers.remove(self._setting_changed)
        if self._changed in self._context.shop.on_state:
            self._context.shop.on_state.remove(self._changed)

    # ------------------------------------------------------------ changing

    def _choose(self, key: str, value: Any) -> None:
        """Keep a setting; whoever it concerns hears of it."""
        self._context.prefs[key] = value
        if key == "work_offline":
            self._context.shop.work_offline(value)

    def _open_storage(self) -> None:
        self._context.ui.show_screen("storage")

    # ------------------------------------------------------------ showing

    def _setting_changed(self, key: str) -> None:
        if key in self.rows:
            self.show_state()
            self._measure()  # behind whatever makes room for photos

    def _changed(self) -> None:
        if self.isVisible() and not self._settle.isActive():
            self._settle.start()

    def show_state(self) -> None:
        """Show every setting, and how far the copy is."""
        prefs, shop = self._context.prefs, self._context.shop
        for key, row in self.rows.items():
            row.show_value(shop.state.manual if key == "work_offline" else prefs[key])
        mirror, every = prefs["mirror"], prefs["mirror"] and prefs["keep_photos"]
        self.rows["keep_photos"].setEnabled(mirror)
        self.rows["photo_room_mb"].setEnabled(not every)
        known = shop.known(Entity.ITEM)
        note = copy_note(shop.mirror.state, known, wanted=mirror, online=shop.state.can_read)
        self.rows["mirror"].say(note)

    def _measure(self) -> None:
        tell = self._context.tell
        self._scope.spawn(
            self._show_photos(), "measure photos", group="measure", exclusive=True, on_error=tell
        )

    async def _show_photos(self) -> None:
        used = await self._context.shop.care.pictures_size()
        prefs = self._context.prefs
        every = prefs["mirror"] and prefs["keep_photos"]
        self.rows["photo_room_mb"].say(photos_note(used, every=every))
