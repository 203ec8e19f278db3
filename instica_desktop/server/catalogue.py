"""The catalogue of releases: what a record in the hand may be. Source: api contract, Catalogue look-up.

Read once from the file of release facts the server was started with, and kept in memory: a few hundred rows,
found by code, or by the beginnings of words.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from django.conf import settings

from instica_desktop.server.domain.search_words import alternatives, index_words
from instica_desktop.server.domain.text import compact, sort_key
from instica_desktop.server.seeding.facts import CatalogueUnusable, Fact, read_facts
from instica_desktop.server.sleeves.draw import sleeve_key

MOST_FOUND = 50
"""Releases one answer holds; whoever gets that many narrows the search."""


def barcode_key(code: str) -> str:
    """Return a barcode without separators and leading zeros: a UPC is an EAN with a zero before it."""
    return compact(code).lstrip("0")


class _Words:
    """Which rows have a word that begins so; the words are kept sorted. Made from each row's search words."""

    def __init__(self, texts: Iterable[tuple[int, str]]) -> None:
        rows: dict[str, set[int]] = defaultdict(set)
        for row, found in texts:
            for word in found.split():
                rows[word].add(row)
        self._rows = rows
        self._sorted = sorted(rows)

    def beginning(self, prefix: str) -> set[int]:
        """Return the rows with a word that begins with `prefix`."""
        start = bisect_left(self._sorted, prefix)
        fitting = takewhile(lambda word: word.startswith(prefix), self._sorted[start:])
        return set().union(*(self._rows[word] for word in fitting))


def _words_of(fact: Fact) -> str:
    return index_words(
        names=[fact.artist, fact.title],
        texts=[fact.label],
        codes=[fact.catalogue_number],
        barcodes=[fact.barcode],
    )


class Catalogue:
    """An index over release facts."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = sorted(facts, key=lambda fact: (sort_key(fact.artist) or "", sort_key(fact.title) or ""))
        rows = list(enumerate(self.facts))
        self.sleeves = {sleeve_key(fact.artist, fact.title) for fact in self.facts}
        self._words = {
            "artist": _Words((row, index_words(names=[fact.artist])) for row, fact in rows),
            "title": _Words((row, index_words(names=[fact.title])) for row, fact in rows),
            "q": _Words((row, _words_of(fact)) for row, fact in rows),
        }
        self._codes: dict[tuple[str, str], set[int]] = defaultdict(set)
        for row, fact in rows:
            self._codes["barcode", barcode_key(fact.barcode)].add(row)
            self._codes["catalog_number", compact(fact.catalogue_number)].add(row)

    def _fitting(self, name: str, text: str) -> set[int]:
        if name in self._words:
            known = self._words[name]
            asked = (map(known.beginning, words) for words in alternatives(text))
            return set[int]().union(*(set.intersection(*found) for found in asked))
        key = barcode_key(text) if name == "barcode" else compact(text)
        return self._codes.get((name, key), set()) if key else set()

    def find(self, terms: Mapping[str, str]) -> list[Fact]:
        """Return the releases that fit every term (barcode, catalog_number, artist, title, q)."""
        fitting = [self._fitting(name, text) for name, text in terms.items()]
        rows = sorted(set.intersection(*fitting)) if fitting else []
        return [self.facts[row] for row in rows[:MOST_FOUND]]


@lru_cache(maxsize=4)
def _read(path: Path) -> Catalogue | None:
    try:
        return Catalogue(read_facts(path))
    except CatalogueUnusable:
        return None


def catalogue() -> Catalogue | None:
    """Return the catalogue the server was started with, None when there is none that can be read."""
    path: Path | None = settings.SHOP_CATALOGUE
    return _read(path) if path is not None else None
