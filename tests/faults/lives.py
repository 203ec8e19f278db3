"""What the victims live: plots, each of which comes to other steps of the app's work.

All say what they want and what they were told is saved; tests/faults/killing.py holds the server to it.
"""

import asyncio
import hashlib
import io
import os
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from instica_desktop.api import InsticaClient
from instica_desktop.core.acts import Step
from instica_desktop.core.errors import InputError
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import GONE, OpState
from instica_desktop.core.query import Query
from instica_desktop.core.tracking_numbers import clean_number
from instica_desktop.store.mirror import Progress
from instica_desktop.store.store import Store
from instica_desktop.sync import Pace, ShipmentDraft, Shop
from instica_desktop.sync.uploads import prepare
from tests.sync.world import create

PACE = Pace(
    hold=0.05,
    backoff=0.01,
    longest_backoff=0.05,
    check_every=3600,
    readback_gap=0.01,
    closing=0.5,
    settle=0.005,
    page=10,
    mirror_commit=2,
)
SEVERAL = 4
"""Records deleted together, at least: more than a fifth of what is known, so that the number is asked for."""
DROPPED = 20
"""Photos in one drop."""
MINE, THEIRS = 0, 4
"""The lines of a text that its two writers change."""


class Life(msgspec.Struct, frozen=True):
    """One start of the app. It dies when `step` is reached for the `number`-th time; "" never dies."""

    folder: str
    url: str
    key: str
    items: list[str]
    order: str
    seed: int
    plot: str = "day"
    step: str = ""
    number: int = 1
    acts: int = 6


@dataclass
class Stage:
    """What a life has at hand. `client` also stands for somebody else at the same shop."""

    life: Life
    shop: Shop
    client: InsticaClient
    store: Store
    chance: random.Random

    def item(self, uid: str) -> InventoryItem:
        """Return an item as the victim sees it."""
        row = self.shop.row(Entity.ITEM, uid)
        assert row is not None
        assert isinstance(row.data, InventoryItem)
        return row.data

    async def new_item(self, sku: str) -> str:
        """Let somebody else make an item, and look at it."""
        product = self.item(self.life.items[0]).product
        assert product is not None
        fields = {"product": product.uid, "condition_item": "nm", "manual_sku": sku}
        made = (await self.client.inventory.create(fields)).record.data.uid
        await self.shop.refresh(Entity.ITEM, made)
        return made


def said(*words: object) -> None:
    """Tell the parent; it is out when this returns."""
    os.write(1, msgspec.json.encode(words) + b"\n")


# ------------------------------------------------------------ an ordinary day


async def _day(stage: Stage) -> None:
    """Edit, add photos and parcels, make records: whatever comes."""
    for number in range(stage.life.acts):
        act = stage.chance.choice((_edit, _edit, _photo, _ship, _create, _shuffle))
        await act(stage, f"{stage.life.seed}-{number}")


async def _edit(stage: Stage, value: str) -> None:
    uid, field = stage.chance.choice(stage.life.items), stage.chance.choice(("location", "condition_notes"))
    said("wants", "field", uid, field, value)
    await stage.shop.edit(Entity.ITEM, uid, {field: value})
    said("saved", "field", uid, field, value)


async def _photo(stage: Stage, value: str) -> None:
    uid = min(stage.life.items, key=lambda uid: len(stage.item(uid).assets))
    if len(stage.item(uid).assets) >= 20:
        last = stage.item(uid).assets[-1]
        said("wants", "removed", uid, last.sha256)
        await stage.shop.remove_photo(uid, last.uid)
        return
    (added,) = await stage.shop.add_photos(uid, [_picture(stage.chance)])
    said("saved", "photo", uid, added.sha256)


async def _ship(stage: Stage, value: str) -> None:
    number = clean_number(f"L-{value}")
    said("wants", "parcel", stage.life.order, number)
    await stage.shop.ship(stage.life.order, ShipmentDraft(carrier="ups", tracking_number=number))
    said("saved", "parcel", stage.life.order, number)


async def _create(stage: Stage, value: str) -> None:
    product = stage.item(stage.life.items[0]).product
    assert product is not None
    fields = {"product": {"uid": product.uid, "title": product.title}, "condition_item": "nm"}
    made = await create(stage.shop, Entity.ITEM, fields | {"manual_sku": f"SKU-{value}"}, "A record")
    said("saved", "made", f"SKU-{value}")
    await stage.shop.edit(Entity.ITEM, made.uid, {"location": value})
    said("saved", "shelf", f"SKU-{value}", value)


async def _shuffle(stage: Stage, value: str) -> None:
    uid = max(stage.life.items, key=lambda uid: len(stage.item(uid).assets))
    photos = [asset.uid for asset in stage.item(uid).assets]
    if photos:
        await stage.shop.order_photos(uid, stage.chance.sample(photos, len(photos)))
        await stage.shop.primary_photo(uid, stage.chance.choice(photos))


def _picture(chance: random.Random) -> bytes:
    out = io.BytesIO()
    Image.frombytes("RGB", (16, 16), chance.randbytes(768)).save(out, "PNG")
    return out.getvalue()


# ------------------------------------------------------------ deleting in numbers


async def _clearing(stage: Stage) -> None:
    """Delete several records at once, one of which was just edited, past the question for their number."""
    for number in range(stage.life.acts):
        value = f"{stage.life.seed}-{number}"
        for at in range(SEVERAL):
            await stage.new_item(f"SPARE-{value}-{at}")
        uids = [uid for uid, _ in await _listed(stage, "SPARE")]  # and what a death left
        await stage.shop.edit(Entity.ITEM, uids[0], {"location": value})
        await _asked_for_the_number(stage, uids)
        said("wants", "deleted", *uids)
        await stage.shop.removal.delete(Entity.ITEM, uids, typed=len(uids))
        said("saved", "deleted", *uids)
    await _all_sent(stage)
    said("listed", await _listed(stage, "SPARE"))


async def _asked_for_the_number(stage: Stage, uids: Sequence[str]) -> None:
    asked = ""
    try:
        await stage.shop.removal.delete(Entity.ITEM, uids)
    except InputError as error:
        asked = error.field
    assert asked == "count", "deleted in numbers, and nobody asked for the number"


# ------------------------------------------------------------ deleting and thinking better of it


async def _regretting(stage: Stage) -> None:
    """Delete several records at once, and bring them back before the server knows of it, or after."""
    for number in range(stage.life.acts):
        skus = [f"BACK-{stage.life.seed}-{number}-{at}" for at in range(SEVERAL)]
        uids = [await stage.new_item(sku) for sku in skus]
        (photo,) = await stage.shop.add_photos(uids[0], [_picture(stage.chance)])
        await _all_sent(stage)
        said("wants", "regretted", photo.sha256, *skus)
        deleted = await stage.shop.removal.delete(Entity.ITEM, uids, typed=len(uids))
        if number % 2 == 0:
            await _all_sent(stage)
        await stage.shop.inverses.undo(Step(words="deleting", acts=deleted.acts))
        said("saved", "regretted", photo.sha256, *skus)
    await _all_sent(stage)
    said("listed", await _listed(stage, "BACK"))


# ------------------------------------------------------------ two at one shop


async def _settling(stage: Stage) -> None:
    """Write on a text that somebody else writes on, and on a record that somebody else deletes."""
    await _all_sent(stage)
    for number in range(stage.life.acts):
        await (_write_together, _edit_what_is_gone)[number % 2](stage, f"{stage.life.seed}-{number}")
        await _all_sent(stage)
    said("listed", await _listed(stage, "AGAIN"))


async def _write_together(stage: Stage, value: str) -> None:
    uid = stage.chance.choice(stage.life.items)
    lines = (stage.item(uid).condition_notes or "").split("\n")
    if len(lines) != THEIRS + 1:
        lines = ["mine", "Second line.", "Third line.", "Fourth line.", "theirs"]
        await stage.client.inventory.update(uid, {"condition_notes": "\n".join(lines)})
        await stage.shop.refresh(Entity.ITEM, uid)
    said("wants", "line", uid, THEIRS, value)
    await stage.client.inventory.update(uid, {"condition_notes": "\n".join([*lines[:-1], value])})
    said("saved", "line", uid, THEIRS, value)
    said("wants", "line", uid, MINE, value)
    await stage.shop.edit(Entity.ITEM, uid, {"condition_notes": "\n".join([value, *lines[1:]])})
    said("saved", "line", uid, MINE, value)


async def _edit_what_is_gone(stage: Stage, value: str) -> None:
    uid = await stage.new_item(f"AGAIN-{value}")
    (photo,) = await stage.shop.add_photos(uid, [_picture(stage.chance)])
    await _all_sent(stage)
    assert await stage.shop.image(stage.item(uid).assets[0].image or "")
    await stage.client.inventory.delete(uid)
    said("wants", "again", f"AGAIN-{value}", value, photo.sha256)
    await stage.shop.edit(Entity.ITEM, uid, {"location": value})
    said("saved", "again", f"AGAIN-{value}", value, photo.sha256)


async def _all_sent(stage: Stage) -> None:
    """Wait until nothing is left to send; what somebody else deleted is made again."""
    while operations := stage.shop.operations():
        gone = [one for one in operations if one.state is OpState.CONFLICT and one.theirs == GONE]
        if gone:
            await stage.shop.recreate(gone[0].uuid)
        await asyncio.sleep(0.002)


async def _listed(stage: Stage, word: str) -> list[tuple[str, str | None]]:
    """Return the items a word finds on this computer, each with its SKU."""
    ids = await stage.store.cache.ids(Query(Entity.ITEM, search=word))
    rows = stage.store.cache.rows(Entity.ITEM, ids)
    return [(row.uid, row.data.manual_sku) for row in rows if row and isinstance(row.data, InventoryItem)]


# ------------------------------------------------------------ copying the shop


async def _copying(stage: Stage) -> None:
    """Copy the whole shop, or go on with it, and edit meanwhile; a copy that was whole is made anew."""
    mirror, tables = stage.shop.mirror, stage.store.cache.mirror
    store, forget = tables.store, tables.forget

    async def storing(entity: Entity, pages: Sequence[Any], asked: int, progress: Progress) -> list[int]:
        said("stores", entity, progress.generation, progress.pages)
        return await store(entity, pages, asked, progress)

    async def forgetting(entity: Entity, uids: Sequence[str]) -> None:
        said("forgets", entity, *uids)
        await forget(entity, uids)

    tables.store, tables.forget = storing, forgetting
    for entity in Entity:
        now = tables.progress(entity)
        said("begins", entity, now.phase, now.generation, now.pages)
    if all(mirror.complete(entity) for entity in Entity):
        mirror.check()
    mirror.start()
    for number in range(stage.life.acts):
        await _edit(stage, f"{stage.life.seed}-{number}")
    await mirror.settled()
    await _all_sent(stage)
    for entity in Entity:
        assert mirror.complete(entity)
        rows = stage.store.cache.rows(entity, await stage.store.cache.ids(Query(entity)))
        said("whole", entity, [(row.uid, str(row.data.updated)) for row in rows if row])


# ------------------------------------------------------------ dropping photos


async def _dropping(stage: Stage) -> None:
    """Drop twenty photos on a new item, from files that may go at any moment, and one on its product."""
    for number in range(stage.life.acts):
        seed = f"{stage.life.seed}-{number}"
        uid = await stage.new_item(f"DROP-{seed}")
        await _drop(stage, Entity.ITEM, uid, [f"{seed}-{at}" for at in range(DROPPED)])
        product = stage.item(uid).product
        assert product is not None
        await stage.shop.refresh(Entity.PRODUCT, product.uid)
        await _drop(stage, Entity.PRODUCT, product.uid, [f"{seed}-cover"])


async def _drop(stage: Stage, entity: Entity, uid: str, seeds: Sequence[str]) -> None:
    files = [Path(stage.life.folder).with_name(f"{seed}.jpg") for seed in seeds]
    for file, seed in zip(files, seeds, strict=True):
        file.write_bytes(_jpeg(seed))
    digests = [hashlib.sha256(prepare(file).content).hexdigest() for file in files]
    said("wants", f"dropped {entity.value}", uid, *digests)
    stage.shop.intake.take(entity, uid, files)
    await stage.shop.intake.written()
    for file in files:
        file.unlink()  # as a browser does with its own
    said("saved", f"dropped {entity.value}", uid, *digests)


def _jpeg(seed: str) -> bytes:
    out, chance = io.BytesIO(), random.Random(seed)
    Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3)).save(out, "JPEG", quality=90)
    return out.getvalue()


PLOTS: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "day": _day,
    "clearing": _clearing,
    "regretting": _regretting,
    "settling": _settling,
    "copying": _copying,
    "dropping": _dropping,
}
COMES_TO = {
    "deletes kept": "clearing",
    "brought back": "regretting",
    "merge noted": "settling",
    "made again": "settling",
    "mirror saved": "copying",
    "mirror pages stored": "copying",
    "intake noted": "dropping",
    "intake copied": "dropping",
    "intake step done": "dropping",
}
"""Which plot comes to a named step; to all others an ordinary day does."""
