"""What the menus and keys do, and when they are greyed."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication

from instica_desktop.core.accounts import AccountKind
from instica_desktop.features.context import Context, Screen
from instica_desktop.features.shell.menus import Menus
from instica_desktop.features.shell.shops_menu import ShopsMenu
from instica_desktop.qtkit import theme
from instica_desktop.qtkit.tasks import TaskScope

if TYPE_CHECKING:
    from instica_desktop.features.shell.window import MainWindow


class Commands(QObject):
    """Fills the menu bar and the shop's menu at the foot of the rail, and carries out what is chosen."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._context: Context | None = None
        self._screens: Sequence[Screen] = ()
        self._scope = TaskScope(self)
        self.menus = Menus(window)
        self._fill_file_and_edit()
        self._fill_view()
        self._fill_help()
        for name in ("other_shop", "sign_out", "remove_shop", "settings", "diagnostics"):
            window.rail.menu.addAction(self.menus[name])
        self.shops = ShopsMenu(window, (self.menus.file, window.rail.menu), self.menus["other_shop"])
        for key in ("theme", "density"):
            self.menus.show_setting(key, window.prefs[key])
        window.prefs.observers.append(self._setting_changed)
        self.menus.show_undo()
        self.menus.set_enabled(False)

    def _fill_file_and_edit(self) -> None:
        add, menus, window = self.menus.add, self.menus, self._window
        add(menus.file, "new_copy", "New &copy…", partial(self.create_in, "inventory"), "Ctrl+N")
        add(menus.file, "new_product", "New &product…", partial(self.create_in, "products"))
        menus.file.addSeparator()
        window.screens.currentChanged.connect(self._screen_changed)
        add(menus.file, "other_shop", "Connect to &another shop…", window.other_shop_requested.emit)
        add(menus.file, "storage", "&Storage and backups…", partial(window.go, "storage"))
        add(menus.file, "sign_out", "Sign &out…", window.sign_out_requested.emit)
        add(menus.file, "remove_shop", "&Remove from this computer…", window.remove_requested.emit)
        menus.file.addSeparator()
        settings = add(menus.file, "settings", "Se&ttings…", partial(window.go, "settings"), "Ctrl+,")
        settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        menus.file.addSeparator()
        add(menus.file, "quit", "&Quit", window.quit_requested.emit, "Ctrl+Q")
        add(menus.edit, "undo", "&Undo", self.undo, "Ctrl+Z")
        add(menus.edit, "redo", "&Redo", self.redo, "Ctrl+Shift+Z", "Ctrl+Y")
        menus.edit.addSeparator()
        add(menus.edit, "find", "&Find", self.find, "Ctrl+F")

    def _fill_view(self) -> None:
        add, menus, window = self.menus.add, self.menus, self._window
        menus.view.addSeparator()
        add(menus.view, "activity", "&Activity", window.toggle_activity, "F8", "Ctrl+Shift+A")
        add(menus.view, "refresh", "&Refresh", self.refresh, "F5")
        add(menus.view, "work_offline", "Work &offline", self.work_offline, checkable=True)
        menus.view.addSeparator()
        add(menus.view, "next_part", "&Next part of the window", self.next_part, "F6")
        add(menus.view, "last_part", "&Part before", self.part_before, "Shift+F6")
        menus.view.addSeparator()
        menus.add_setting("theme", self.use_theme)
        menus.add_setting("density", self.use_density)

    def _fill_help(self) -> None:
        add, menus = self.menus.add, self.menus
        add(menus.help, "shortcuts", "&Keyboard shortcuts", self.show_shortcuts, "F1")
        add(menus.help, "diagnostics", "&Copy diagnostics…", self.show_diagnostics)
        menus.help.addSeparator()
        add(menus.help, "about", "&About Instica Desktop", self.show_about)

    # ------------------------------------------------------------ whose shop

    def follow(self, context: Context, screens: Sequence[Screen]) -> None:
        """Act on a shop from now on."""
        self.leave()
        self._context, self._screens = context, screens
        self.menus.add_screens(screens, self._window.go)
        self.shops.show(context.account)
        context.undo.changed.connect(self._undo_changed)
        context.shop.on_state.append(self._state_changed)
        self._undo_changed()
        self.follow_state()

    def leave(self) -> None:
        """Act on no shop."""
        context, self._context = self._context, None
        if context:
            context.undo.changed.disconnect(self._undo_changed)
            if self._state_changed in context.shop.on_state:
                context.shop.on_state.remove(self._state_changed)
        self._screens = ()
        self.menus.add_screens((), self._window.go)
        self.menus.show_undo()
        self.shops.show(None)
        self.follow_state()

    def follow_state(self) -> None:
        """Grey what cannot be done now."""
        usable = self._context is not None and not self._window.welcoming
        self.menus.set_enabled(usable)
        self._window.status.pending.setEnabled(usable)  # behind the first screen it would open nothing
        remote = self._context is not None and self._context.account.kind is AccountKind.REMOTE
        for name in ("sign_out", "remove_shop"):  # the local shop has no key, and its data is the only copy
            self.menus[name].setEnabled(usable and remote)
        if usable:
            self._state_changed()
        else:
            self.menus.show_undo()

    def _undo_changed(self) -> None:
        if self._context:
            undo = self._context.undo
            self.menus.show_undo(undo.next_undo, undo.next_redo, usable=not self._window.welcoming)

    def _state_changed(self) -> None:
        self._undo_changed()  # what waits to be decided about cannot be done again
        if self._context:
            self.menus["work_offline"].setChecked(self._context.shop.state.manual)

    # ------------------------------------------------------------ file

    def create_in(self, screen: str) -> None:
        """Ask for a new record of a screen's kind, on that screen."""
        self._window.go(screen)
        if current := self._window.screens.current():
            current.make_new()

    def _screen_changed(self, _place: int) -> None:
        """Let Ctrl+N make what the screen in front lists: among the products a product, else a copy."""
        products = self._window.screens.current_key == "products"
        for name, chosen in (("new_product", products), ("new_copy", not products)):
            self.menus[name].setShortcuts([QKeySequence("Ctrl+N")] if chosen else [])

    # ------------------------------------------------------------ edit

    def undo(self) -> None:
        """Take back the last edit."""
        if self._context:
            self._context.undo_last()

    def redo(self) -> None:
        """Make the edit again that was taken back last."""
        if self._context:
            self._context.redo_last()

    def find(self) -> None:
        """Put the keyboard into the search field."""
        if current := self._window.screens.current():
            current.focus_search()

    # ------------------------------------------------------------ view

    def refresh(self) -> None:
        """Ask the server again, also for what it did not offer; without a connection, try to connect."""
        if self._context:
            self._context.shop.ask_again()
            if not self._context.shop.state.can_read:
                self._context.shop.try_now()
        if current := self._window.screens.current():
            current.refresh()

    def work_offline(self) -> None:
        """Leave the network alone, or use it again."""
        if self._context:
            self._window.ways.work_offline(self.menus["work_offline"].isChecked())

    def next_part(self) -> None:
        """Move the keyboard on."""
        self._window.walk(1)

    def part_before(self) -> None:
        """Move the keyboard back."""
        self._window.walk(-1)

    def use_theme(self, key: str) -> None:
        """Change the look at once, and keep it."""
        self._window.prefs["theme"] = key

    def use_density(self, key: str) -> None:
        """Change the height of rows at once, and keep it."""
        self._window.prefs["density"] = key

    def _setting_changed(self, key: str) -> None:
        """Do what a setting says, whoever changed it."""
        value = self._window.prefs[key]
        if key == "theme":
            theme.apply(cast(QApplication, QApplication.instance()), value)
            self.menus.show_setting(key, value)
        elif key == "density":
            self.menus.show_setting(key, value)
            for screen in self._window.screens.made():
                screen.density_changed()

    # ------------------------------------------------------------ help

    def show_shortcuts(self) -> None:
        """Show every key."""
        from instica_desktop.features.shell.help import ShortcutsDialog

        ShortcutsDialog(self._window, self._screens).open()

    def show_about(self) -> None:
        """Show the versions."""
        from instica_desktop.features.shell.help import AboutDialog

        AboutDialog(self._window).open()

    def show_diagnostics(self) -> None:
        """Show what would be copied, with the button that copies it."""
        from instica_desktop.features.shell import diagnostics
        from instica_desktop.features.shell.report_dialog import ReportDialog

        text = diagnostics.report(self._context)
        ReportDialog(self._window, "Diagnostics", diagnostics.WORDS, text).open()
