"""The edition of the cache's rules goes up with them: copies that are there have to find by the new ones.

What is declared, and what it makes of some real records, has a fingerprint. Whoever changes either raises
`projection.RULES` and writes the new fingerprint here, which this test prints.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from instica_desktop.core import wire
from instica_desktop.core.models.common import Entity
from instica_desktop.store import projection
from instica_desktop.store.projection import project
from instica_desktop.store.tables import TABLES, Filter, Table

FINGERPRINTS = {"4": "1cbb62dfcf15077a"}
_RECORDS = json.loads((Path(__file__).parent / "fixtures" / "records.json").read_text("utf-8"))


def _declared(table: Table) -> list[Any]:
    """Return all of a table's declaration that decides how records are stored, but for what functions do."""
    return [
        table.newest,
        [(key.name, key.newest, key.ties_by_age, key.since, key.then) for key in table.keys],
        sorted((name, one.how, sorted(one.codes), one.single) for name, one in table.filters.items()),
    ]


def _stored(table: Table) -> list[Any]:
    """Return what is stored of each of the records."""
    stored = (project(table, wire.convert(table.type, record)) for record in _RECORDS[table.name])
    return [(one.uid, one.keys, one.words, sorted(one.terms)) for one in stored]


def _fingerprint() -> str:
    everything = {entity: (_declared(TABLES[entity]), _stored(TABLES[entity])) for entity in Entity}
    return hashlib.sha256(json.dumps(everything, default=str, sort_keys=True).encode()).hexdigest()[:16]


def test_whoever_changes_the_rules_raises_their_edition() -> None:
    assert FINGERPRINTS.get(projection.RULES) == _fingerprint()


@pytest.mark.parametrize("entity", Entity)
def test_every_filter_and_ordering_has_something_to_work_on(entity: Entity) -> None:
    table = TABLES[entity]
    stored = _stored(table)
    terms = {name for _, _, _, found in stored for name, _, _ in found}
    assert set(table.filters) == terms
    for at, key in enumerate(table.keys):
        assert any(keys[at] is not None for _, keys, _, _ in stored), key.name


def test_a_new_filter_and_another_rule_change_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before, table = _fingerprint(), TABLES[Entity.ITEM]
    filters = {**table.filters, "grader": Filter(lambda item: (item.manual_sku,))}
    monkeypatch.setitem(TABLES, Entity.ITEM, msgspec.structs.replace(table, filters=filters))
    with_filter = _fingerprint()
    monkeypatch.setitem(TABLES, Entity.ITEM, table)
    monkeypatch.setattr(projection, "search_text", lambda _searchable: " other words")
    assert len({before, with_filter, _fingerprint()}) == 3
