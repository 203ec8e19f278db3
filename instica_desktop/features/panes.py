"""What the panes of one record have alike: the way to its neighbours, and the line that tells it is saved."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from instica_desktop.core.accounts import AccountKind
from instica_desktop.core.ages import age_words, utc_now
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.marks import RecordRow
from instica_desktop.qtkit.widgets.button import IconButton

JUST_NOW = timedelta(minutes=1)


def add_steps(row: QHBoxLayout, noun: str, back: Callable[[], None], on: Callable[[], None]) -> None:
    """Add the buttons that go to the record before and to the next one to a pane's head."""
    for icon, name, said, keys, act in (
        ("chevron-up", f"{noun}Former", f"Former {noun}", "Alt+Up", back),
        ("chevron-down", f"{noun}Next", f"Next {noun}", "Alt+Down", on),
    ):
        button = IconButton(icon, name, said, row.parentWidget(), shortcut_hint=keys)
        button.clicked.connect(act)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)


def foot(name: str, saved: QWidget, undo: QWidget, parent: QWidget) -> QWidget:
    """Return the line at the foot of a pane: whether all is saved, and Undo."""
    made = QWidget(parent)
    made.setObjectName(name)
    made.setProperty("surface", "card")
    made.setProperty("edge", "top")
    made.setFixedHeight(32)
    row = QHBoxLayout(made)
    row.setContentsMargins(16, 0, 8, 0)
    row.addWidget(saved, 1)
    row.addWidget(undo)
    return made


def where_words(context: Context, entity: Entity, uid: str, there: str) -> str:
    """Return where a text that is not saved waits: `there`, or in Activity when its record went."""
    row = context.shop.row(entity, uid)
    if row is None:  # nobody told why: it may have been deleted, or the copy is being made anew
        return "The record is not here any more: Activity (F8) keeps the text."
    return "The record was deleted elsewhere: Activity (F8) keeps the text." if row.mark.gone else there


def saved_words(context: Context, entity: Entity, row: RecordRow, *, lost: bool = False) -> str:
    """Say where a record is saved, or what keeps its edits. `lost`: it is not on this computer any more."""
    mark, count = row.mark, row.mark.pending
    if mark.gone or lost:
        waits = count or context.shop.drafts.of(entity, row.uid)
        why = "Deleted elsewhere" if mark.gone else "Not here any more"
        return f"{why}; decide in Activity (F8)" if waits else why
    if context.shop.has_intake and (taking := context.shop.intake.progress(entity, row.uid)):
        return f"Adding photos, {taking[1] - taking[0]:,} left"
    if mark.conflict:
        return "Changed elsewhere too; see Activity (F8)"
    if mark.damaged:
        return "An edit was damaged on the disk; see Activity (F8)"
    if mark.refused:
        return "An edit was refused; see the field"
    if mark.sending:
        return "Sending…"
    if count:
        waits = "edit waits" if count == 1 else "edits wait"
        return f"{count} {waits} {'to be sent' if context.shop.state.can_send else 'for a connection'}"
    place = "this computer’s shop" if context.account.kind is AccountKind.LOCAL else "Instica"
    now = utc_now()
    lately = context.shop.state.can_read and now - row.fetched_at < JUST_NOW
    return f"Saved on {place}, read {'just now' if lately else f'{age_words(row.fetched_at, now)} ago'}"
