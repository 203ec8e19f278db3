"""The kinds of act, each as a row of the matrix in `test_acts`: how it is done, and what is in its way.

A row says how one kind of act is done as a screen does it. What the records hold is read alike for all: from
the server, and from this computer as the user sees it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from instica_desktop.core.acts import ActKind, Step
from instica_desktop.core.errors import NotFound
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.core.overlay_listings import by_copies, copies
from instica_desktop.core.query import Query
from instica_desktop.sync.edits import editable
from instica_desktop.sync.wirework import decoded, shown
from tests.sync.world import World, until

State = dict[str, Any]
CIRCUMSTANCES = (
    "online",
    "at_once",
    "offline",
    "sent_meanwhile",
    "refused",
    "changed_before",
    "gone_before",
    "changed_after",
    "resolved_mine",
    "resolved_theirs",
)
"""What may be so when an act is taken back; `test_acts` has one test for each."""


@dataclass
class Case:
    """One act under test: the records it is about, by the uids they went by at first."""

    world: World
    records: list[tuple[Entity, str]]
    notes: dict[str, Any] = field(default_factory=dict[str, Any])
    """What a row writes down for itself."""

    @property
    def uid(self) -> str:
        """What the first record goes by now."""
        return self.real(self.records[0][1])

    def real(self, uid: str) -> str:
        return self.world.store.outbox.real(uid)

    async def there(self, blind: frozenset[str] = frozenset()) -> list[State | None]:
        """Return what the server has of the records; None for one it does not have."""
        return [await self._there(entity, self.real(uid), blind) for entity, uid in self.records]

    async def _there(self, entity: Entity, uid: str, blind: frozenset[str]) -> State | None:
        admin = self.world.admin
        sections = {Entity.ITEM: admin.inventory, Entity.PRODUCT: admin.products, Entity.ORDER: admin.orders}
        try:
            record = (await sections[entity].get(uid)).record
        except NotFound:
            return None
        state = what_counts(entity, decoded(record.raw), blind)
        if address := decoded(record.raw).get("product_image"):
            state["cover"] = hashlib.sha256((await admin.fetch(address)).content).hexdigest()
        return state

    async def here(self, blind: frozenset[str] = frozenset()) -> list[State | None]:
        """Return the records as the user sees them; None for one that is on no list."""
        return [await self._here(entity, self.real(uid), blind) for entity, uid in self.records]

    async def _here(self, entity: Entity, uid: str, blind: frozenset[str]) -> State | None:
        row = self.world.store.cache.by_uid(entity, uid)
        results = await self.world.seen(Query(entity))
        listed = uid in await results.uids()
        results.close()
        if row is None or not listed:
            assert row is None or row.mark.deleted, "a record that is not deleted is on the list"
            return None
        outbox = self.world.store.outbox
        wire = shown(row.raw, outbox.for_object(entity, uid))
        wire = by_copies(wire, [one for copy in copies(wire) for one in outbox.for_object(entity, copy)])
        state = what_counts(entity, wire, blind)
        if address := wire.get("product_image"):
            content = await self.world.shop.image(self.world.through_proxy(address))
            state["cover"] = hashlib.sha256(content or b"").hexdigest()
        return state


def what_counts(entity: Entity, record: Mapping[str, Any], blind: frozenset[str]) -> State:
    """Return what of a record an act may change and its undo must bring back: uids aside."""
    fields = {name: _plain(record.get(name)) for name in editable(entity) if name not in blind}
    photos = [(one["sha256"], one["kind"], bool(one["is_primary"])) for one in record.get("assets") or ()]
    parcels = sorted(
        (str(one.get("carrier")), str(one.get("tracking_number"))) for one in record.get("shipments") or ()
    )
    offers = sorted(
        (str(one["platform"]), str(one.get("price_usd")))
        for one in record.get("listings") or ()
        if one.get("status") in ("listed", "waiting")
    )
    return {"fields": fields, "photos": photos, "parcels": parcels, "offers": offers}


def _plain(value: Any) -> Any:
    """An artist or label counts by name; nothing is nothing, however it is written."""
    if isinstance(value, Mapping):
        return value.get("name")  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return None if value in ("", []) else value


class Row:
    """One kind of act. Derive one for each way of doing it, and put it into `ROWS` of `test_acts`."""

    kind: ClassVar[ActKind]
    name: ClassVar[str] = ""
    blind: ClassVar[frozenset[str]] = frozenset()
    """Fields the server changes along with it, which no undo is to bring back."""
    cannot: ClassVar[Mapping[str, str]] = {}
    """Circumstances that never come about, and why."""

    async def case(self, world: World) -> Case:
        """Return a case on records that no other test uses, known here and as on the server."""
        raise NotImplementedError

    async def act(self, case: Case) -> Step:
        """Do the act as a screen does it. Returns the step it pushes."""
        raise NotImplementedError

    def done(self, state: Sequence[State | None]) -> bool:
        """Tell whether records are in the state the act is to leave, as far as any other one would not do."""
        return True

    async def refuse(self, case: Case) -> None:
        """Have the server refuse the act that comes next."""
        raise NotImplementedError

    async def interfere(self, case: Case) -> None:
        """Let somebody else change on the server what the act is, or was, about."""
        raise NotImplementedError

    async def remove(self, case: Case) -> None:
        """Let somebody else remove on the server what the act is about: its first record, or a part of it."""
        admin = case.world.admin
        entity, uid = case.records[0]
        await (admin.inventory if entity is Entity.ITEM else admin.products).delete(uid)

    async def stuck(self, case: Case, state: OpState) -> None:
        """Wait until one of its operations needs the user."""
        operations = case.world.shop.operations
        await until(lambda: any(one.state is state for one in operations()), lambda: str(operations()))

    async def resolve(self, case: Case, *, mine: bool) -> None:
        """Decide the conflict."""
        shop = case.world.shop
        (stuck,) = [one for one in shop.operations() if one.state is OpState.CONFLICT]
        await shop.resolve(stuck.uuid, dict.fromkeys(stuck.theirs, "mine" if mine else "theirs"))

    def lost(self, state: Sequence[State | None]) -> Sequence[State | None]:
        """Return a state without what undo says it does not bring back."""
        return state
