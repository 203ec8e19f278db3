"""What every table screen has: search, filters, orderings, the table, and a foot that counts.

A screen describes itself with a `BrowseSpec`; `Browser` does the rest and says which row is current.
"""

from functools import partial
from typing import TYPE_CHECKING, Any, cast

import msgspec
from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.features.context import Context
from instica_desktop.features.lists.coming import Coming
from instica_desktop.features.lists.filters import FilterBar, FilterSpec
from instica_desktop.features.lists.found import Found
from instica_desktop.features.lists.trouble import nothing_matches, trouble
from instica_desktop.features.lists.wish import Wish
from instica_desktop.features.marks import RecordRow
from instica_desktop.qtkit.alpha import round_off
from instica_desktop.qtkit.columns import Column
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.text import Label, menu_text
from instica_desktop.qtkit.widgets.button import IconButton
from instica_desktop.qtkit.widgets.empty_state import StateSpec
from instica_desktop.qtkit.widgets.search_field import SearchField
from instica_desktop.sync import Results

if TYPE_CHECKING:
    from instica_desktop.sync.watching import Watch


class BrowseSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One table screen: what it lists, its columns, filters, named orderings, and its words."""

    entity: Entity
    name: str
    noun: str
    nouns: str
    placeholder: str
    columns: tuple[Column, ...]
    filters: tuple[FilterSpec, ...]
    orderings: tuple[tuple[str, str], ...]
    empty: StateSpec


class Browser(QWidget):
    """Search, filters, table and foot of one screen.

    Signals: `current_changed(row or None)`, `activated(row)` on Enter, `edited(row, column key, value)` from
    a cell editor, `context_menu(QPoint)` in global coordinates, `new_asked()` where there is no record yet,
    `stepped()` once `step` has arrived; `stepping` tells in `current_changed` that it is a step.
    """

    current_changed = Signal(object)
    activated = Signal(object)
    edited = Signal(object, str, object)
    context_menu = Signal(QPoint)
    new_asked = Signal()
    stepped = Signal()

    def __init__(self, context: Context, spec: BrowseSpec, pictures: Any, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"{spec.name}Browser")
        self._context = context
        self._shop = context.shop
        self.spec = spec
        self.query = Query(spec.entity)
        self._base = Query(spec.entity)
        self._found = Found(context, spec.noun, spec.nouns)
        self._empty = spec.empty
        self._results: Results | None = None
        self._coming = Coming(self)
        self.stepping = False
        self.search = SearchField(
            f"{spec.name}Search",
            f"Search {spec.nouns}",
            self,
            placeholder=spec.placeholder,
            keys=("Ctrl", "F"),
        )
        self.filters = FilterBar(spec.filters, context, spec.name, self)
        self._order_button = IconButton("arrow-up-down", f"{spec.name}Orderings", "Order by", self)
        self._columns_button = IconButton("columns-3", f"{spec.name}Columns", "Choose columns", self)
        self.table = EntityTableView(spec.columns, f"{spec.name}Table", spec.nouns, self, pictures=pictures)
        self._count = Label("", self, role="caption", ink="text_2", tabular=True)
        self._selected = Label("", self, role="caption", ink="text_2", tabular=True)
        self._source = Label("", self, role="caption", ink="text_2", tabular=True)
        self._saving = QTimer(self)
        self._lay_out()
        self._connect()
        self._restore()

    # ------------------------------------------------------------ building

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.toolbar = self._bar("toolbar", 52, (self.search,))
        self.facets = self._bar("facets", 44, (self.filters, self._order_button, self._columns_button))
        for bar in (self.toolbar, self.facets):
            column.addWidget(bar)
        column.addWidget(self.table, 1)
        column.addWidget(self._foot())

    def _bar(self, name: str, height: int, widgets: tuple[QWidget, ...]) -> QWidget:
        bar = QWidget(self)
        bar.setObjectName(f"{self.spec.name}{name.capitalize()}")
        bar.setProperty("surface", "card")
        bar.setProperty("edge", "bottom")
        bar.setFixedHeight(height)
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(6)
        for at, widget in enumerate(widgets):
            row.addWidget(widget, 1 if at == 0 else 0)
        return bar

    def add_tool(self, tool: QWidget) -> None:
        """Put a button behind the search field."""
        cast(QHBoxLayout, self.toolbar.layout()).addWidget(tool)
        QWidget.setTabOrder(self.search.edit, tool)

    def add_facet(self, tool: QWidget) -> None:
        """Put a button behind the filters."""
        cast(QHBoxLayout, self.facets.layout()).addWidget(tool)
        QWidget.setTabOrder(self._columns_button, tool)

    def _foot(self) -> QWidget:
        foot = QWidget(self)
        foot.setObjectName(f"{self.spec.name}Foot")
        foot.setProperty("surface", "card")
        foot.setProperty("edge", "top")
        foot.setFixedHeight(32)
        row = QHBoxLayout(foot)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(12)
        row.addWidget(self._count)
        row.addWidget(self._selected)
        row.addStretch()
        row.addWidget(self._source)
        return foot

    def _connect(self) -> None:
        self.search.text_changed.connect(self._search_changed)
        self.search.submitted.connect(self._go_down)
        self.search.went_down.connect(self._go_down)
        self.search.escaped.connect(self._go_down)
        self.filters.changed.connect(self._filter_changed)
        table = self.table
        table.ordering_requested.connect(self.order_by)
        table.current_row_changed.connect(self._current_changed)
        table.activated_row.connect(self.activated)
        table.edit_committed.connect(self.edited)
        table.context_requested.connect(self.context_menu)
        table.selection_changed.connect(self._show_selected)
        table.layout_changed.connect(self._saving.start)
        table.states.chosen.connect(self._state_chosen)
        table.table_model.count_changed.connect(self._show_count)
        table.table_model.state_changed.connect(self._show_state)
        self._context.counts.counted.connect(self._counted)  # of how many
        self._wish = Wish(self)
        self._coming.came.connect(self._take_over)
        self._order_button.clicked.connect(self._show_orderings)
        self._columns_button.clicked.connect(self._show_columns)
        self._saving.setSingleShot(True)
        self._saving.setInterval(400)
        self._saving.timeout.connect(self.save_layout)

    # ------------------------------------------------------------ the query

    def open(self) -> None:
        """Read the rows of the query unless they are there."""
        if self._results is None:
            self._ask(self.query)

    def _ask(self, query: Query, *, stay: bool = False) -> None:
        """Show another query, or, with `stay`, the same records anew."""
        self._coming.drop()
        self.query = query
        results = self._shop.results(query)
        results.open()
        self._place(results, stay=stay)

    def _place(self, results: Results, *, stay: bool) -> None:
        """Show rows. The former ones are let go after the new ones are in place."""
        former, self._results = self._results, results
        query = results.query
        self.table.states.set_empty(self.nothing_matches if self.is_narrowed() else self._empty)
        self.table.set_results(results, query.effective_ordering, stay=stay)
        if former:
            former.close()
        if self.table.places.here is None:
            self.table.begin_at_head()

    def order_by(self, ordering: str) -> None:
        """Show the same records in another order; what is current and selected stays.

        A part of the records, put in order, would not be the order: while this computer has a part only,
        the former rows stand until the server answers, if it does soon.
        """
        self._coming.drop()
        self.query = self.query.with_ordering(ordering)
        self._saving.start()
        results = self._shop.results(self.query)
        results.open()
        if self._results is None or not results.guesses:
            self._place(results, stay=True)
        else:
            self._coming.wait_for(results)
            self._show_state()

    @property
    def reordering(self) -> bool:
        """Whether another order is asked for and the former one still stands."""
        return self._coming.waiting

    def _take_over(self, results: Results) -> None:
        self._place(results, stay=True)

    def _search_changed(self, text: str) -> None:
        if text.strip() != self.query.search.strip():
            self._ask(self.query.with_search(text))

    def _filter_changed(self, field: str, values: object) -> None:
        self._ask(self.query.with_filter(field, list(values)))  # pyright: ignore[reportArgumentType, reportUnknownArgumentType, reportCallIssue]

    def clear(self) -> None:
        """Show everything again, or everything of the part it stands on."""
        self.search.set_text("")
        self.filters.clear()
        self._ask(self._base.with_ordering(self.query.ordering))

    def reveal(self, uid: str = "", search: str = "") -> None:
        """Go to one record if it is among the rows, or show what matches a search."""
        if search:
            self.search.set_text(search)
            self.filters.clear()
            self._ask(self._base.with_search(search).with_ordering(self.query.ordering))
        elif uid and not self.table.go_to_uid(uid):
            self.clear()
            self.table.go_to_uid(uid)

    def show_new(self, uid: str) -> None:
        """Stand on a record that was made just now, where the ordering puts it, once the rows are there.

        Search and filters that hide it are put away then.
        """
        self._wish.forget()
        if not self.table.go_to_uid(uid):
            self._ask(self.query, stay=True)
            self._wish.stand_on(uid)

    def is_narrowed(self) -> bool:
        """Tell whether search or filters hide records."""
        return self.query != self._base.with_ordering(self.query.ordering)

    @property
    def nothing_matches(self) -> StateSpec:
        """What is said where the search and the filters find nothing."""
        return nothing_matches(self.query, self._base)

    def stand_on(self, field: str, values: tuple[str, ...], empty: StateSpec, ordering: str = "") -> None:
        """Show one part of the records, such as the orders to ship; `clear` goes back to all of it.

        `empty` is said when it holds nothing. Search and filters stay; so does the ordering unless given.
        """
        self._base = Query(self.spec.entity).with_filter(field, values)
        self._empty = empty
        query = self.query.with_filter(field, values).with_ordering(ordering or self.query.ordering)
        if self._results is None:
            self.query = query
        else:
            self._ask(query)

    def filter_by(self, field: str, values: tuple[str, ...]) -> None:
        """Show only what has one of these values."""
        self.filters.set_values(field, values)
        self._ask(self.query.with_filter(field, values))

    def refresh(self) -> None:
        """Ask the server again."""
        if self._results:
            self._results.refresh()

    async def chosen_uids(self, watch: "Watch | None" = None) -> list[str]:
        """Return the uids of the selected rows, those not loaded yet included. `watch` may stop it.

        Raises:
            InsticaError: when the rest of “everything” cannot be fetched.
        """
        selection, results = self.table.selection, self._results
        if not selection.all_matching or results is None:
            ids = [id_ for id_ in results.ids if id_ in selection.ids] if results else []
            return self._shop.uids(self.spec.entity, ids)
        everything = await (results.uids(watch.tell) if watch else results.uids())
        places = (results.ids.index(id_) for id_ in selection.excluded if id_ in results.ids)
        kept = {row.uid for row in map(results.row, places) if row is not None}
        return [uid for uid in everything if uid not in kept]

    def all_deleted(self) -> None:
        """All that was selected by “everything” was deleted."""
        if self._results is not None and self.table.selection.all_matching:
            if not self.table.selection.excluded:
                self._results.emptied()
            self.table.selection.clear()

    def close_rows(self) -> None:
        """Let go of the rows and keep the columns as they are."""
        self.save_layout()
        self._coming.drop()
        self._wish.forget()
        results, self._results = self._results, None
        self.table.set_results(None)
        if results:
            results.close()

    # ------------------------------------------------------------ moving

    def step(self, by: int) -> None:
        """Make the next or former row current: at once, or when it can be read."""
        row = self.table.places.beside(by)
        self._wish.forget()
        if not 0 <= row < self.table.table_model.rowCount():
            return
        if not self.table.table_model.is_known(row):
            self._wish.step(by)
            return
        self.stepping = True
        self.table.go_to(row)
        self.stepping = False
        self.stepped.emit()

    def _go_down(self, _text: str = "") -> None:
        self.table.setFocus()
        if self.table.places.here is None:
            self.table.begin_at_head()

    def _current_changed(self, row: RecordRow | None) -> None:
        self._wish.forget()
        if row is not None and self.table.selection.empty:
            self.table.select_current()
        self.current_changed.emit(row)

    # ------------------------------------------------------------ menus

    def _show_orderings(self) -> None:
        menu = QMenu(self)
        round_off(menu)
        group = QActionGroup(menu)
        for key, words in self.spec.orderings:
            action = QAction(menu_text(words), menu)
            action.setCheckable(True)
            action.setChecked(key == self.query.effective_ordering)
            action.triggered.connect(partial(self._ordering_chosen, key))
            group.addAction(action)
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._below(self._order_button))

    def _ordering_chosen(self, key: str, _checked: bool = False) -> None:
        self.order_by(key)

    def _show_columns(self) -> None:
        self.table.show_columns_menu(self._below(self._columns_button))

    def _below(self, button: QWidget) -> QPoint:
        return button.mapToGlobal(QPoint(0, button.height() + 4))

    # ------------------------------------------------------------ words

    def _show_count(self, count: int | None = None) -> None:
        self._say_count(count)
        if count and self.table.places.here is None:
            self.table.begin_at_head()
        self._show_selected()

    def _counted(self, entity: Entity) -> None:
        if entity is self.spec.entity:
            self._say_count(self.table.table_model.count)

    def _say_count(self, count: int | None) -> None:
        results = self._results
        number = results.number if results is not None and count is not None else None
        if results is None or number is None:
            self._count.setText("…")
        else:
            self._count.setText(self._found.words(results, self._base, number))

    def _show_selected(self) -> None:
        count = self.table.selection.count
        if self.table.selection.all_matching:
            words = "all selected" if count is None else f"{count:,} selected"
        else:
            words = f"{count:,} selected" if count and count > 1 else ""
        self._selected.setText(words)

    def _show_state(self) -> None:
        results = self._results
        if results is None:
            return
        self.table.states.set_error(trouble(self._shop, self.spec.nouns, results, self._base))
        self._say_count(self.table.table_model.count)
        if not self._shop.state.can_read:
            self._source.setText("This computer’s copy" if results.count else "")
        else:
            self._source.setText("Loading…" if results.loading or self.reordering else "")

    def show_leaving(self) -> None:
        """Say how many records are being deleted by now."""
        self._show_state()

    def _state_chosen(self, act: str) -> None:
        if act == "clear":
            self.clear()
        elif act == "new":
            self.new_asked.emit()
        elif act == "online":
            self._context.prefs["work_offline"] = False
            self._shop.work_offline(False)
        elif act == "retry":
            self._shop.try_now()
            self.refresh()

    # ------------------------------------------------------------ columns, kept

    def _restore(self) -> None:
        state = dict(self._context.prefs["tables"].get(self.spec.name) or {})
        ordering = state.pop("ordering", "")
        if any(ordering in (column.sort, column.sort_desc) for column in self.spec.columns) or any(
            ordering == key for key, _ in self.spec.orderings
        ):
            self.query = self.query.with_ordering(ordering)
        self.table.restore_state(state)
        self.show_density()

    def show_density(self) -> None:
        """Give rows the height the settings say."""
        self.table.set_compact(self._context.prefs["density"] == "compact")

    def save_layout(self) -> None:
        """Keep columns and ordering for the next start."""
        self._saving.stop()
        tables = dict(self._context.prefs["tables"])
        tables[self.spec.name] = {**self.table.save_state(), "ordering": self.query.ordering}
        self._context.prefs["tables"] = tables
