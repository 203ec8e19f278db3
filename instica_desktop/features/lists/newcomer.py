"""Keeps a record that was just made in view: from its temporary uid to the one the server gives it."""

from PySide6.QtCore import QObject

from instica_desktop.core.changes import Changes
from instica_desktop.core.operations import is_temporary
from instica_desktop.features.context import Context
from instica_desktop.features.lists.browsing import Browser
from instica_desktop.features.marks import RecordRow


class Newcomer(QObject):
    """Stands on a new record of one table screen until the user goes elsewhere."""

    def __init__(self, context: Context, browser: Browser) -> None:
        super().__init__(browser)
        self._shop = context.shop
        self._browser = browser
        self._uid = ""
        self._behind = False
        browser.current_changed.connect(self._moved)
        context.bus.changed.connect(self._changed)

    def show(self, uid: str) -> None:
        """Bring a record into view that was made just now, and go on when it is sent."""
        row = self._shop.row(self._browser.spec.entity, uid)
        if row is not None:
            self._uid = ""  # while the table asks anew, its moves are not the user's
            self._browser.show_new(row.uid)
            self._uid = row.uid if is_temporary(row.uid) else ""

    def catch_up(self) -> None:
        """Ask for the rows anew if a record was made while this screen was out of sight."""
        if self._behind:
            self._behind = False
            self._browser.order_by(self._browser.query.ordering)

    def _changed(self, changes: Changes) -> None:
        entity = self._browser.spec.entity
        if changes.entity is not entity:
            return
        if not self._browser.isVisible() and any(is_temporary(uid) for uid in changes.uids):
            self._behind = True
        if not self._uid:
            return
        row = self._shop.row(entity, self._uid)
        if row is None:  # it was taken back
            self._uid = ""
        elif row.uid != self._uid:
            self._was_sent(row.uid)

    def _was_sent(self, uid: str) -> None:
        """Stay where the record stands; go to it only if the table is not on it any more."""
        former, self._uid = self._uid, ""
        current = self._browser.table.current_row()
        if current is None or current.uid not in (former, uid):
            self.show(uid)

    def _moved(self, row: RecordRow | None) -> None:
        """Let go when another row was chosen; not when the table moved on because this one went away."""
        if not self._uid or row is None or row.uid == self._uid:
            return
        if self._browser.table.table_model.index_of(self._uid) is not None:
            self._uid = ""
