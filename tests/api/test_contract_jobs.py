"""The contract against the real server: imports, exports, acts on many items, figures."""

import csv
import io
from contextlib import aclosing
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from instica_desktop.api.transport import CONNECTIONS
from instica_desktop.api.wishes import ImportWishes
from instica_desktop.core import errors
from instica_desktop.core.models.common import Entity
from instica_desktop.core.models.jobs import Job
from instica_desktop.core.query import Query
from tests.api.test_contract_writes import connected, new_item
from tests.server.fixture import RunningServer

ITEMS = Query(Entity.ITEM)


def table(folder: Path, count: int, shelf: str) -> Path:
    """Write a file of so many rows that lie on one shelf; each tenth is refused."""
    prices = ["-1" if number % 10 == 9 else "12,50" for number in range(count)]
    lines = [f"Blue Train;John Coltrane;{price};{shelf}" for price in prices]
    path = folder / "bought.csv"
    path.write_text("\r\n".join(["Title;Artist;Price (USD);Location", *lines]), encoding="utf-8-sig")
    return path


async def test_an_import_from_its_sending_to_its_end(shop: RunningServer, tmp_path: Path) -> None:
    shelf = uuid4().hex
    path = table(tmp_path, 120, shelf)
    sent: list[tuple[int, int]] = []
    async with connected(shop) as client:
        job = await client.inventory.import_csv(path, progress=lambda done, total: sent.append((done, total)))
        assert sent[-1] == (path.stat().st_size, path.stat().st_size)
        states: list[Job] = [state async for state in job]
        assert [state.processed for state in states] == sorted(state.processed for state in states)
        end = states[-1]
        assert end == job.state
        assert (end.status, end.total, end.processed, end.created) == ("succeeded", 120, 120, 108)
        assert (end.refused, end.error_count, len(end.errors)) == (12, 12, 12)
        assert (end.errors[0].row, end.errors[0].field) == (11, "price_item_usd")
        found = await client.inventory.page(ITEMS.with_filter("location", [shelf]))
        assert found.count == 108
        assert found.records[0].data.price_item_usd == Decimal("12.50")
        job = await client.inventory.import_job(job.uid)
        assert job.state == end
        assert (await job.cancel()).status == "succeeded"


async def test_a_trial_and_a_mapping(shop: RunningServer, tmp_path: Path) -> None:
    shelf = uuid4().hex
    path = table(tmp_path, 20, shelf)
    mapping = {"product_title": "Title", "location": "Location"}
    async with connected(shop) as client:
        job = await client.inventory.import_csv(path, mapping, mode="upsert", dry_run=True)
        end = await job.finished()
        assert (end.dry_run, end.created, end.refused) == (True, 20, 0)
        assert (await client.inventory.page(ITEMS.with_filter("location", [shelf]))).count == 0


async def test_what_cannot_be_imported(shop: RunningServer, tmp_path: Path) -> None:
    path = table(tmp_path, 1, "x")
    empty = tmp_path / "empty.csv"
    empty.touch()
    async with connected(shop) as client:
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.inventory.import_csv(path, {"product_title": "Name"})
        assert "mapping" in caught.value.fields
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.inventory.import_csv(empty)
        assert "file" in caught.value.fields
        with pytest.raises(errors.InputError):
            await client.inventory.import_csv(tmp_path / "gone.csv")
        with pytest.raises(errors.NotFound):
            await client.inventory.import_job("none")


async def test_what_became_of_each_row(shop: RunningServer, tmp_path: Path) -> None:
    shelf = uuid4().hex
    path = table(tmp_path, 20, shelf)
    named = path.read_text(encoding="utf-8-sig")
    path.write_text(named.replace("Price (USD)", "Price"), encoding="utf-8")
    wishes = ImportWishes(currency="EUR", rate=Decimal(2), exclude=(3,), fixes={2: {"price_item_usd": "7"}})
    async with connected(shop) as client:
        job = await client.inventory.import_csv(path, wishes=wishes)
        end = await job.finished()
        assert (end.created, end.excluded, end.refused) == (17, 1, 2)
        assert end.mapping is not None
        assert end.mapping["price_item_usd"] == "Price"
        rows = await client.inventory.import_rows(end.uid)
        assert [record.data.row for record in rows.records] == list(range(2, 22))
        assert (rows.records[0].data.result, rows.records[1].data.result) == ("new", "excluded")
        refused = await client.inventory.import_rows(end.uid, "error", page_size=1)
        assert (refused.count, refused.has_more) == (2, True)
        (error,) = refused.records[0].data.errors
        assert (error.field, error.column) == ("price_item_usd", "Price")
        found = await client.inventory.page(ITEMS.with_filter("location", [shelf]))
        prices = {record.data.price_item_usd for record in found.records}
        assert prices == {Decimal("7.00"), Decimal("25.00")}
        uid = rows.records[0].data.item or ""
        assert (await client.inventory.get(uid)).record.data.price_item_usd == Decimal("7.00")
        path.write_text("uid;Location\r\n" + f"{uid};{shelf}x\r\n", encoding="utf-8")
        end = await (await client.inventory.import_csv(path, mode="update")).finished()
        (row,) = (await client.inventory.import_rows(end.uid, "changed")).records
        (change,) = row.data.changes
        assert (change.field, change.before, change.after) == ("location", shelf, f"{shelf}x")
        with pytest.raises(errors.NotFound):
            await client.inventory.import_rows("none")


async def test_what_a_file_does_not_decide_is_asked(shop: RunningServer, tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("Title,acquired\r\nAja,3/4/2023\r\nGaucho,5/6/2023\r\n", encoding="utf-8")
    async with connected(shop) as client:
        end = await (await client.inventory.import_csv(path)).finished()
        assert (end.status, end.processed) == ("failed", 0)
        (error,) = end.errors
        assert (error.row, error.field, len(error.readings)) == (0, "date_order", 2)
        wishes = ImportWishes(date_order="dmy")
        end = await (await client.inventory.import_csv(path, wishes=wishes)).finished()
        assert (end.status, end.created, end.date_order) == ("succeeded", 2, "dmy")


async def test_the_same_key_imports_once(shop: RunningServer, tmp_path: Path) -> None:
    path, key = table(tmp_path, 10, "x"), uuid4().hex
    async with connected(shop) as client:
        jobs = [await client.inventory.import_csv(path, idempotency_key=key) for _ in range(2)]
        assert jobs[0].uid == jobs[1].uid


async def test_an_export_is_the_list_as_a_table(seeded: RunningServer) -> None:
    query = ITEMS.with_filter("status", ["listed", "sold"]).with_ordering("manual_sku")
    async with connected(seeded) as client:
        content = b"".join([chunk async for chunk in client.inventory.export(query)])
        rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        listed = [record.data async for record in client.inventory.all(query)]
        assert [row["uid"] for row in rows] == [item.uid for item in listed]
        assert {row["status"] for row in rows} == {"listed", "sold"}
        assert [Decimal(row["price_total_usd"]) for row in rows] == [item.price_total_usd for item in listed]
        unknown = client.inventory.export(ITEMS.with_filter("status", ["gone"]))
        with pytest.raises(errors.ValidationFailed):
            await anext(unknown)


async def test_an_export_given_up_half_way_frees_its_connection(seeded: RunningServer) -> None:
    async with connected(seeded) as client:
        for _ in range(3 * CONNECTIONS):
            async with aclosing(client.inventory.export(ITEMS)) as parts:
                async for _part in parts:
                    break
        assert (await client.health.check()).status == "ok"


async def test_an_export_comes_back_as_it_was(shop: RunningServer, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    async with connected(shop) as client:
        shelf = uuid4().hex
        for number in range(3):
            await new_item(client, location=shelf, manual_sku=f"{shelf}-{number}", tags=["a, b", '7"'])
        query = ITEMS.with_filter("location", [shelf])
        with path.open("wb") as file:
            async for chunk in client.inventory.export(query):
                file.write(chunk)
        end = await (await client.inventory.import_csv(path, mode="upsert")).finished()
        assert (end.processed, end.skipped, end.error_count) == (3, 3, 0)


async def test_an_act_on_many_items_and_its_undoing(shop: RunningServer) -> None:
    async with connected(shop) as client:
        items = [await new_item(client, location="A", price_item_usd="10.00") for _ in range(2)]
        uids = [item.uid for item in items]
        trial = await client.inventory.bulk("adjust_price", uids, {"percent": "10"}, dry_run=True)
        assert [result.after.price_item_usd for result in trial if result.after] == [Decimal("11.00")] * 2
        results = await client.inventory.bulk("update", [*uids, "none"], {"location": "B"})
        assert [result.ok for result in results] == [True, True, False]
        assert results[2].errors == {"non_field_errors": ("Not found.",)}
        first = results[0]
        assert first.before is not None
        assert first.after is not None
        assert (first.before.location, first.after.location) == ("A", "B")
        assert first.after.price_item_usd == Decimal("10.00")
        back = msgspec.to_builtins(first.before)
        await client.inventory.bulk("update", uids[:1], {"location": back["location"]})
        assert (await client.inventory.get(uids[0])).record.data.location == "A"
        gone = await client.inventory.bulk("delete", uids)
        assert [(result.ok, result.after) for result in gone] == [(True, None)] * 2
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.inventory.bulk("update", uids, {"price_item_usd": "x"})
        assert "changes" in caught.value.fields


async def test_the_figures_agree_with_the_list(seeded: RunningServer) -> None:
    async with connected(seeded) as client:
        found = await client.inventory.analytics()
        assert found.in_stock is not None
        for row in found.by_status:
            query = ITEMS.with_filter("status", [row.status])
            items = [record.data async for record in client.inventory.all(query)]
            assert row.count == len(items)
            assert row.value_usd == sum((item.price_total_usd or 0 for item in items), Decimal(0))
        assert sum(row.count for row in found.ageing) == found.in_stock.count
        assert len(found.sell_through) == 12
        assert {row.platform for row in found.by_platform} >= {"discogs", "ebay"}
