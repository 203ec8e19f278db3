"""The SQL of the cache's tables, made from `tables`, and of the outbox.

For an entity `inventory` the cache holds:
`inventory`        one narrow row a record: id, uid, keys `k_…`, `words` (` a b`), `terms` (`,3,17,`), age
`inventory_raw`    id → the server's JSON, apart, so that walking the narrow rows stays cheap
`inventory_links`  (term, newest first, uid) → id: every filter by value, already in the default order
`inventory_fts`    the words again, as an index; its rowid is the id
`spans`            term → between which values of each key its records lie (see `spans`)

A row id grows with the time of the default ordering (see `projection.first_id`): so a search, which FTS5
answers by row id, streams in the default order.
"""

from instica_desktop.store import spans, unpictured
from instica_desktop.store.database import Connection
from instica_desktop.store.indexes import INDEXES, index, index_name
from instica_desktop.store.migrations import Schema
from instica_desktop.store.seals import SEALED, note_version, noted_version, seal_all
from instica_desktop.store.tables import TABLES, Table

_COMMON = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tallies(
    entity TEXT PRIMARY KEY, known INTEGER NOT NULL, displaced INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE terms(
    term INTEGER PRIMARY KEY, entity TEXT NOT NULL, field TEXT NOT NULL,
    value TEXT NOT NULL, label TEXT NOT NULL, UNIQUE(entity, field, value));
CREATE TABLE skus(item TEXT PRIMARY KEY, product TEXT NOT NULL, words TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX skus_of ON skus(product, words);
"""


def _entity(table: Table) -> str:
    name = table.name
    keys = [key for key in table.keys if key.since == 1]
    columns = "".join(f"k_{key.name}, " for key in keys)
    script = f"""
    CREATE TABLE {name}(
        id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, {columns}terms TEXT NOT NULL,
        fetched INTEGER, laid INTEGER NOT NULL, words TEXT NOT NULL);
    CREATE TABLE {name}_raw(id INTEGER PRIMARY KEY, raw BLOB NOT NULL);
    CREATE TABLE {name}_links(
        term INTEGER NOT NULL, age INTEGER NOT NULL, uid TEXT NOT NULL, id INTEGER NOT NULL,
        PRIMARY KEY(term, age DESC, uid)) WITHOUT ROWID;
    CREATE VIRTUAL TABLE {name}_fts USING fts5(
        words, content='', contentless_delete=1, detail=none, prefix='1 2 3', tokenize='ascii');
    CREATE INDEX {name}_by_fetched ON {name}(fetched);
    CREATE INDEX {name}_laid ON {name}(uid) WHERE laid;
    INSERT INTO tallies VALUES ('{name}', 0, 0);
    """
    return script + "".join(index(table, key) for key in keys if not key.then)


def _more_keys(since: int) -> str:
    """Return the script of the sort keys that a later version brought; `rules` has them filled."""
    return "".join(
        f"ALTER TABLE {table.name} ADD COLUMN k_{key.name};\n"
        for table in TABLES.values()
        for key in table.keys
        if key.since == since
    )


def _shorter_indexes() -> str:
    """Return the script that drops the indexes which do not say yet how an ordering by their key goes on."""
    return "".join(
        f"DROP INDEX IF EXISTS {index_name(table, key)};\n"
        for table in TABLES.values()
        for key in table.keys
        if key.then
    )


_MIRROR = """
CREATE TABLE mirror(
    entity TEXT PRIMARY KEY, generation INTEGER NOT NULL, phase TEXT NOT NULL, state BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE suspects(
    entity TEXT NOT NULL, uid TEXT NOT NULL, generation INTEGER NOT NULL, PRIMARY KEY(entity, uid)
) WITHOUT ROWID;
CREATE TABLE documents(name TEXT PRIMARY KEY, raw BLOB NOT NULL, fetched INTEGER NOT NULL) WITHOUT ROWID;
"""
"""`mirror`: how far the copy of a whole entity has come; `suspects`: records one full scan did not find;
`documents`: what there is one of (platforms, account, plan). `seen`: the scan that saw a record last."""

_SEEN = "".join(
    f"ALTER TABLE {table.name} ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;\n" for table in TABLES.values()
)

CACHE = Schema(
    application_id=0x494E5343,  # INSC
    steps=(
        _COMMON + "".join(_entity(table) for table in TABLES.values()),
        _MIRROR + _SEEN,
        _more_keys(since=3),
        _shorter_indexes(),
        unpictured.TABLES,
        spans.SCHEMA,
    ),
    indexes=tuple(INDEXES.values()),
)


def _seal(connection: Connection) -> None:
    """Give each row of what a person made its seal, as it stands; step 4 of the outbox."""
    for table in SEALED:
        connection.execute(f"ALTER TABLE {table} ADD COLUMN seal BLOB")
    seal_all(connection)


OUTBOX = Schema(
    application_id=0x494E534F,  # INSO
    steps=(
        """
        CREATE TABLE operations(
            seq INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE,
            entity TEXT NOT NULL, uid TEXT NOT NULL, body BLOB NOT NULL);
        CREATE INDEX operations_of ON operations(entity, uid, seq);
        CREATE TABLE history(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            entity TEXT NOT NULL, uid TEXT NOT NULL, field TEXT NOT NULL,
            before BLOB NOT NULL, value BLOB NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE INDEX history_of ON history(entity, uid, id);
        CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """,
        """
        ALTER TABLE operations ADD COLUMN place INTEGER;
        CREATE TABLE renamings(
            temporary TEXT PRIMARY KEY, real TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE deliveries(
            id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, uuid TEXT NOT NULL,
            entity TEXT NOT NULL, uid TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL);
        CREATE INDEX deliveries_by_time ON deliveries(at);
        CREATE TABLE unreadable(
            seq INTEGER PRIMARY KEY, uuid TEXT NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL);
        """,
        """
        CREATE TABLE intake(
            seq INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE, body BLOB NOT NULL);
        """,
        _seal,
    ),
    note=note_version,
    noted=noted_version,
)
"""`place`: where the user put an operation among the others, null = by `seq`. `renamings`: what became of
temporary uids. `deliveries`: what was sent, for the list of the day. `unreadable`: operations this version
cannot read, kept for one that can. `intake`: pictures that were dropped, pasted or chosen, in that order,
until each has become an operation. `seal`: see `seals`."""
