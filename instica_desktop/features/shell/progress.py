"""How far a burst of sending is, from the number of edits that are left and the bytes of photos under way."""

from typing import Protocol

from instica_desktop.core.operations import NEEDS_USER, Operation, OpState

WORTH_A_METER = 3
"""Fewer edits than this are sent before a meter can be read."""


class Sending(Protocol):
    """What of a shop is looked at."""

    def operations(self) -> list[Operation]: ...
    def upload_progress(self, uuid: str) -> tuple[int, int] | None: ...


class SendingProgress:
    """`share` is how much of the burst has been sent, 0 to 1; None while there is nothing worth a meter."""

    def __init__(self) -> None:
        self.share: float | None = None
        self._left: set[str] = set()
        self._sent = 0

    def look(self, shop: Sending) -> None:
        """Look at what is left. A burst lasts from the first edit sent until none is."""
        left = [operation for operation in shop.operations() if operation.state not in NEEDS_USER]
        sending = [operation for operation in left if operation.state is OpState.SENDING]
        if not sending:
            self._left, self._sent, self.share = set(), 0, None
            return
        uuids = {operation.uuid for operation in left}
        self._sent += len(self._left - uuids)
        self._left = uuids
        whole = self._sent + len(left)
        uploads = [part for part in (shop.upload_progress(operation.uuid) for operation in sending) if part]
        if whole < WORTH_A_METER and not uploads:
            return
        done = self._sent + sum(sent / size for sent, size in uploads if size)
        # What is added meanwhile makes the way longer, and takes nothing back of what was done.
        self.share = min(1.0, max(self.share or 0.0, done / whole))
