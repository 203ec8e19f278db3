"""What becomes of records a full scan did not find: removed on proof only.

Proof is that the server, asked for the record itself, says that it is gone (404), or that two full scans,
neither of them short or shrinking, did not find it. An empty shop is believed when the user says so.
"""

from instica_desktop.core.errors import NotFound, NotOffered
from instica_desktop.store.mirror import MirrorTables, Progress
from instica_desktop.sync.mirror.reading import Reader

ASKED_SINGLY = 40
"""So many records are asked for one by one; of more, and where none can be, a second scan has to agree."""


class Absence:
    """Decides on what one scan of one kind of record did not find."""

    def __init__(self, reader: Reader, tables: MirrorTables) -> None:
        self._reader = reader
        self._tables = tables

    async def settle(self, progress: Progress, *, whole: bool) -> tuple[int, int]:
        """Remove what is proven to be gone; return how many are missing without proof, and how many live.

        What lives is there when it is asked for and in no list. `whole`: the scan saw everything and the list
        did not shrink meanwhile.
        """
        entity = self._reader.entity
        absent, alive = await self._tables.absent(entity, progress.generation, progress.started), 0
        if progress.empty_accepted and not progress.count:
            gone = absent
        elif len(absent) <= ASKED_SINGLY and (dead := await self._dead(absent)) is not None:
            gone, alive, absent = dead, len(absent) - len(dead), dead
        elif whole:
            gone = await self._tables.suspect(entity, absent, progress.generation)
        else:
            gone = []
        if gone:
            await self._tables.forget(entity, gone)
        if whole and not absent:
            await self._tables.suspect(entity, (), progress.generation)
        return len(set(absent) - set(gone)), alive

    async def _dead(self, absent: list[str]) -> list[str] | None:
        """Ask for each record itself; return those that the server says to be gone, keep the others anew.

        None where this server cannot be asked for a record.
        """
        gone: list[str] = []
        for uid in absent:
            try:
                await self._reader.keep(uid)
            except NotFound:
                gone.append(uid)
            except NotOffered:
                return None
        return gone
