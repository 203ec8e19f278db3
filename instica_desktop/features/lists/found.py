"""The words at the foot of a table: how many records were found, and of how many."""

from instica_desktop.core.query import Query
from instica_desktop.features.context import Context
from instica_desktop.features.counting import certain
from instica_desktop.features.lists.leaving import MANY
from instica_desktop.features.lists.trouble import looking
from instica_desktop.sync import Results


class Found:
    """Remembers how many there are in all of what a table stands on: all records, or one part of them."""

    def __init__(self, context: Context, noun: str, nouns: str) -> None:
        self._context = context
        self._nouns = (noun, nouns)
        self._whole: tuple[Query, int] | None = None

    def words(self, results: Results, base: Query, count: int) -> str:
        """Return `2,000 items`, or `434 of 1,996 items` where a search or a filter leaves others out.

        What a part of the copy holds is no number of the shop's: it is said as such, or not at all. What is
        on no list any more and still on the server is said beside it, where it is much or all there is.
        """
        found = self._number(results, base, count)
        left = self._context.shop.leaving(base.entity).left
        return f"{found} · {left:,} being deleted" if left > MANY or (left and not count) else found

    def _number(self, results: Results, base: Query, count: int) -> str:
        if looking(results):
            return "…"
        if not certain(self._context.shop, results):
            return self._of_a_part(results, count)
        base, query = base.with_ordering(""), results.query.with_ordering("")
        if query == base:
            self._whole = (base, count)
            return self._counted(count)
        whole = self._count_of(base)
        return (
            f"{count:,} of {self._counted(whole)}"
            if whole is not None and whole > count
            else self._counted(count)
        )

    def _of_a_part(self, results: Results, count: int) -> str:
        if results.guesses and results.error is None:
            return "…"  # the server is about to say
        return f"{self._counted(count)} on this computer" if count else ""

    def _counted(self, count: int) -> str:
        return f"{count:,} {self._nouns[count != 1]}"

    def _count_of(self, base: Query) -> int | None:
        """Return how many there are as the rail has it, else as they were when all were shown."""
        number = self._context.counts.number(base)
        if number is not None:
            return number
        return self._whole[1] if self._whole is not None and self._whole[0] == base else None
