"""How far a burst of sending is, from the number of edits that are left and the bytes of photos under way."""

from typing import Protocol

from instica_desktop.sync import UnderWay

WORTH_A_METER = 3
"""Fewer edits than this are sent before a meter can be read."""


class Sending(Protocol):
    """What of a shop is looked at: numbers alone, for there may be very many edits."""

    def under_way(self) -> UnderWay: ...
    def upload_progress(self, uuid: str) -> tuple[int, int] | None: ...


class SendingProgress:
    """`share` is how much of the burst has been sent, 0 to 1; None while there is nothing worth a meter."""

    def __init__(self) -> None:
        self.share: float | None = None
        self._began: int | None = None

    def look(self, shop: Sending) -> None:
        """Look at what is left. A burst lasts from the first edit sent until none is."""
        now = shop.under_way()
        if not now.sending:
            self._began = self.share = None
            return
        if self._began is None:
            self._began = now.passed
        sent = now.passed - self._began
        whole = sent + now.left
        uploads = [part for part in map(shop.upload_progress, now.sending) if part]
        if whole < WORTH_A_METER and not uploads:
            return
        done = sent + sum(sent / size for sent, size in uploads if size)
        # What is added meanwhile makes the way longer, and takes nothing back of what was done.
        self.share = min(1.0, max(self.share or 0.0, done / whole))
