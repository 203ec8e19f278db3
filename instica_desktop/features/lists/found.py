"""The words at the foot of a table: how many records were found, and of how many."""

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.sync import Shop


class Found:
    """Remembers how many there are in all of what a table stands on: all records, or one part of them."""

    def __init__(self, shop: Shop, entity: Entity, noun: str, nouns: str) -> None:
        self._shop, self._entity = shop, entity
        self._nouns = (noun, nouns)
        self._whole: tuple[Query, int] | None = None

    def words(self, query: Query, base: Query, count: int) -> str:
        """Return `2,000 items`, or `434 of 1,996 items` where a search or a filter leaves others out."""
        base = base.with_ordering("")
        if query.with_ordering("") == base:
            self._whole = (base, count)
        whole = self._count_of(base)
        if whole is None or whole <= count:
            return f"{count:,} {self._nouns[count != 1]}"
        return f"{count:,} of {whole:,} {self._nouns[whole != 1]}"

    def _count_of(self, base: Query) -> int | None:
        """Return how many there are as this computer knows, else as they were when all were shown."""
        if base == Query(self._entity) and self._shop.mirror.complete(self._entity):
            return self._shop.known(self._entity)
        return self._whole[1] if self._whole is not None and self._whole[0] == base else None
