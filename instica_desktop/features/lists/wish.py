"""Where a person wants to be and cannot be yet: a row that is not read, a record that was made just now."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from instica_desktop.features.lists.browsing import Browser


class Wish(QObject):
    """Goes there as soon as the rows are there, unless somebody goes elsewhere meanwhile."""

    def __init__(self, browser: "Browser") -> None:
        super().__init__(browser)
        self._browser = browser
        self._by = 0
        self._uid = ""
        model = browser.table.table_model
        model.moved.connect(self._rows_came)
        model.state_changed.connect(self._rows_came)

    def forget(self) -> None:
        """Want nothing any more."""
        self._by, self._uid = 0, ""

    def step(self, by: int) -> None:
        """Step so many rows on when that row can be read; it is read when it is looked at."""
        table = self._browser.table
        self._by, self._uid = by, ""
        table.scrollTo(table.table_model.index(table.places.beside(by), 0))

    def stand_on(self, uid: str) -> None:
        """Stand on a record; where it is not among the rows, search and filters hide it."""
        self._by, self._uid = 0, uid
        self._seek()

    def _rows_came(self, _moved: bool = False) -> None:
        table = self._browser.table
        if self._by and table.table_model.is_known(table.places.beside(self._by)):
            self._browser.step(self._by)
        if self._uid:
            self._seek()

    def _seek(self) -> None:
        browser, uid = self._browser, self._uid
        if browser.table.go_to_uid(uid):
            self.forget()
        elif not browser.table.table_model.loading:
            self.forget()
            if browser.is_narrowed():
                browser.clear()
                self.stand_on(uid)
