"""A copy made while others make and delete records: after the next look it is what the server has."""

import random
from pathlib import Path

import pytest

from instica_desktop.store.mirror import SCANNING
from instica_desktop.store.values import micros
from instica_desktop.sync.mirror.keeper import TWICE
from instica_desktop.sync.mirror.scan import OVERLAP_MS
from tests.sync.mirror.stand_in import Copy, Others, StandIn

SEEDS, LONG = range(60), range(60, 600)


async def _copied_while_others_work(folder: Path, seed: int, *, also_in_looks: bool = False) -> None:
    chance, where = random.Random(seed), f"seed {seed}"
    apart = chance.choice((0.3, 60.0))
    server = StandIn(chance.randrange(1, 40), apart=apart, whole_seconds=seed % 2 == 0)
    others = Others(server, chance, chance.randrange(12))
    async with Copy(folder, server, chance.randrange(2, 8)) as copy:

        def work(_number: int = 0) -> None:
            if also_in_looks or copy.scanning:
                others.work()

        server.between = server.behind = work
        await copy.look()
        others.acts = 0
        for _ in range(TWICE + 1 if also_in_looks else 1):  # a look that met a change asks for another scan
            await copy.look()
        assert await copy.uids() == server.uids, where
        for _ in range(3):
            others.acts = 1
            while others.acts:
                others.work()
            await copy.look()
            assert await copy.uids() == server.uids, where


async def test_a_copy_made_while_others_work_is_the_servers_after_the_next_look(tmp_path: Path) -> None:
    for seed in SEEDS:
        await _copied_while_others_work(tmp_path / str(seed), seed)


async def test_looks_while_others_work_end_with_what_the_server_has(tmp_path: Path) -> None:
    for seed in SEEDS:
        await _copied_while_others_work(tmp_path / str(seed), seed, also_in_looks=True)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("also_in_looks", [False, True])
async def test_many_copies_made_while_others_work_are_the_servers(
    tmp_path: Path, also_in_looks: bool
) -> None:
    for seed in LONG:
        await _copied_while_others_work(tmp_path / str(seed), seed, also_in_looks=also_in_looks)


async def test_a_record_made_and_one_deleted_while_a_scan_ends_hide_no_deletion(tmp_path: Path) -> None:
    server = StandIn(20, whole_seconds=True)

    def at_the_end(number: int) -> None:
        if number == 4 and "u0001" in server.records:  # behind the answer of the last page, then asked again
            server.delete("u0001")  # which was seen
            server.make()  # in the very second in which the scan began

    server.behind = at_the_end
    async with Copy(tmp_path, server, 5) as copy:
        await copy.look()
        assert await copy.uids() == server.uids
        assert copy.progress.gap == 0
        server.delete("u0010")
        await copy.look()
        assert await copy.uids() == server.uids


async def test_a_record_that_slips_past_a_scan_in_the_second_it_began_is_not_missed(tmp_path: Path) -> None:
    server = StandIn(20, whole_seconds=True)

    def between_pages(number: int) -> None:
        if number == 2 and "u0001" in server.records:
            server.delete("u0001")  # what stands behind it moves up, over the page that was just read
            server.make()  # and the count tells nothing

    server.behind = between_pages
    async with Copy(tmp_path, server, 5) as copy:
        await copy.look()
        assert await copy.uids() == server.uids


async def test_a_record_made_while_the_beginning_is_counted_stands_for_none_that_slips(
    tmp_path: Path,
) -> None:
    server = StandIn(20)
    async with Copy(tmp_path, server, 5) as copy:

        def between() -> None:
            if server.pages == 1:
                server.make()  # the count is one short of the rows

        def behind(number: int) -> None:
            if number == 2 and copy.progress.phase == SCANNING and "u0001" in server.records:
                server.delete("u0001")
                server.make(ago=-1)

        server.between, server.behind = between, behind
        await copy.look()
        await copy.look()
        assert await copy.uids() == server.uids


async def test_a_record_that_was_counted_and_never_seen_keeps_no_deletion_waiting(tmp_path: Path) -> None:
    server = StandIn(18)
    async with Copy(tmp_path, server, 5) as copy:

        def behind(number: int) -> None:
            if number == 4 and len(server.records) == 18:
                server.make()

        def between() -> None:
            if copy.progress.pages == 4 and "u0019" in server.records:
                server.delete("u0019")  # counted for the answer that ends the scan, and not in it

        server.between, server.behind = between, behind
        await copy.look()
        server.delete("u0010")
        await copy.look()
        assert await copy.uids() == server.uids


async def test_where_the_count_changes_the_page_before_is_read_again(tmp_path: Path) -> None:
    server = StandIn(20)

    def between_pages(number: int) -> None:
        if number == 2 and "u0001" in server.records:
            server.delete("u0001")

    server.behind = between_pages
    async with Copy(tmp_path, server, 5) as copy:
        await copy.scan()
        assert server.uids <= await copy.uids()  # in this very scan: the one that slipped was looked for


@pytest.mark.parametrize("miscounts", [-1, -3])
async def test_a_server_that_always_counts_too_few_is_believed_the_second_time(
    tmp_path: Path, miscounts: int
) -> None:
    server = StandIn(20, miscounts=miscounts)
    async with Copy(tmp_path, server, 5) as copy:
        await copy.look()
        await copy.look()
        assert await copy.uids() == server.uids
        assert (copy.progress.gap, copy.progress.generation) == (miscounts, 2)
        server.delete("u0007")
        server.make()
        server.delete("u0008")
        await copy.look()
        assert await copy.uids() == server.uids
        await copy.look()
        assert copy.progress.generation == 2, "nothing has to be read anew"


async def test_what_cannot_be_proven_is_read_three_times_and_no_more(tmp_path: Path) -> None:
    server = StandIn(20, miscounts=1)  # one record that is in no list
    async with Copy(tmp_path, server, 5) as copy:
        await copy.look()
        assert copy.progress.generation == 3
        assert not copy.progress.again
        assert copy.progress.completed
        assert await copy.uids() == server.uids


async def test_a_change_that_shows_later_than_its_time_says_is_found_by_the_next_look(tmp_path: Path) -> None:
    server = StandIn(60)
    async with Copy(tmp_path, server, 5) as copy:
        await copy.scan()
        newest = micros(max(row["updated"] for row in server.records.values())) or 0
        assert copy.progress.floor == newest - OVERLAP_MS * 1000
        late = server.make(ago=OVERLAP_MS / 1000 - 90)
        await copy.look()
        assert late in await copy.uids()


async def test_a_server_that_names_a_next_page_for_ever_is_read_to_its_end(tmp_path: Path) -> None:
    server = StandIn(20)
    real = server.page

    async def page(*arguments: object, **more: object) -> object:
        answer = await real(*arguments, **more)  # pyright: ignore[reportArgumentType]
        return type(answer)(answer.records, answer.count, True, answer.skipped)

    server.page = page  # pyright: ignore[reportAttributeAccessIssue]
    async with Copy(tmp_path, server, 5) as copy:
        await copy.look()
        assert await copy.uids() == server.uids
        assert copy.progress.completed
