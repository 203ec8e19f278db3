"""Pictures a person gave to a record, as data: written down first, then made fit, kept and sent.

One `Taken` is one file, pasted picture or picture dragged out of a browser. What was dropped together has the
same `drop`, and keeps its order.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from instica_desktop.core.models.common import Entity


class TakenState(StrEnum):
    """Where a picture stands."""

    WAITING = "waiting"
    KEPT = "kept"  # its operation is in the outbox; stays until all of its drop is settled
    THERE = "there"  # the record had it already; stays as long
    REFUSED = "refused"  # `reason` says why; stays until the user dismisses it


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """One picture. `uuid` is also that of the operation that will add it, so that it is added once.

    It comes from a file of the user (`path`), from the shop's own copy (`copy`, a SHA-256), which wins, or
    from an `address`. `sha256` is the name of what was kept.
    """

    uuid: str
    drop: str
    entity: Entity
    uid: str
    name: str
    kind: str = "item"
    path: str = ""
    copy: str = ""
    address: str = ""
    state: TakenState = TakenState.WAITING
    sha256: str = ""
    reason: str = ""
    seq: int = 0

    @property
    def needs_source(self) -> bool:
        """Whether what it comes from may still be needed."""
        return self.state in (TakenState.WAITING, TakenState.REFUSED)


class Refusal(msgspec.Struct, frozen=True):
    """What was refused together, for one reason: the files' names, and by which uuids they are known."""

    names: tuple[str, ...]
    reason: str
    uuids: tuple[str, ...]


def refusals(taken: Iterable[Taken]) -> list[Refusal]:
    """Return what was refused, oldest first: of one drop, what has the same reason is one refusal."""
    found: dict[tuple[str, str], list[Taken]] = {}
    for one in taken:
        if one.state is TakenState.REFUSED:
            found.setdefault((one.drop, one.reason), []).append(one)
    return [
        Refusal(tuple(one.name for one in own), reason, tuple(one.uuid for one in own))
        for (_, reason), own in found.items()
    ]
