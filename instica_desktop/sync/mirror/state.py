"""How far the copy is, for whoever shows it."""

from collections.abc import Mapping

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.store.mirror import ASKS, SCANNING, Progress


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of record: `done` of `of` in the scan under way. `complete`: all of it was here once.

    `asks`: the server suddenly has none of it, and the user has to say whether that is right.
    """

    done: int = 0
    of: int = 0
    complete: bool = False
    scanning: bool = False
    asks: bool = False


def part_of(progress: Progress, page: int, counted: int) -> Part:
    """Return how far the copy of one kind is, in pages of a size; `counted` is what was found out before."""
    scanning = progress.phase == SCANNING
    done = min(progress.pages * page, progress.count) if scanning else progress.count
    return Part(
        done=done if scanning or progress.completed else 0,
        of=progress.count or counted,
        complete=bool(progress.completed),
        scanning=scanning,
        asks=progress.phase == ASKS,
    )


class MirrorState(msgspec.Struct, frozen=True, kw_only=True):
    """The copy as a whole. `message`: why it does not go on at present, in plain words.

    `counting`: nobody knows yet how much there is to copy. `furthest` is the share that was told before: what
    is found to be there in addition makes the way longer, and takes nothing back of what was done.
    """

    parts: Mapping[Entity, Part]
    running: bool = False
    paused: bool = False
    message: str = ""
    counting: bool = False
    furthest: float = 0.0

    @property
    def copying(self) -> bool:
        """Whether a first copy is being made, which is worth showing; later looks are not."""
        return self.running and any(not part.complete and not part.asks for part in self.parts.values())

    @property
    def share(self) -> float | None:
        """How much of what is being copied is done, 0 to 1; None while nobody knows."""
        whole = sum(part.of for part in self.parts.values())
        if self.counting or not whole:
            return None
        return min(1.0, max(self.furthest, sum(part.done for part in self.parts.values()) / whole))

    @property
    def complete(self) -> bool:
        """Whether everything was here once."""
        return all(part.complete for part in self.parts.values())

    @property
    def asks(self) -> list[Entity]:
        """What the server says to have none of any more."""
        return [entity for entity, part in self.parts.items() if part.asks]
