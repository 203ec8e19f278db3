"""A bad network and an app that is ended again and again: everything arrives, each thing once."""

import io
import random
from dataclasses import dataclass, field

import msgspec
import pytest
from PIL import Image

from instica_desktop.core.models.common import Entity
from instica_desktop.sync import ShipmentDraft
from tests.support.fault_proxy import Fault
from tests.sync.world import World

FAULTS = (Fault.RESET, Fault.DROP_REPLY, Fault.CUT, Fault.SILENCE, Fault.CAPTIVE)
BEGINS = ("PATCH ", "POST ", "GET ", "DELETE ")


@dataclass
class Wanted:
    """What the server must have in the end."""

    locations: dict[str, str] = field(default_factory=dict[str, str])
    photos: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    parcels: list[str] = field(default_factory=list[str])


def photo(chance: random.Random) -> bytes:
    out = io.BytesIO()
    colour = tuple(chance.randrange(256) for _ in range(3))
    Image.new("RGB", (24, 24), colour).save(out, "PNG")
    return out.getvalue()


async def act(world: World, chance: random.Random, uids: list[str], order: str, wanted: Wanted) -> None:
    """Do one thing a seller does."""
    uid, what = chance.choice(uids), chance.random()
    if what < 0.6:
        wanted.locations[uid] = f"C-{chance.randrange(10_000)}"
        await world.shop.edit(Entity.ITEM, uid, {"location": wanted.locations[uid]})
    elif what < 0.85:
        (added,) = await world.shop.add_photos(uid, [photo(chance)])
        if not added.duplicate:
            wanted.photos.setdefault(uid, []).append(added.sha256)
    else:
        wanted.parcels.append(f"N-{len(wanted.parcels)}")
        draft = ShipmentDraft(carrier="ups", tracking_number=wanted.parcels[-1])
        await world.shop.ship(order, draft)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_everything_arrives_once_over_a_bad_network(own_world: World, seed: int) -> None:
    world, chance, wanted = own_world, random.Random(seed), Wanted()
    world.pace = msgspec.structs.replace(world.pace, closing=0.0)
    await world.open(silence=0.3)
    uids = [(await world.an_item(at)).uid for at in range(6)]
    order = (await world.an_order()).uid
    for turn in range(24):
        world.proxy.fail(chance.choice(BEGINS), chance.choice(FAULTS), after=chance.randrange(400))
        await act(world, chance, uids, order, wanted)
        if turn % 8 == 7:
            await world.leave()
            await world.enter(online=False, silence=0.3)
            world.shop.work_offline(False)
    world.proxy.heal()
    await world.delivered()
    for uid, location in wanted.locations.items():
        assert (await world.on_server(uid)).location == location
    for uid in uids:
        there = [asset.sha256 for asset in (await world.on_server(uid)).assets if asset.sha256]
        assert sorted(there) == sorted(wanted.photos.get(uid, []))
    parcels = (await world.order_on_server(order)).shipments
    assert sorted(one.tracking_number or "" for one in parcels) == sorted(wanted.parcels)
