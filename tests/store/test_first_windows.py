"""No filter makes an ordering slow: a first window is read from an index, not looked for all over the copy.

What SQLite does is counted in its own steps and rows, so that the machine decides nothing. Every filter and
ordering that is declared is tried, a new one too, on a small copy in the proportions of a large one.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store import search
from instica_desktop.store.database import connect
from instica_desktop.store.plan import make_plan
from instica_desktop.store.store import Store
from tests.bench.stock import pages, windows

ROWS = {Entity.PRODUCT: 900, Entity.ITEM: 1800, Entity.ORDER: 900}
FEW = 16
"""As large a part of so many rows as `search.FEW` is of a million or two."""
WINDOW = 4
STEPS = 45
"""What SQLite spends on a row at most: to find it in an index, read it, and test it."""
TODAY = 739_800  # some days after the newest of them


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A connection to the copy of a shop."""
    folder: Path = tmp_path_factory.mktemp("windows") / "account"
    store = Store.open(folder)
    for entity, rows in ROWS.items():
        for page in pages(entity, rows):
            asyncio.run(store.cache.upsert(entity, page))
    asyncio.run(store.close())
    connection = connect(folder / "cache.db", write=False)
    yield connection
    connection.close()


class Asked:
    """What SQLite did for a query: its statements with their bindings, and how many steps they took."""

    def __init__(self, copy: Any, query: Query) -> None:
        self.copy, self.steps = copy, 0
        self.statements: list[tuple[str, Any]] = []
        plan = make_plan(copy, query, TODAY)
        copy.exec_trace = self._note
        copy.trace_v2(apsw.SQLITE_TRACE_PROFILE, self._count)
        try:
            self.found = len(search.first_ids(copy, plan, WINDOW))
        finally:
            copy.exec_trace = None
            copy.trace_v2(0, None)

    def _note(self, _cursor: Any, sql: str, bindings: Any) -> bool:
        self.statements.append((sql, bindings))
        return True

    def _count(self, event: dict[str, Any]) -> None:
        self.steps += event["stmt_status"]["SQLITE_STMTSTATUS_VM_STEP"]

    def sorted_whole(self) -> Iterator[tuple[str, int]]:
        """Yield the statements that sort all they find, with how much that is."""
        for sql, bindings in self.statements:
            details = [step[3] for step in self.copy.execute(f"EXPLAIN QUERY PLAN {sql}", bindings)]
            if "USE TEMP B-TREE FOR ORDER BY" in details:
                everything = sql.rpartition(" LIMIT ")[0]
                yield sql, len(self.copy.execute(everything, bindings).fetchall())


@pytest.mark.parametrize("entity", Entity)
def test_every_filter_in_every_ordering_is_read_from_an_index(
    copy: Any, entity: Entity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window of n records, of which each so-manieth of the copy is one, costs little more than reading n
    times so many: as if they were spread evenly, however they lie. Few records may be fetched and sorted.
    """
    monkeypatch.setattr(search, "FEW", FEW)
    monkeypatch.setattr(search, "WALK_SECONDS", 60)
    slow: list[str] = []
    for query, count in windows(copy, entity):
        asked = Asked(copy, query)
        assert asked.found == min(count, WINDOW), query
        rows = 4 * WINDOW * ROWS[entity] / count if count > FEW else 4 * FEW
        chosen = f"{query.filters[0].field}={query.filters[0].values[0]} by {query.ordering}"
        if asked.steps > STEPS * (rows + 4 * FEW):
            slow.append(f"{chosen}: {asked.steps} steps for {rows:.0f} rows")
        slow += [f"{chosen}: sorts {n}: {sql}" for sql, n in asked.sorted_whole() if n > FEW]
    assert not slow, f"{len(slow)} windows:\n" + "\n".join(slow[:20])
