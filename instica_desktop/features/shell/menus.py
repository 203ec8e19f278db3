"""The menu bar. Every entry does something now; what cannot be done at the moment is greyed."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from instica_desktop.core.acts import Step
from instica_desktop.core.settings_spec import BY_KEY
from instica_desktop.features.context import Screen
from instica_desktop.qtkit.alpha import round_off
from instica_desktop.qtkit.text import menu_text


class Menus:
    """Makes the menus on a window and hands out the actions by name."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._screen_actions: list[QAction] = []
        bar = window.menuBar()
        bar.setObjectName("menuBar")
        self.file, self.edit, self.view, self.help = (
            bar.addMenu(title) for title in ("&File", "&Edit", "&View", "&Help")
        )
        for menu in (self.file, self.edit, self.view, self.help):
            round_off(menu)

    def __getitem__(self, name: str) -> QAction:
        """Return an action by its name."""
        return self._actions[name]

    def add(
        self,
        menu: QMenu,
        name: str,
        text: str,
        call: Callable[[], object],
        *keys: str,
        checkable: bool = False,
    ) -> QAction:
        """Add an entry. `keys` are its shortcuts; the first is shown."""
        action = QAction(text, self._window)
        action.setObjectName(name)
        action.setCheckable(checkable)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.triggered.connect(partial(_without_state, call))
        menu.addAction(action)
        self._window.addAction(action)  # so that the keys work wherever the menu bar is hidden
        self._actions[name] = action
        return action

    def add_screens(self, screens: Sequence[Screen], go: Callable[[str], object]) -> None:
        """Put the screens on top of the View menu."""
        for action in self._screen_actions:
            self.view.removeAction(action)
            self._window.removeAction(action)
            action.deleteLater()
        first = next(iter(self.view.actions()), None)
        self._screen_actions = []
        for number, screen in enumerate(screens, 1):
            action = QAction(menu_text(screen.title), self._window)
            action.setObjectName(f"go_{screen.key}")
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
            action.triggered.connect(partial(_without_state, partial(go, screen.key)))
            if first is None:
                self.view.addAction(action)
            else:
                self.view.insertAction(first, action)
            self._window.addAction(action)
            self._screen_actions.append(action)

    def add_setting(self, key: str, use: Callable[[str], object]) -> None:
        """Add the choices of a setting as a menu in View, marked as they are chosen."""
        setting = BY_KEY[key]
        menu = self.view.addMenu(f"&{setting.name}")
        round_off(menu)
        group = QActionGroup(self._window)
        for choice, text in setting.options:
            action = self.add(menu, f"{key}_{choice}", text, partial(use, choice), checkable=True)
            group.addAction(action)

    def show_setting(self, key: str, value: str) -> None:
        """Mark the choice in force."""
        self._actions[f"{key}_{value}"].setChecked(True)

    def show_undo(self, undo: Step | None = None, redo: Step | None = None, *, usable: bool = False) -> None:
        """Name what Undo and Redo would do. `usable`: a shop is open; who has nothing to undo is told so."""
        for name, word, step in (("undo", "&Undo", undo), ("redo", "&Redo", redo)):
            self._actions[name].setText(f"{word} {menu_text(step.words)}" if step else word)
            self._actions[name].setEnabled(usable)

    def set_enabled(self, enabled: bool) -> None:
        """Grey what needs an open shop, or not."""
        needs_shop = (
            "new_copy",
            "new_product",
            "other_shop",
            "settings",
            "storage",
            "find",
            "refresh",
            "activity",
            "work_offline",
            "next_part",
            "last_part",
        )
        for action in (*self._screen_actions, *(self._actions[name] for name in needs_shop)):
            action.setEnabled(enabled)


def _without_state(call: Callable[[], object], _checked: bool = False) -> None:
    call()
