"""How far a copy is lies beside its records, and what a scan did not see can be named."""

from datetime import timedelta

import pytest

from instica_desktop.core.errors import DiskFull
from instica_desktop.core.models.common import Entity
from instica_desktop.store import cache as cache_module
from instica_desktop.store.images import ImageFiles
from instica_desktop.store.mirror import FRESH, SCANNING, Progress, Tally
from instica_desktop.store.store import Store
from instica_desktop.store.values import micros, millis
from tests.store.support import NOW, found, item, operation, query, run, update

ITEM = Entity.ITEM
SCAN = Progress(generation=3, phase=SCANNING, pages=2, count=4)


def test_pages_and_the_point_to_go_on_from_are_kept_together(store: Store) -> None:
    new = run(store.cache.mirror.store(ITEM, [[item("a"), item("b")], [item("b"), item("c")]], 1, SCAN))
    assert new == [2, 1]
    assert store.cache.mirror.progress(ITEM) == SCAN
    assert store.cache.mirror.progress(Entity.ORDER) == Progress()
    assert run(store.cache.mirror.store(ITEM, [[item("a"), item("d")]], 1, SCAN)) == [1]


def test_neither_is_kept_when_what_belongs_to_it_fails(store: Store) -> None:
    run(store.cache.mirror.store(ITEM, [[item("a")]], 1, SCAN))
    later = Progress(generation=3, phase=SCANNING, pages=9)

    def no_room(_: object) -> None:
        raise DiskFull("no room")

    with pytest.raises(DiskFull):
        run(store.cache.upsert(ITEM, [item("b")], also=no_room))
    assert store.cache.by_uid(ITEM, "b") is None
    assert store.cache.mirror.progress(ITEM) != later


def test_what_a_newer_answer_wrote_stays_and_still_counts_as_seen(store: Store) -> None:
    tickets = store.cache.tickets

    async def overtaken() -> list[int]:
        with tickets.asking() as old:
            await store.cache.upsert(ITEM, [item("a", location="NEW")], asked=tickets.now())
            return await store.cache.mirror.store(ITEM, [[item("a", location="OLD")]], old, SCAN)

    assert run(overtaken()) == [1]
    row = store.cache.by_uid(ITEM, "a")
    assert row is not None
    assert b"NEW" in row.raw


def test_what_is_gone_stays_when_it_was_edited_meanwhile(store: Store) -> None:
    run(store.cache.upsert(ITEM, [item("a"), item("b")]))
    run(store.outbox.add(update("a", "location", "", "X")))  # while the server was asked for each of them
    run(store.cache.mirror.forget(ITEM, ["a", "b"]))
    assert [uid for uid in "ab" if store.cache.by_uid(ITEM, uid)] == ["a"]


def test_what_was_not_seen_is_absent_unless_it_was_read_since_or_has_an_unsent_edit(store: Store) -> None:
    long_ago = NOW - timedelta(days=1)
    run(store.cache.upsert(ITEM, [item(uid) for uid in "abcd"], fetched_at=long_ago))
    run(store.cache.upsert(ITEM, [item("b")], fetched_at=NOW))
    run(store.outbox.add(update("c", "location", "", "X")))
    run(store.outbox.add(operation("tmp-1", kind=operation("x").kind.CREATE)))
    run(store.cache.reproject(ITEM, ["c", "tmp-1"]))
    run(store.cache.mirror.store(ITEM, [[item("a")]], 1, SCAN))
    assert run(store.cache.mirror.absent(ITEM, 3, millis(NOW))) == ["d"]


def test_a_suspect_is_named_by_the_second_scan_and_acquitted_when_it_is_found(store: Store) -> None:
    mirror = store.cache.mirror
    assert run(mirror.suspect(ITEM, ["a", "b"], 1)) == []
    assert run(mirror.suspect(ITEM, ["a", "b"], 1)) == []  # the same scan is no second witness
    assert run(mirror.suspect(ITEM, ["a", "c"], 2)) == ["a"]
    assert run(mirror.suspect(ITEM, ["b", "c"], 3)) == ["c"]
    assert run(mirror.suspect(Entity.ORDER, ["b"], 4)) == []


def test_forgetting_takes_the_suspicion_along(store: Store) -> None:
    run(store.cache.upsert(ITEM, [item("a")]))
    run(store.cache.mirror.suspect(ITEM, ["a"], 1))
    run(store.cache.mirror.forget(ITEM, ["a"]))
    assert store.cache.by_uid(ITEM, "a") is None
    assert run(store.cache.mirror.suspect(ITEM, ["a"], 2)) == []


def test_a_tally_tells_old_from_new(store: Store) -> None:
    run(store.cache.upsert(ITEM, [item("elsewhere")]))
    new = item("new", created="2026-01-01T00:00:00Z")
    run(store.cache.mirror.store(ITEM, [[item("a"), item("b"), new]], 1, SCAN))
    mark = micros(NOW.replace(year=2025)) or 0
    assert run(store.cache.mirror.tally(ITEM, 3, mark)) == Tally(3, 2, 4)
    assert run(store.cache.mirror.tally(Entity.ORDER, 3, mark)) == Tally(0, 0, 0)
    assert run(store.cache.mirror.held(ITEM)) == 4


def test_documents_come_back_and_are_replaced(store: Store) -> None:
    mirror = store.cache.mirror
    assert mirror.document("plan") is None
    run(mirror.put_document("plan", b"{}", 1))
    run(mirror.put_document("plan", b'{"a": 1}', 2))
    assert mirror.document("plan") == b'{"a": 1}'


def test_a_state_of_another_version_counts_as_none(store: Store) -> None:
    run(store.cache.mirror.save(ITEM, Progress(generation=1, phase=FRESH)))
    writer = store.cache._writer  # pyright: ignore[reportPrivateUsage]
    run(writer.run(lambda db: db.execute('UPDATE mirror SET state = \'{"generation": "many"}\'').fetchall()))
    assert store.cache.mirror.progress(ITEM) == Progress()


def test_there_is_room_for_pictures_up_to_four_fifths_of_the_limit(store: Store) -> None:
    files = ImageFiles(store.folder / "pictures", limit=1000)
    assert files.has_room()
    files.put("a", bytes(700))
    assert files.has("a")
    assert files.has_room()
    files.put("b", bytes(200))
    assert not files.has_room()
    files.keep_all = True
    files.put("c", bytes(900))
    assert files.has("a")
    files.keep_all = False
    files.put("d", bytes(10))
    assert not files.has("a")


def test_the_search_index_is_put_in_order_once_and_bit_by_bit(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "MERGED", 1)
    for at in range(12):
        words = " ".join(f"word{number}" for number in range(at, at + 300))
        run(store.cache.upsert(ITEM, [item(f"u{at}", name=f"Blue {words}")]))
    asked: list[int] = []

    def twice() -> bool:
        asked.append(1)
        return len(asked) < 3

    run(store.cache.tidy(twice))
    assert len(asked) >= 3
    assert store.cache.get_meta("tidy inventory") is None  # broken off: there is more to do
    assert len(found(store, query(search="blue"))) == 12
    run(store.cache.tidy(lambda: True, [ITEM]))
    assert store.cache.get_meta("tidy inventory") == "done"
    assert store.cache.get_meta("tidy orders") is None  # they are not all here yet
    assert len(found(store, query(search="blue"))) == 12
    assert found(store, query(search="word0")) == ["u0"]
    before = len(asked)
    run(store.cache.tidy(twice, [ITEM]))
    assert len(asked) == before  # nothing was left to do
