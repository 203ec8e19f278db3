"""Everything a screen may ask for, for one account: rows, edits, photos, parcels, the connection."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instica_desktop.core.accounts import Account
from instica_desktop.core.acts import Act
from instica_desktop.core.ages import utc_now
from instica_desktop.core.changes import Changes, Publish
from instica_desktop.core.errors import InsticaError, NotFound, StoreError
from instica_desktop.core.meanwhile import basis
from instica_desktop.core.models import User
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation
from instica_desktop.core.query import Query
from instica_desktop.store.cache import CachedRow
from instica_desktop.store.outbox import HistoryEntry, OutboxCounts
from instica_desktop.store.queues import Leaving, UnderWay
from instica_desktop.store.store import Store
from instica_desktop.sync.connection import Connection, Link
from instica_desktop.sync.images import Images
from instica_desktop.sync.late import LateParts
from instica_desktop.sync.lists import OpenLists
from instica_desktop.sync.mending import Mending
from instica_desktop.sync.mirror import Mirror
from instica_desktop.sync.owner import USER, Owner, remembered
from instica_desktop.sync.pace import Pace
from instica_desktop.sync.results import Results
from instica_desktop.sync.upkeep import Upkeep

if TYPE_CHECKING:
    from instica_desktop.api import InsticaClient, Page
    from instica_desktop.api.sections.base import RecordSection
    from instica_desktop.core.decided import Decided
    from instica_desktop.sync.conflicts import Choice
    from instica_desktop.sync.edits import Edited
    from instica_desktop.sync.intake import Added
    from instica_desktop.sync.recreate import Recreation
    from instica_desktop.sync.shipping import ShipmentDraft
    from instica_desktop.sync.uploads import PhotoResult


class Shop(LateParts):
    """One account at work. `start` and `close` frame it; client and store belong to whoever made them."""

    def __init__(
        self,
        account: Account,
        client: "InsticaClient",
        store: Store,
        publish: Publish,
        *,
        clock: Callable[[], datetime] = utc_now,
        pace: Pace | None = None,
    ) -> None:
        """`publish` is told of every change of records. Needs a running event loop."""
        pace = pace or Pace()
        self.account = account
        self.user: User | None = remembered(store)
        self.on_state: list[Callable[[], None]] = []
        """Called on any change of connection, operations, uploads, intake or age of data."""
        self.on_decided: list[Callable[[Decided], None]] = []
        """Called with what was decided about an edit that was stuck."""
        self.on_added: list[Callable[[Added], None]] = []
        """Told once what was added to a record together; one lets go of the files, `intake.let_go`."""
        self._publish = publish
        self._uploads: dict[str, tuple[int, int]] = {}
        super().__init__(client, store, Link(self._check, pace=pace, clock=clock), pace, clock)
        self._lists = OpenLists(
            store.cache, self._page, self._link, pace, fresh=self._fresh, complete=self._complete
        )
        self.settled = self._lists.settled
        """Returns once nothing more is on its way to the rows that are open."""
        client.waits.append(self._link.answered)
        self._images = Images(client, store, self._link, pace.images_at_once)
        self.mirror = self._made_mirror(clock)
        """The copy of the whole shop; works from `mirror.start` on."""
        self._link.observers.append(self._link_changed)
        self._link.ticks.append(self._lists.refresh_quietly)
        store.publish = self._announce
        store.decided = self._decided
        self.on_words: Callable[[str], None] = _nobody
        """Told a plain sentence when something out of the ordinary was done, or has to be."""
        self._mending = Mending(store, lambda: self.care, pace, self._say)
        self._upkeep = Upkeep(store, pace, self._say)
        self._owner = Owner(account, store.outbox, lambda: self.care)

    def _made_mirror(self, clock: Callable[[], datetime]) -> Mirror:
        client = self._client
        return Mirror(
            self._store.cache,
            self._section,
            client,
            self._link,
            self._images,
            pace=self._pace,
            clock=clock,
            busy=self._busy,
            throttled=lambda: client.throttled_until is not None,
            tell=self._copied,
        )

    async def start(self) -> None:
        """Take up what the last run left, then connect and send. Does not wait for the network."""
        try:
            await self._upkeep.recover(self._begin_sending)
            await self._upkeep.tidy()
        finally:  # whatever came of that, the connection says how things stand
            self._link.start()
        self._upkeep.renew(self._lists.refresh_quietly, self._changed)

    def _begin_sending(self) -> None:
        self._sender.start()
        if self._store.intake.all():
            self.intake.begin()

    async def close(self) -> None:
        """Stop. Sends under way get a moment; whatever does not finish is read back at the next start."""
        self._lists.close()
        await self.close_intake()
        await self._upkeep.close()
        await self._mending.close()
        await self.mirror.close()
        await self._link.close()
        await self.close_parts()
        await self._images.close()

    # ------------------------------------------------------------ how things stand

    @property
    def renewed(self) -> float | None:
        """How far (0 to 1) the copy is with being brought up to date with this version; None when it is."""
        return self._upkeep.renewed

    @property
    def state(self) -> Connection:
        """How the connection stands."""
        return self._link.state

    def operations(self) -> list[Operation]:
        """Return what has not been delivered yet, oldest first."""
        return self._store.outbox.all()

    @property
    def held_back(self) -> bool:
        """Whether nothing is sent until the user has seen what was restored: `care.restored`."""
        return self._store.outbox.needs_confirmation

    def counts(self) -> OutboxCounts:
        """Return how many changes wait, are being sent, and need the user."""
        return self._store.outbox.counts()

    def under_way(self) -> UnderWay:
        """Return how far the sending of what waits is."""
        return self._store.outbox.under_way()

    def leaving(self, entity: Entity) -> Leaving:
        """Return how the deletes of records of a kind stand."""
        return self._store.outbox.leaving(entity)

    def as_of(self, entity: Entity) -> datetime | None:
        """Return when the copy was last compared with the server; before it is whole, when a record was."""
        return self.mirror.checked(entity) or self._store.cache.as_of(entity)

    def known(self, entity: Entity) -> int:
        """Return how many records of this kind are on this computer."""
        return self._store.cache.known(entity)

    def upload_progress(self, uuid: str) -> tuple[int, int] | None:
        """Return (sent, in all) bytes of a photo that is being sent, or None."""
        return self._uploads.get(uuid)

    def try_now(self) -> None:
        """Connect without waiting for the next try."""
        self.ask_again()
        self._link.try_now()

    def work_offline(self, chosen: bool) -> None:
        """Leave the network alone until told otherwise; edits wait."""
        self._link.work_offline(chosen)

    # ------------------------------------------------------------ records

    def results(self, query: Query) -> Results:
        """Return the rows of a query; call `open` on it, and `close` when it is done with."""
        return self._lists.made(query)

    def row(self, entity: Entity, uid: str) -> CachedRow | None:
        """Return one record as the user sees it, or None when it is not on this computer."""
        return self._store.cache.by_uid(entity, self._store.outbox.real(uid))

    def real(self, uid: str) -> str:
        """Return what a record is called now: once it was sent, or made again, by another uid."""
        return self._store.outbox.real(uid)

    def uids(self, entity: Entity, ids: Sequence[int]) -> list[str]:
        """Return the uids of rows, in their order; quick for very many."""
        return self._store.cache.uids(entity, ids)

    def history(self, entity: Entity, uid: str) -> list[HistoryEntry]:
        """Return what happened to a record's fields, newest first."""
        return self._store.outbox.history(entity, self._store.outbox.real(uid))

    def tags(self, entity: Entity, prefix: str = "") -> list[tuple[str, int]]:
        """Return tags that contain a text, with how many records have them."""
        return self._store.cache.tags(entity, prefix)

    def locations(self, prefix: str = "") -> list[tuple[str, int]]:
        """Return shelves that contain a text, with how many items are there."""
        return self._store.cache.locations(prefix)

    async def refresh(self, entity: Entity, uid: str) -> bool:
        """Read one record from the server; return whether that was possible. One that is gone is forgotten.

        Raises:
            StoreError: it was read and cannot be kept.
        """
        if not self.state.can_read:
            return False
        try:
            with self._store.cache.tickets.asking() as asked:
                fetched = await self._section(entity).get(uid)
                await self._store.cache.upsert(entity, [fetched.record], asked=asked)
        except NotFound:
            await self._store.cache.remove(entity, [uid], spare=True)
            return True
        except StoreError:
            raise
        except InsticaError as error:
            self._link.report(error)
            return False
        return True

    def news(self, entity: Entity, uid: str, seen: Mapping[str, Any]) -> dict[str, Any]:
        """Return what became of a record, where it matters to an act, since its basis was `seen`.

        Raises:
            InputError: it is not on this computer any more.
        """
        return self._desk.news(entity, uid, seen)

    def seen(self, entity: Entity, uid: str) -> dict[str, Any]:
        """Return what an act on a record depends on, as the user sees it now. Raises like `news`."""
        return basis(entity, self._desk.shown(entity, uid))

    async def look(self, entity: Entity, uid: str) -> None:
        """Read a record anew before an act on it; whoever acts does not wait for long."""
        with suppress(TimeoutError, StoreError):
            async with asyncio.timeout(self._pace.glance):
                await self.refresh(entity, uid)

    async def image(self, url: str) -> bytes | None:
        """Return a picture from a waiting photo, the cache or the network; None when it cannot be had now."""
        return await self._images.get(url)

    # ------------------------------------------------------------ what the user does

    async def edit(
        self, entity: Entity, uid: str, changes: Mapping[str, Any], *, shown: Mapping[str, Any] | None = None
    ) -> "Edited":
        """Change fields (wire names, wire values). On the disk when it returns, and sent as soon as possible.

        `shown` holds, by field, what the user saw when they began to type, where that is known. A field that
        holds something else by then was changed elsewhere: the edit becomes a conflict, and the user decides.

        Raises:
            InputError: what is certainly wrong, by field; nothing was saved.
            DiskFull: there is no room; nothing was saved.
        """
        return await self._desk.edit(entity, uid, changes, shown=shown or {})

    async def add_photos(
        self,
        uid: str,
        sources: Sequence[Path | bytes],
        kind: str = "item",
        progress: Callable[[int, int], None] | None = None,
    ) -> "list[PhotoResult]":
        """Add photos to an item, each kept durably or refused in words. `progress` is told (done, of).

        Raises:
            DiskFull: there is no room; the photos before are kept.
        """
        return await self._photos.add(uid, sources, kind, progress)

    async def remove_photo(self, uid: str, asset: str) -> Act:
        """Remove a photo; one that was never sent just goes. `gallery.keep` its file before."""
        return await self.gallery.remove(uid, asset)

    async def order_photos(self, uid: str, order: Sequence[str]) -> None:
        """Put an item's photos in this order of their uids."""
        await self._desk.order_photos(uid, order)

    async def primary_photo(self, uid: str, asset: str) -> None:
        """Choose the photo that stands for the item."""
        await self._desk.primary_photo(uid, asset)

    async def ship(self, uid: str, draft: "ShipmentDraft", shown: Mapping[str, Any] | None = None) -> Act:
        """See `Parts.ship`."""
        return await self.parts.ship(uid, draft, shown or {})

    async def unship(self, uid: str, shipment: str, seen: Mapping[str, Any] | None = None) -> Act:
        """See `Parts.unship`."""
        return await self.parts.unship(uid, shipment, seen or {})

    # ------------------------------------------------------------ what is stuck

    async def retry(self, uuid: str) -> None:
        """Send an operation again, also what this server did not offer. Raises InputError."""
        self.ask_again()
        await self._decisions.retry(uuid)
        self._added()

    async def discard(self, uuid: str) -> Act | None:
        """See `Dropping.drop`. What the operation would have written stays in the history."""
        act = await self.dropping.drop(uuid)
        self._added()
        return act

    async def resolve(self, uuid: str, choices: "Mapping[str, Choice]") -> str:
        """Settle a conflict: `mine`, `theirs` or an `Own` by field. Raises like `edit`. See `Decisions`."""
        words = await self._decisions.resolve(uuid, choices)
        self._added()
        return words

    async def renew_conflict(self, uuid: str) -> None:
        """Compare an edit in conflict with its record as it was read last; what can go out by now does."""
        await self._decisions.renew(uuid)
        self._added()

    async def do_anyway(self, uuid: str) -> None:
        """Carry out an act although its record was changed on the server since. Raises like `retry`."""
        await self._decisions.do_anyway(uuid)
        self._added()

    def check_own(self, uuid: str, field: str, value: Any) -> None:
        """Raise InputError unless a value of one's own can settle a field in conflict."""
        self._decisions.check_own(uuid, {field: value})

    async def recreation(self, uuid: str) -> "Recreation":
        """Return what can be made again of the deleted record an edit was for. Raises like `retry`."""
        return await self._decisions.recreation(uuid)

    async def recreate(self, uuid: str) -> Act:
        """Make a deleted record again, with all that waits for it; return that act. Raises like `retry`."""
        act = await self._decisions.recreate(uuid)
        self._added()
        return act

    async def send_now(self) -> None:
        """Send what waits, without waiting for its time; connect first if need be."""
        self.ask_again()
        await self._store.outbox.due_now()
        if not self.state.can_send:
            self.try_now()
        self._added()

    # ------------------------------------------------------------ inside

    def _fresh(self, entity: Entity) -> bool:
        """Tell whether the copy of a kind can stand for the server, also in what finds and orders it."""
        return self.mirror.fresh(entity) and not self._upkeep.outdated

    def _complete(self, entity: Entity) -> bool:
        return self.mirror.complete(entity)

    def _say(self, words: str) -> None:
        self.on_words(words)

    def _tell_added(self, added: "Added") -> bool:
        for observer in tuple(self.on_added):
            observer(added)
        return bool(self.on_added)

    async def _page(self, query: Query, page: int, page_size: int) -> "Page[Any]":
        return await self._section(query.entity).page(query, page, page_size)

    def _section(self, entity: Entity) -> "RecordSection[Any]":
        return self._courier.section(entity)

    async def _check(self) -> None:
        """Ask who we are: tells in one request whether the server is there and takes our key."""
        self._owner.check_known()
        record = (await self._client.account.me(retry=False)).record
        await self._owner.check(record.data)
        changed, self.user = record.data != self.user, record.data
        with suppress(StoreError):  # only a convenience of the next start without a network
            if self._store.cache.get_meta(USER) != (raw := record.raw.decode()):
                await self._store.cache.set_meta(USER, raw)
        if changed:
            self._changed()

    def _busy(self) -> bool:
        """Tell whether the user waits for something that the copying of the shop must not hold up."""
        return self.counts().sending > 0 or self._lists.loading

    def _decided(self, what: "Decided") -> None:
        for observer in tuple(self.on_decided):
            observer(what)

    def _announce(self, changes: Changes) -> None:
        self._lists.on_changes(changes)
        self._follow(changes)
        self._publish(changes)
        self._changed()

    def _link_changed(self, before: Connection, now: Connection) -> None:
        self._lists.on_link(before, now)
        self._changed()

    def _copied(self) -> None:
        self._lists.on_copied()
        self._changed()

    def _shown_again(self, entity: Entity) -> None:
        self._lists.shown_again(entity)

    def _begin_anew(self) -> None:
        """The copy was emptied: read again what is shown, and remember who is signed in."""
        self._lists.begin_anew()
        self._changed()

    def _uploading(self, uuid: str, sent: int, total: int) -> None:
        self._uploads[uuid] = (sent, total)
        self._changed()

    def _operations_changed(self) -> None:
        there = self._store.outbox.get
        self._uploads = {uuid: done for uuid, done in self._uploads.items() if there(uuid) is not None}
        self._changed()

    def _added(self) -> None:
        self._sender.wake()
        self._changed()

    def _changed(self) -> None:
        for observer in tuple(self.on_state):
            observer()


def _nobody(words: str) -> None:
    """Nobody listens yet."""
