"""Saving what is typed into the cells of a table: against what was shown, undoable, and never lost."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject

from instica_desktop.core.errors import InsticaError
from instica_desktop.core.models.common import Entity
from instica_desktop.features.bindings import wire_of
from instica_desktop.features.context import Context
from instica_desktop.features.edits import remember_edit, save_edit
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.panes import where_words
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.tasks import TaskScope

Change = Callable[[RecordRow, str, Any], Any]
"""(row, column key, value from the editor) → wire value. Raises InputError."""


class CellSaver(QObject):
    """Saves the edits of one table. Its editor closes once its value is on the disk."""

    def __init__(
        self,
        context: Context,
        entity: Entity,
        table: EntityTableView,
        change: Change,
        title_of: Callable[[Any], str],
        *,
        fields: Mapping[str, str],
    ) -> None:
        """`fields` names the wire field a column edits where that is not its key."""
        super().__init__(table)
        self._context, self._entity, self._table = context, entity, table
        self._change, self._title_of, self._fields = change, title_of, fields
        self._scope = TaskScope(self)
        self._saving: set[asyncio.Task[Any]] = set()
        self._under_way: dict[tuple[str, str], Any] = {}  # what the next edit of a field will find there
        table.edit_committed.connect(self._committed)
        table.editing.typing.connect(self._typing)
        table.editing.kept.connect(self._kept)
        table.editing.draft_of = self._draft_of

    async def finish(self) -> None:
        """Save what is typed, or keep it, and wait until it is on the disk."""
        self._table.editing.leave()
        await asyncio.gather(*self._saving)

    # ------------------------------------------------------------ saving

    def _committed(self, row: RecordRow, key: str, value: Any) -> None:
        field, draft = self._fields.get(key, key), self._draft(row, key)
        try:
            wire = self._change(row, key, value)
        except InsticaError as error:
            self._refused(row, key, error)
            return
        base = draft.base if draft is not None else self._base(row, key)
        self._under_way[row.uid, field] = wire
        text = draft.text if draft is not None else None
        task = self._scope.spawn(self._save(row, key, (base, wire), text), "save cell")
        if task is not None:
            self._saving.add(task)
            task.add_done_callback(self._saving.discard)

    def _base(self, row: RecordRow, key: str) -> Any:
        """Return the wire value a cell showed when its editing began, or that of the edit just made."""
        field = self._fields.get(key, key)
        return self._under_way.get((row.uid, field), wire_of(getattr(row.data, field, None)))

    async def _save(self, row: RecordRow, key: str, values: tuple[Any, Any], text: str | None) -> None:
        (base, wire), shop, field = values, self._context.shop, self._fields.get(key, key)
        try:
            with shop.drafts.saving([(self._entity, row.uid, key)], text):
                saved = save_edit(self._context, self._entity, row.uid, {field: wire}, {field: base})
                edited, repriced = await saved
        except InsticaError as error:
            self._refused(row, key, error)
            return
        finally:
            if self._under_way.get((row.uid, field)) == wire:
                del self._under_way[row.uid, field]
        if self._draft_of(row, key) == text:
            shop.drafts.drop(self._entity, row.uid, key)
        self._table.editing.saved(row.uid, key, shop.row(self._entity, row.uid))
        if edited.after:
            title = self._title_of(row.data)
            remember_edit(self._context, self._entity, row.uid, title, edited, repriced)

    def _refused(self, row: RecordRow, key: str, error: InsticaError) -> None:
        if not self._table.editing.refused(row.uid, key, error.message):
            self._context.shop.drafts.put_aside(self._entity, row.uid, key)
            about = self._title_of(row.data)
            self._context.tell(error, about=about)  # the text is there again at the next F2

    # ------------------------------------------------------------ what is typed

    def _draft(self, row: RecordRow, key: str) -> Any:
        return self._context.shop.drafts.of(self._entity, row.uid).get(key)

    def _draft_of(self, row: RecordRow, key: str) -> str | None:
        draft = self._draft(row, key)
        return draft.text if draft is not None else None

    def _typing(self, row: RecordRow, key: str, text: str | None) -> None:
        drafts = self._context.shop.drafts
        if text is None:
            drafts.drop(self._entity, row.uid, key)
        else:
            title = self._title_of(row.data)
            drafts.keep(self._entity, row.uid, key, text, self._base(row, key), title)

    def _kept(self, row: RecordRow, key: str, reason: str) -> None:
        text = self._draft_of(row, key)
        if text is not None:
            self._context.shop.drafts.put_aside(self._entity, row.uid, key)
            name = self._title_of(row.data)
            where = where_words(self._context, self._entity, row.uid, "F2 on the cell shows it again.")
            self._context.ui.say(f"“{text}” is not saved for {name}: {reason} {where}")
