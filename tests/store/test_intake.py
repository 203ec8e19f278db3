"""What was dropped, in the file of waiting edits: in order, in one step with the edit it becomes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from instica_desktop.core.intake import Taken, TakenState, refusals
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind
from instica_desktop.store.database import Connection
from instica_desktop.store.settlement import Settlement
from instica_desktop.store.store import Store
from tests.store.support import operation, reseal, run, spoil_table


def taken(uuid: str, drop: str = "d", **more: object) -> Taken:
    return Taken(uuid=uuid, drop=drop, entity=Entity.ITEM, uid="i1", name=f"{uuid}.jpg", **more)  # pyright: ignore[reportArgumentType]


def again(store: Store) -> Store:
    """Close and open."""
    run(store.close())
    return Store.open(store.folder)


def names(store: Store) -> list[tuple[str, TakenState]]:
    return [(one.uuid, one.state) for one in store.intake.all()]


def test_what_was_written_down_is_there_in_order_after_the_end(folder: Path) -> None:
    store = Store.open(folder)
    run(store.intake.note([taken(uuid) for uuid in "cab"]))
    run(store.intake.note([taken("z", "e")]))
    store = again(store)
    assert [one.uuid for one in store.intake.all()] == ["c", "a", "b", "z"]
    assert store.intake.waiting == 4
    run(store.close())


def test_a_photo_becomes_an_edit_in_one_step_or_not_at_all(folder: Path) -> None:
    store = Store.open(folder)
    run(store.intake.note([taken("a"), taken("b")]))
    made, after = operation("i1", OpKind.ADD_PHOTO, uuid="a"), replace(taken("a"), state=TakenState.KEPT)
    run(store.outbox.settle(Settlement(add=(made,)), store.intake.settling(after)))
    store.intake.settled(after)
    with pytest.raises(KeyError):  # it is an edit already
        run(store.outbox.settle(Settlement(add=(made,)), store.intake.settling(after)))
    run(store.intake.forget([taken("b")]))
    other, gone = operation("i1", OpKind.ADD_PHOTO, uuid="b"), replace(taken("b"), state=TakenState.KEPT)
    with pytest.raises(KeyError):  # it was cancelled
        run(store.outbox.settle(Settlement(add=(other,)), store.intake.settling(gone)))
    store = again(store)
    assert names(store) == [("a", TakenState.KEPT)]
    assert [one.uuid for one in store.outbox.all()] == ["a"]
    run(store.close())


def test_what_has_become_something_else_meanwhile_stays(folder: Path) -> None:
    store = Store.open(folder)
    run(store.intake.note([taken("a")]))
    kept = replace(taken("a"), state=TakenState.KEPT)
    run(store.intake.change([kept]))
    run(store.intake.forget([taken("a")]))
    run(store.intake.change([replace(taken("a"), state=TakenState.REFUSED)]))
    run(store.intake.copied({"a": "0" * 64}))
    assert names(store) == [("a", TakenState.KEPT)]
    assert not store.intake.copies()
    store = again(store)
    assert names(store) == [("a", TakenState.KEPT)]
    run(store.close())


def test_copies_are_kept_as_long_as_somebody_needs_them(folder: Path) -> None:
    store = Store.open(folder)
    digest = run(store.taken.put(b"a picture"))
    other = run(store.taken.put(b"another"))
    run(store.intake.note([taken("a", copy=digest)]))
    for one in (digest, other):
        run(store.taken.release(one))
    run(store.taken.sweep(set()))
    assert store.taken.path(digest).exists()
    assert not store.taken.path(other).exists()
    run(store.intake.change([replace(taken("a", copy=digest), state=TakenState.KEPT)]))
    run(store.taken.free(digest))
    assert not store.taken.path(digest).exists()
    run(store.close())


def test_what_waits_survives_a_damaged_file(folder: Path) -> None:
    store = Store.open(folder)
    run(store.intake.note([taken("a")]))
    run(store.back_up(datetime.now(UTC)))
    run(store.intake.note([taken("b")]))
    run(store.close())
    spoil_table(folder / "outbox.db", "renamings")
    store = Store.open(folder)
    assert store.outbox.needs_confirmation
    assert [one.uuid for one in store.intake.all()] == ["a", "b"]
    run(store.close())


def test_what_a_later_version_wrote_is_left_for_it(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Store.open(folder)
    run(store.intake.note([taken("a"), taken("b")]))

    def spoil(connection: Connection) -> None:
        connection.execute("UPDATE intake SET body=? WHERE uuid='a'", (b'{"entity": "wishes"}',))

    run(store.outbox.restore(spoil))
    run(store.close())
    reseal(folder / "outbox.db")
    store = Store.open(folder)
    assert [one.uuid for one in store.intake.all()] == ["b"]
    run(store.close())


def test_what_was_refused_together_is_said_together() -> None:
    refused = [
        taken("a", state=TakenState.REFUSED, reason="full"),
        taken("b", state=TakenState.REFUSED, reason="no photo"),
        taken("c"),
        taken("d", state=TakenState.REFUSED, reason="full"),
        taken("e", "later", state=TakenState.REFUSED, reason="full"),
    ]
    assert [one.uuids for one in refusals(refused)] == [("a", "d"), ("b",), ("e",)]
