"""The search index of each database, behind one interface: write words, drop them, find by terms.

SQLite has one FTS5 table for each kind of record, PostgreSQL a table of `tsvector` with a GIN index. Both
hold the words exactly as `domain.search_words` makes them. FTS5's `ascii` tokenizer splits at spaces only: it
takes every character beyond ASCII as part of a word; `array_to_tsvector` and the cast to `tsquery` parse
nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

_MOST_BYTES = 900_000
"""A `tsvector` holds 1 MB; what goes beyond (a product with a hundred thousand SKUs) is left out of it."""


@dataclass(frozen=True)
class Term:
    """One word to find: a whole word, or the beginning of one."""

    word: str
    whole: bool = False


Terms = Iterable[Term]


class SearchIndex(Protocol):
    """What both databases offer."""

    def create(self, table: str) -> Sequence[str]:
        """Return the statements that make a table."""
        ...

    def load(self, table: str) -> tuple[Sequence[str], Sequence[str]]:
        """Return the statements to run before and after filling an empty table."""
        ...

    def write(self, cursor: Any, table: str, rows: Sequence[tuple[int, str]], *, fresh: bool) -> None:
        """Replace the words of records; `fresh` ones are known to have none."""
        ...

    def drop(self, cursor: Any, table: str, key: int) -> None:
        """Remove a record's words."""
        ...

    def found(self, table: str, alternatives: Iterable[Terms]) -> tuple[str, list[str]]:
        """Return SQL, with its parameters, for the keys of records with every term of any alternative."""
        ...


class Fts5:
    """SQLite's full-text index."""

    def create(self, table: str) -> Sequence[str]:
        """Return the statement; prefix indexes serve search as one types."""
        options = "words, tokenize='ascii', prefix='1 2 3', detail=none, columnsize=0"
        return [f"CREATE VIRTUAL TABLE {table} USING fts5({options})"]

    def load(self, table: str) -> tuple[Sequence[str], Sequence[str]]:
        """Return nothing: FTS5 gathers what it is given by itself."""
        return [], []

    def write(self, cursor: Any, table: str, rows: Sequence[tuple[int, str]], *, fresh: bool) -> None:
        """Replace the words of records."""
        if not fresh:
            cursor.executemany(f"DELETE FROM {table} WHERE rowid = %s", [(key,) for key, _ in rows])
        cursor.executemany(f"INSERT INTO {table}(rowid, words) VALUES (%s, %s)", rows)

    def drop(self, cursor: Any, table: str, key: int) -> None:
        """Remove a record's words."""
        cursor.execute(f"DELETE FROM {table} WHERE rowid = %s", [key])

    def found(self, table: str, alternatives: Iterable[Terms]) -> tuple[str, list[str]]:
        """Return SQL for the keys. No word holds a quotation mark, so quoting is enough to make it data."""
        each = (
            " AND ".join(f'"{term.word}"' + ("" if term.whole else "*") for term in terms)
            for terms in alternatives
        )
        wanted = " OR ".join(f"({terms})" for terms in each)
        return f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [wanted]


class TsVector:
    """PostgreSQL's full-text index."""

    def create(self, table: str) -> Sequence[str]:
        """Return the statements. Without `fastupdate` no reader pays for what writers left pending."""
        make = f"CREATE TABLE {table} (id bigint PRIMARY KEY, words tsvector NOT NULL)"
        return [make, f"CREATE INDEX {table}_words ON {table} USING gin (words) WITH (fastupdate = off)"]

    def load(self, table: str) -> tuple[Sequence[str], Sequence[str]]:
        """Return statements that make the index only once the words are there."""
        return [f"DROP INDEX {table}_words"], self.create(table)[1:]

    def write(self, cursor: Any, table: str, rows: Sequence[tuple[int, str]], *, fresh: bool) -> None:
        """Replace the words of records. Quotes make any word data in the text of a `tsvector` too."""
        if fresh:
            with cursor.copy(f"COPY {table} (id, words) FROM STDIN") as copy:
                for key, words in rows:
                    copy.write_row((key, " ".join(f"'{word}'" for word in _fitting(words))))
            return
        cursor.executemany(
            f"INSERT INTO {table}(id, words) VALUES (%s, array_to_tsvector(%s::text[])) "
            "ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words",
            [(key, _fitting(words)) for key, words in rows],
        )

    def drop(self, cursor: Any, table: str, key: int) -> None:
        """Remove a record's words."""
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [key])

    def found(self, table: str, alternatives: Iterable[Terms]) -> tuple[str, list[str]]:
        """Return SQL for the keys. No word holds an apostrophe or a backslash: quoted, it is data."""
        each = (
            " & ".join(f"'{term.word}'" + ("" if term.whole else ":*") for term in terms)
            for terms in alternatives
        )
        wanted = " | ".join(f"({terms})" for terms in each)
        return f"SELECT id FROM {table} WHERE words @@ %s::tsquery", [wanted]


def _fitting(words: str) -> list[str]:
    kept: list[str] = []
    room = _MOST_BYTES
    for word in words.split(" "):
        room -= len(word.encode()) + 4
        if word and room > 0:
            kept.append(word)
    return kept


def index_of(connection: Any) -> SearchIndex:
    """Return the search index of a database connection."""
    return TsVector() if connection.vendor == "postgresql" else Fts5()
