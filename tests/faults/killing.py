"""The process whose children are killed, and the account that outlives them, held to all they said."""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.api import InsticaClient
from instica_desktop.core.errors import NotFound
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.mirror import SCANNING
from tests.faults.lives import Life
from tests.faults.shops import CountingServer
from tests.server.fixture import ROOT
from tests.sync.world import KEY

Said = tuple[Any, ...]


class Victims:
    """The process that forks the lives."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def live(self, life: Life) -> tuple[int, list[Said]]:
        """Live a life to its end; return the signal that ended it (0: none) and what was said."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(life).decode() + "\n")
        process.stdin.flush()
        heard: list[Said] = []
        for line in process.stdout:
            words = tuple(msgspec.json.decode(line))
            if words[0] == "ended":
                assert not os.WIFEXITED(words[1]) or not os.WEXITSTATUS(words[1]), heard
                return (os.WTERMSIG(words[1]) if os.WIFSIGNALED(words[1]) else 0), heard
            heard.append(words)
        raise AssertionError(f"the forking process ended: {heard}")

    def end(self) -> None:
        """End the process; it has no children left."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


@dataclass
class KilledAccount:
    """One account on the server whose app is killed, and everything it ever said."""

    victims: Victims
    server: CountingServer
    folder: Path
    items: list[str]
    order: str
    plot: str = "day"
    heard: list[Said] = field(default_factory=list[Said])

    def live(self, seed: int, step: str = "", number: int = 1, acts: int = 6) -> int:
        """Start the app once; return the signal that ended it."""
        life = Life(
            folder=str(self.folder),
            url=self.server.base_url,
            key=KEY,
            items=self.items,
            order=self.order,
            seed=seed,
            plot=self.plot,
            step=step,
            number=number,
            acts=acts,
        )
        ended, heard = self.victims.live(life)
        self.heard += heard
        assert ended in (0, signal.SIGKILL), f"seed {seed}: ended by {ended} after {heard}"
        assert not [words for words in heard if words[0] == "stuck"], f"seed {seed}: {heard}"
        _goes_on(heard, f"seed {seed}")
        return ended

    def check(self, what: str) -> None:
        """Start the app once more, let it send everything, and compare the server with what was saved."""
        assert self.live(0, acts=0) == 0
        assert self.heard[-1] == ("quiet",), what
        self.server.assert_once(what)
        asyncio.run(self._compare(what))

    def others(self, number: int) -> None:
        """While a shop is copied: let somebody else make a record, and delete the one made before."""
        if self.plot == "copying":
            asyncio.run(self._others(number))

    # ------------------------------------------------------------ the server against what was said

    async def _compare(self, what: str) -> None:
        async with aclosing(InsticaClient(self.server.base_url, KEY)) as client:
            await self._compare_items(client, what)
            await self._compare_dropped(client, what)
            await self._compare_parcels(client, what)
            await self._compare_made(client, what)
            await self._compare_deleted(client, what)
            await self._compare_regretted(client, what)
            await self._compare_copy(client, what)
        self._compare_lists(what)

    async def _compare_items(self, client: InsticaClient, what: str) -> None:
        items = {uid: (await client.inventory.get(uid)).record.data for uid in self.items}
        for uid, item in items.items():
            for name in ("location", "condition_notes"):
                self._latest(getattr(item, name), "field", uid, name, what=what)
            lines = dict(enumerate((item.condition_notes or "").split("\n")))
            for words in self._saved("line"):
                if words[2] == uid:
                    self._latest(lines.get(words[3]), "line", uid, words[3], what=what)
            digests = [asset.sha256 for asset in item.assets]
            assert len(set(digests)) == len(digests), what
        removed = {words[3] for words in self.heard if words[:2] == ("wants", "removed")}
        for words in self._saved("photo"):
            present = {asset.sha256 for asset in items[words[2]].assets}
            assert words[3] in present | removed, f"{what}: {words}"

    async def _compare_dropped(self, client: InsticaClient, what: str) -> None:
        """What was dropped on an item is there whole, in order, once each; or none of it if not said."""
        saved = {words[2:] for words in self._saved(f"dropped {Entity.ITEM.value}")}
        for words in self.heard:
            if words[:2] == ("wants", f"dropped {Entity.ITEM.value}"):
                there = [one.sha256 for one in (await client.inventory.get(words[2])).record.data.assets]
                whole = there == list(words[3:])
                assert whole or (not there and words[2:] not in saved), f"{what}: {len(there)} of {words[2]}"
        covers = [words for words in self.heard if words[1:2] == (f"dropped {Entity.PRODUCT.value}",)]
        for uid in {words[2] for words in covers if words[0] == "saved"}:
            image = (await client.products.get(uid)).record.data.product_image
            assert image, what
            digest = hashlib.sha256((await client.fetch(image)).content).hexdigest()
            assert digest in {words[3] for words in covers if words[2] == uid}, what

    async def _compare_parcels(self, client: InsticaClient, what: str) -> None:
        parcels = [one.tracking_number for one in await client.orders.list_shipments(self.order)]
        assert {words[3] for words in self._saved("parcel")} <= set(parcels), what
        assert len(set(parcels)) == len(parcels), what

    async def _compare_made(self, client: InsticaClient, what: str) -> None:
        """Each record that was made, or made again, is there once, as it was wanted."""
        shelves = {words[2]: words[3] for words in self.heard if words[:2] == ("saved", "shelf")}
        shelves |= {words[2]: words[3] for words in self._saved("again")}
        for words in self._saved("made") + self._saved("again"):
            found = await self._with_sku(client, words[2])
            assert len(found) == 1, f"{what}: {words}"
            assert words[2] not in shelves or found[0].location == shelves[words[2]], f"{what}: {words}"
            photos = [asset.sha256 for asset in found[0].assets]
            assert photos == list(words[4:]), f"{what}: {words}, with {photos}"
        for words in self.heard:
            if words[:2] == ("wants", "again"):
                assert len(await self._with_sku(client, words[2])) <= 1, f"{what}: {words}"

    async def _with_sku(self, client: InsticaClient, sku: str) -> list[InventoryItem]:
        page = await client.inventory.page(Query(Entity.ITEM, search=sku))
        return [one.data for one in page.records if one.data.manual_sku == sku]

    async def _compare_deleted(self, client: InsticaClient, what: str) -> None:
        """What was deleted together is gone, or all of it is still there if nobody said that it was saved."""
        saved = {words[2:] for words in self._saved("deleted")}
        for words in self.heard:
            if words[:2] == ("wants", "deleted"):
                there = [await self._exists(client, Entity.ITEM, uid) for uid in words[2:]]
                assert not any(there) if words[2:] in saved else len(set(there)) == 1, f"{what}: {words}"

    async def _compare_regretted(self, client: InsticaClient, what: str) -> None:
        """What was brought back is there once each, photo and all; or all of it, or none, if not said."""
        saved = {words[2:] for words in self._saved("regretted")}
        for words in self.heard:
            if words[:2] == ("wants", "regretted"):
                found = [await self._with_sku(client, sku) for sku in words[3:]]
                there = {len(ones) for ones in found}
                assert there == {1} or (there == {0} and words[2:] not in saved), f"{what}: {words}: {there}"
                photos = [asset.sha256 for ones in found for one in ones for asset in one.assets]
                assert photos == [words[2]] * len(there - {0}), f"{what}: {words}, with {photos}"

    async def _exists(self, client: InsticaClient, entity: Entity, uid: str) -> bool:
        try:
            await _section(client, entity).get(uid)
        except NotFound:
            return False
        return True

    async def _compare_copy(self, client: InsticaClient, what: str) -> None:
        """The copy is the server's, in its order, and forgot nothing that the server has."""
        for words in self.heard:
            if words[0] == "forgets":
                there = [uid for uid in words[2:] if await self._exists(client, Entity(words[1]), uid)]
                assert not there, f"{what}: forgotten without proof: {there}"
        copied = {words[1]: words[2] for words in self.heard if words[0] == "whole"}
        for entity, records in copied.items():
            there = [one.data async for one in _section(client, Entity(entity)).all(Query(Entity(entity)))]
            assert records == [[one.uid, str(one.updated)] for one in there], f"{what}: {entity}"

    def _compare_lists(self, what: str) -> None:
        """Nothing that is gone stands in the victim's lists, and nothing stands there twice."""
        listed = next((words[1] for words in reversed(self.heard) if words[0] == "listed"), [])
        skus = Counter(sku for _, sku in listed)
        assert not [sku for sku, times in skus.items() if times > 1], f"{what}: {listed}"
        deleted = {uid for words in self._saved("deleted") for uid in words[2:]}
        assert not deleted & {uid for uid, _ in listed}, f"{what}: {listed}"
        if self.plot == "regretting":
            back = {sku for words in self._saved("regretted") for sku in words[3:]}
            assert back <= skus.keys(), f"{what}: {listed}"
        if self.plot == "settling":
            assert {words[2] for words in self._saved("again")} <= skus.keys(), f"{what}: {listed}"

    def _saved(self, kind: str) -> list[Said]:
        return [words for words in self.heard if words[:2] == ("saved", kind)]

    def _latest(self, value: str | None, *about: Any, what: str) -> None:
        """The last value said to be saved is there, or one that was just being saved when the app died."""
        told = [words for words in self.heard if words[1:-1] == about]
        saved = [at for at, words in enumerate(told) if words[0] == "saved"]
        if saved:
            assert value in {words[-1] for words in told[saved[-1] :]}, f"{what}: {about} is {value}"

    async def _others(self, number: int) -> None:
        async with aclosing(InsticaClient(self.server.base_url, KEY)) as client:
            for item in await self._with_sku(client, f"OTHERS-{number - 1}"):
                await client.inventory.delete(item.uid)
            product = (await client.inventory.get(self.items[0])).record.data.product
            assert product is not None
            fields = {"product": product.uid, "manual_sku": f"OTHERS-{number}"}
            await client.inventory.create(fields)


def _section(client: InsticaClient, entity: Entity) -> Any:
    sections: dict[Entity, Any] = {
        Entity.ITEM: client.inventory,
        Entity.PRODUCT: client.products,
        Entity.ORDER: client.orders,
    }
    return sections[entity]


def _goes_on(heard: Sequence[Said], what: str) -> None:
    """A copy that was cut off goes on where it was, and with the pages behind that."""
    for _, entity, phase, generation, pages in (words for words in heard if words[0] == "begins"):
        stored = next((words[2:] for words in heard if words[:2] == ("stores", entity)), None)
        if phase == SCANNING and stored is not None:
            assert stored[0] == generation, f"{what}: {entity} began anew"
            assert stored[1] >= pages, f"{what}: {entity} went back"


async def subjects(server: CountingServer) -> tuple[list[str], str]:
    """Return ten items and an order for an account to work on."""
    async with aclosing(InsticaClient(server.base_url, KEY)) as client:
        page = await client.inventory.page(Query(Entity.ITEM).with_ordering("created"), 6, 10)
        shippable = Query(Entity.ORDER).with_filter("status", ["awaiting_shipment", "shipped", "completed"])
        orders = await client.orders.page(shippable, 1, 10)
        return [record.data.uid for record in page.records], orders.records[-1].data.uid
