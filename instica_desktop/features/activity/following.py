"""While something stuck is being decided: follow it, and take the question back when it is overtaken."""

from PySide6.QtWidgets import QDialog
from shiboken6 import isValid

from instica_desktop.core.describe import describe
from instica_desktop.core.operations import Operation, OpState
from instica_desktop.features.context import Context

_BECAME = {
    "delivered": "was sent meanwhile, so there is nothing left to decide",
    "dropped": "was dropped meanwhile",
    "deleted with the record": "went with its record, which was deleted meanwhile",
}
"""What the history notes → what is said of an edit that was being decided about."""


def stuck(context: Context, uuid: str) -> Operation | None:
    """Return an operation that waits for a decision; None when it does not any more."""
    found = next((one for one in context.shop.operations() if one.uuid == uuid), None)
    return found if found is not None and found.state is OpState.CONFLICT else None


def same_question(one: Operation, other: Operation | None) -> bool:
    """Tell whether two states of an operation ask the same of the user."""
    return other is not None and (one.edits, one.theirs, one.payload) == (
        other.edits,
        other.theirs,
        other.payload,
    )


def what_became(context: Context, operation: Operation) -> str:
    """Say what became of something that is not to be decided any more."""
    title = operation.title or "the record"
    if any(one.uuid == operation.uuid for one in context.shop.operations()):
        return f"The edit of {title} waits to be sent again, so there is nothing to decide now."
    history = context.shop.history(operation.entity, operation.uid)
    reasons = (one.reason for one in history if one.field in {edit.field for edit in operation.edits})
    became = _BECAME.get(next(reasons, ""), "was sent, dropped or decided meanwhile")
    return f"The edit of {title} {became}. It was: {describe(operation)}."


class Following:
    """Closes a dialog once what it asks about is another thing. `overtaken` tells that it did."""

    def __init__(self, context: Context, operation: Operation, dialog: QDialog) -> None:
        self.overtaken = False
        self._context, self._operation, self._dialog = context, operation, dialog
        context.shop.on_state.append(self._look)

    def stop(self) -> None:
        """Follow no longer."""
        if self._look in self._context.shop.on_state:
            self._context.shop.on_state.remove(self._look)

    def _look(self) -> None:
        if same_question(self._operation, stuck(self._context, self._operation.uuid)):
            return
        self.stop()
        if isValid(self._dialog):
            self.overtaken = True
            self._dialog.reject()
