"""Writing records of one entity within one transaction: rows, JSON, filter links and search words."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.operations import Operation, OpKind
from instica_desktop.core.search_words import Searchable, search_text
from instica_desktop.store import spans, unpictured
from instica_desktop.store.database import Connection, one
from instica_desktop.store.neighbours import Neighbours, Pending, shared_with
from instica_desktop.store.projection import (
    ELSEWHERE,
    NO_AGE,
    Projected,
    candidate_ids,
    effective,
    hidden,
    is_displaced,
    project,
    second,
    unlisted,
)
from instica_desktop.store.tables import TABLES, Value

_YIELD_EVERY = 3
"""Records after which others may have the interpreter. The window waits longest for it where the thread that
writes is held up, with the interpreter in its hand, because the computer's cores are all busy."""


class Row(msgspec.Struct):
    """A row as it stands before the batch."""

    id: int
    uid: str
    keys: tuple[Value, ...]
    terms: str
    fetched: int | None
    laid: bool
    words: str
    seen: int
    raw: bytes
    product: str | None
    sku: str | None


class Batch:
    """One entity's writes in one transaction. `flush` must end it; the sets tell what changed."""

    def __init__(self, connection: Connection, entity: Entity, pending: Pending) -> None:
        self._db = connection
        self.entity = entity
        self._table = TABLES[entity]
        self._name = self._table.name
        self._pending = pending
        self.neighbours = Neighbours(connection, pending)
        self._items = entity is Entity.ITEM
        self._newest = [key.name for key in self._table.keys].index(self._table.newest)
        self._columns = [f"k_{key.name}" for key in self._table.keys]
        named = ("id", "uid", *self._columns, "terms", "fetched", "laid", "words", "seen")
        self._values = f"{self._name}({', '.join(named)}) VALUES ({','.join('?' * len(named))})"
        self._terms: dict[tuple[str, str], int] = {}
        self._raws: list[tuple[int, bytes]] = []
        self._words: list[tuple[int, str]] = []
        self._links: list[tuple[int, int, str, int]] = []
        self._skus: list[tuple[str, str, str]] = []
        self._unpictured: list[str] = []
        self._spanned = {name for name, chosen in self._table.filters.items() if chosen.spans}
        self._written: list[tuple[list[int], tuple[Value, ...]]] = []
        self._known = self._displaced = 0
        self.ids: set[int] = set()
        self.uids: set[str] = set()
        self.gone: set[int] = set()
        self.order = False
        self.products: set[str] = set()
        """Products that may be found by other words or counts, because an item changed."""
        self.fresh: set[tuple[str, str]] = set()
        """Products and statuses of items that were not here."""
        self.changed: set[str] = set()
        """Records that have, or had, unsent edits: others may show them."""
        self.sharing: set[str] = set()
        """Copies that share an offer with an item that has, or had, unsent edits."""
        self._seen = 0  # by which full scan the records come that are written
        self._shown = [self._columns.index(f"k_{name}") for name in ("status", "price") if self._items]

    # ------------------------------------------------------------ what one may do

    def upsert(self, records: Iterable[Record[Any]], fetched: int, seen: int = 0) -> None:
        """Store records as the server sent them, `fetched` ms since 2000, found by the full scan `seen`."""
        latest = {record.data.uid: record for record in records}
        rows = self._load(latest)
        self.neighbours.look(self.entity, latest)
        self._seen = seen
        fresh: list[tuple[int, int]] = []
        for uid, record in latest.items():
            row, operations = rows.get(uid), self._pending(self.entity, uid)
            if row and not operations and not row.laid and row.raw == record.raw:
                fresh.append((fetched, row.id))
                continue
            data = effective(self._table, record.raw, operations) if operations else record.data
            self._put(row, data, record.raw, fetched, operations)
            self._unpictured.append(uid)
        self._db.executemany(f"UPDATE {self._name} SET fetched=? WHERE id=?", fresh)
        if seen:
            self._db.executemany(
                f"UPDATE {self._name} SET seen=? WHERE id=?", [(seen, row.id) for row in rows.values()]
            )

    def remove(self, uids: Iterable[str]) -> None:
        """Forget records."""
        for row in self._load(uids).values():
            self._erase(row)
            self._note(row.id, row.uid)
            self.order = True
            if self._items:
                self._sku(row.uid, row, None)
                self._recount_for(row)

    def reproject(self, uids: Iterable[str]) -> None:
        """Lay the pending operations over stored records anew; make and drop rows for unsent creates."""
        wanted = list(dict.fromkeys(uids))
        rows = self._load(wanted)
        self.neighbours.look(self.entity, wanted)
        for uid in wanted:
            row, operations = rows.get(uid), self._pending(self.entity, uid)
            created = bool(operations) and operations[0].kind is OpKind.CREATE
            if row is None and not created:
                continue
            if row and row.fetched is None and not created:  # an unsent create that was sent or dropped
                self.remove([uid])
                continue
            raw = row.raw if row else b"{}"
            data = effective(self._table, raw, operations)
            self._put(row, data, raw, row.fetched if row else None, operations)

    def flush(self) -> None:
        """Write what was collected."""
        name = self._name
        self._db.executemany(f"INSERT OR REPLACE INTO {name}_raw(id, raw) VALUES (?,?)", self._raws)
        # By falling row id, as a server's pages come, FTS5 would begin a new segment with each record.
        self._db.executemany(f"INSERT INTO {name}_fts(rowid, words) VALUES (?,?)", sorted(self._words))
        links = sorted(
            self._links, key=lambda link: (link[0], -link[1], link[2])
        )  # as they lie in their table
        self._db.executemany(f"INSERT INTO {name}_links(term, age, uid, id) VALUES (?,?,?,?)", links)
        self._db.executemany("INSERT INTO skus(item, product, words) VALUES (?,?,?)", self._skus)
        unpictured.note(self._db, self.entity, self._unpictured)
        spans.widen(self._db, self._table, self._written)
        if self._known or self._displaced:
            self._db.execute(
                "UPDATE tallies SET known=known+?, displaced=displaced+? WHERE entity=?",
                (self._known, self._displaced, name),
            )

    # ------------------------------------------------------------ one record

    def _load(self, uids: Iterable[str]) -> dict[str, Row]:
        name, count = self._name, len(self._columns)
        sku = "s.product, s.words" if self._items else "NULL, NULL"
        skus = " LEFT JOIN skus AS s ON s.item = t.uid" if self._items else ""
        sql = (
            f"SELECT t.id, t.uid, {', '.join(self._columns)}, "
            f"t.terms, t.fetched, t.laid, t.words, t.seen, r.raw, {sku} "
            f"FROM json_each(?) AS j CROSS JOIN {name} AS t ON t.uid = j.value "
            f"CROSS JOIN {name}_raw AS r ON r.id = t.id{skus}"
        )
        found: dict[str, Row] = {}
        for id_, uid, *rest in self._db.execute(sql, (msgspec.json.encode(list(uids)).decode(),)):
            terms, fetched, laid, *others = rest[count:]
            found[uid] = Row(id_, uid, tuple(rest[:count]), terms, fetched, bool(laid), *others)
        return found

    def _put(
        self, row: Row | None, data: Any, raw: bytes, fetched: int | None, operations: Sequence[Operation]
    ) -> None:
        laid, leaves = bool(operations), hidden(operations)
        shown = unlisted(self._table, data.uid) if leaves else self._projected(data, fetched)
        numbers = [(self._term(*term), term[0]) for term in shown.terms]
        terms = "".join([",", *(f"{number}," for number, _ in sorted(numbers))])
        self._written.append(([number for number, name in numbers if name in self._spanned], shown.keys))
        if row is not None and self._stays(row, shown, leaves):
            self._update(row, shown, terms, raw, fetched, laid)
        else:
            if row is not None:
                self._erase(row)
                self._note(row.id, row.uid)
            seen = self._seen or (row.seen if row else 0)
            rest = (shown.uid, *shown.keys, terms, fetched, int(laid), shown.words, seen)
            self._insert(shown, rest, terms, raw, leaves)
        if laid or (row and row.laid):
            self.changed.add(data.uid)
            self.sharing.update(shared_with(data) if self._items else ())
        if self._items:
            self._sku(data.uid, row, None if leaves else data)
            self._count(row, shown, data, laid)
        if not len(self.ids) % _YIELD_EVERY:
            time.sleep(0)

    def _stays(self, row: Row, shown: Projected, leaves: bool) -> bool:
        """Tell whether a row keeps its id: listed or not as before, and of the same second."""
        same_second = second(row.keys[self._newest]) == second(shown.keys[self._newest])
        return same_second and (row.id < 0) == leaves

    def _projected(self, data: Any, fetched: int | None) -> Projected:
        seen = self.neighbours.seen(self.entity, data, fetched)
        return project(self._table, seen, self._skus_of(data.uid))

    def _count(self, row: Row | None, shown: Projected, item: Any, laid: bool) -> None:
        """Note the product of an item that counts differently for it now."""
        if not item.product:
            return
        if row is None and not laid:
            self.fresh.add((item.product.uid, item.status))
        elif row is None or laid or row.laid or any(row.keys[at] != shown.keys[at] for at in self._shown):
            self.products.add(item.product.uid)

    def _recount_for(self, row: Row) -> None:
        """Have the product of an item that goes counted anew; one that was about to go has no terms."""
        sql = f"SELECT value FROM terms WHERE field='product' AND term IN ({row.terms.strip(',')})"
        self.products |= {value for (value,) in self._db.execute(sql)}
        if row.id < 0 and row.raw != b"{}":
            product = effective(self._table, row.raw, ()).product
            self.products |= {product.uid} if product else set()

    def _insert(self, shown: Projected, rest: tuple[Any, ...], terms: str, raw: bytes, leaves: bool) -> None:
        id_ = self._aside(rest) if leaves else self._place(shown, rest)
        self._raws.append((id_, raw))
        self._words.append((id_, shown.words))
        self._link(id_, shown.uid, shown.keys[self._newest], terms.split(",")[1:-1])
        self._known += id_ > 0
        self._displaced += is_displaced(id_)
        self.gone.discard(id_)
        self._note(id_, shown.uid)
        self.order = True

    def _place(self, shown: Projected, rest: tuple[Any, ...]) -> int:
        sql = f"INSERT OR IGNORE INTO {self._values}"
        for id_ in candidate_ids(shown.keys[self._newest], shown.uid):
            self._db.execute(sql, (id_, *rest))
            if self._db.changes():
                return id_
        id_ = max(one(self._db, f"SELECT max(id) FROM {self._name}") or 0, ELSEWHERE) + 1
        self._db.execute(f"INSERT INTO {self._values}", (id_, *rest))
        return id_

    def _aside(self, rest: tuple[Any, ...]) -> int:
        """Put a row that no list shows below all others."""
        id_ = min(one(self._db, f"SELECT min(id) FROM {self._name}") or 0, 0) - 1
        self._db.execute(f"INSERT INTO {self._values}", (id_, *rest))
        return id_

    def _update(
        self, row: Row, shown: Projected, terms: str, raw: bytes, fetched: int | None, laid: bool
    ) -> None:
        after: dict[str, Any] = dict(zip(self._columns, shown.keys, strict=True))
        after |= {"terms": terms, "fetched": fetched, "laid": int(laid), "words": shown.words}
        before: dict[str, Any] = dict(zip(self._columns, row.keys, strict=True))
        before |= {"terms": row.terms, "fetched": row.fetched, "laid": int(row.laid), "words": row.words}
        changed = {column: value for column, value in after.items() if before[column] != value}
        if changed:
            sets = ", ".join(f"{column}=?" for column in changed)
            self._db.execute(f"UPDATE {self._name} SET {sets} WHERE id=?", (*changed.values(), row.id))
        if raw != row.raw:
            self._raws.append((row.id, raw))
        if "words" in changed:
            self._db.execute(f"DELETE FROM {self._name}_fts WHERE rowid=?", (row.id,))
            self._words.append((row.id, shown.words))
        self._relink(row, shown, changed)
        self._note(row.id, row.uid)
        self.order = self.order or not changed.keys() <= {"fetched", "laid"}

    def _relink(self, row: Row, shown: Projected, changed: Mapping[str, Any]) -> None:
        old = set(row.terms.split(",")[1:-1])
        new = set(changed.get("terms", row.terms).split(",")[1:-1])
        moved = self._columns[self._newest] in changed
        self._unlink(row, old if moved else old - new)
        self._link(row.id, row.uid, shown.keys[self._newest], new if moved else new - old)

    def _erase(self, row: Row) -> None:
        for table in (self._name, f"{self._name}_raw"):
            self._db.execute(f"DELETE FROM {table} WHERE id=?", (row.id,))
        self._db.execute(f"DELETE FROM {self._name}_fts WHERE rowid=?", (row.id,))
        self._unlink(row, row.terms.split(",")[1:-1])
        self._known -= row.id > 0
        self._displaced -= is_displaced(row.id)
        self.gone.add(row.id)

    def _note(self, id_: int, uid: str) -> None:
        self.ids.add(id_)
        self.uids.add(uid)

    # ------------------------------------------------------------ links and words

    def _link(self, id_: int, uid: str, age: Value, terms: Iterable[str]) -> None:
        self._links += [(int(term), NO_AGE if age is None else int(age), uid, id_) for term in terms]

    def _unlink(self, row: Row, terms: Iterable[str]) -> None:
        age = row.keys[self._newest]
        self._db.executemany(
            f"DELETE FROM {self._name}_links WHERE term=? AND age=? AND uid=?",
            [(int(term), NO_AGE if age is None else age, row.uid) for term in terms],
        )

    def _term(self, field: str, value: str, label: str) -> int:
        known = self._terms.get((field, value))
        if known is None:
            key = (self._name, field, value)
            known = one(self._db, "SELECT term FROM terms WHERE entity=? AND field=? AND value=?", key)
            if known is None:
                self._db.execute(
                    "INSERT INTO terms(entity, field, value, label) VALUES (?,?,?,?)", (*key, label)
                )
                known = self._db.last_insert_rowid()
            self._terms[field, value] = known
        return known

    def _skus_of(self, product: str) -> str:
        if self.entity is not Entity.PRODUCT:
            return ""
        return "".join(
            row[0] for row in self._db.execute("SELECT words FROM skus WHERE product=?", (product,))
        )

    def _sku(self, uid: str, row: Row | None, item: Any) -> None:
        """Keep which product an item's SKU leads to; `item` None: it is gone."""
        words = search_text(Searchable(codes=(item.manual_sku,))) if item and item.manual_sku else ""
        after = (item.product.uid, words) if words and item.product else None
        before = (row.product, row.sku) if row and row.product is not None else None
        if before == after:
            return
        if before:
            self._db.execute("DELETE FROM skus WHERE item=?", (uid,))
        if after:
            self._skus.append((uid, *after))
        self.products |= {pair[0] for pair in (before, after) if pair and pair[0]}
