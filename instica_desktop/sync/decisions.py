"""What the user decides about edits that are stuck: try again, drop, keep mine or theirs."""

from collections.abc import Mapping

from instica_desktop.core.errors import InputError
from instica_desktop.core.operations import Operation, OpKind, OpState
from instica_desktop.store.store import Store
from instica_desktop.sync.conflicts import GONE, resolved

_MAKES = frozenset({OpKind.CREATE, OpKind.ADD_PHOTO, OpKind.ADD_SHIPMENT, OpKind.ADD_LISTING})
_BEING_SENT = "This change is being sent right now. Wait a moment, then take it back by changing it again."


class Decisions:
    """Carries out decisions; nothing that loses is lost: it goes into the history."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._outbox = store.outbox

    async def retry(self, uuid: str) -> None:
        """Send an operation again. What may have been made by an earlier try is looked for first."""
        operation = self._find(uuid)
        unsure = operation.kind in _MAKES and operation.attempts and operation.state is not OpState.CONFLICT
        unsure = unsure or operation.state is OpState.UNKNOWN
        await self._outbox.set_state(uuid, OpState.UNKNOWN if unsure else OpState.QUEUED, attempts=0)
        await self._show(operation)

    async def discard(self, uuid: str) -> None:
        """Drop an operation; what it would have written goes into the history."""
        operation = self._find(uuid)
        for edit in operation.edits:
            await self._note(operation, edit.field, edit.new, "dropped", edit.base)
        await self._outbox.discard(uuid)
        if operation.theirs == GONE and not self._outbox.for_object(operation.entity, operation.uid):
            await self._store.cache.remove(operation.entity, [operation.uid])
        else:
            await self._show(operation)

    async def resolve(self, uuid: str, choices: Mapping[str, str]) -> None:
        """Settle a conflict by field: `mine` is sent, or `theirs` stays; the loser goes into the history."""
        operation = self._find(uuid)
        for edit in operation.edits:
            if edit.field not in operation.theirs:
                continue
            theirs = operation.theirs[edit.field]
            if choices.get(edit.field) == "theirs":
                await self._note(operation, edit.field, edit.new, "theirs was kept", edit.base)
            else:
                await self._note(operation, edit.field, theirs, "mine was kept", edit.base)
        await self._outbox.rebase(uuid, resolved(operation.edits, operation.theirs, choices))
        await self._show(operation)

    def _find(self, uuid: str) -> Operation:
        operation = self._outbox.get(uuid)
        if operation is None:
            raise InputError("This change has been sent or dropped meanwhile.")
        if operation.state is OpState.SENDING:
            raise InputError(_BEING_SENT)
        return operation

    async def _note(
        self, operation: Operation, field: str, value: object, reason: str, before: object
    ) -> None:
        await self._outbox.note(operation.entity, operation.uid, field, value, reason, before=before)

    async def _show(self, operation: Operation) -> None:
        await self._store.cache.reproject(operation.entity, [operation.uid])
