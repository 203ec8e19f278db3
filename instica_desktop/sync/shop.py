"""Everything a screen may ask for, for one account: rows, edits, photos, parcels, the connection."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.ages import utc_now
from instica_desktop.core.changes import Changes, Publish
from instica_desktop.core.errors import InsticaError, NotFound, StoreError
from instica_desktop.core.models import User
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import SENDABLE, Operation, OpKind
from instica_desktop.core.query import Query
from instica_desktop.store.cache import CachedRow
from instica_desktop.store.care import Care
from instica_desktop.store.outbox import HistoryEntry, OutboxCounts
from instica_desktop.store.store import Store
from instica_desktop.sync.conflicts import Choice
from instica_desktop.sync.connection import Connection, Link
from instica_desktop.sync.courier import Courier
from instica_desktop.sync.decisions import Decisions
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.edits import Edited
from instica_desktop.sync.images import Images
from instica_desktop.sync.mirror import Mirror
from instica_desktop.sync.mirror.documents import sources
from instica_desktop.sync.outgoing import Outgoing
from instica_desktop.sync.owner import check_owner, owner_of
from instica_desktop.sync.pace import Pace
from instica_desktop.sync.parts import Parts
from instica_desktop.sync.push import Sender
from instica_desktop.sync.recreate import Recreation
from instica_desktop.sync.removal import Removal
from instica_desktop.sync.results import Results
from instica_desktop.sync.shipping import ShipmentDraft
from instica_desktop.sync.uploads import PhotoResult

if TYPE_CHECKING:
    from instica_desktop.api import InsticaClient, Page
    from instica_desktop.sync.covers import Covers
    from instica_desktop.sync.making import Making

log = logging.getLogger(__name__)

_USER = "user"


class Shop:
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
        self.user: User | None = _remembered(store)
        self.on_state: list[Callable[[], None]] = []
        """Called on any change of connection, operations, uploads or age of data."""
        self._client = client
        self._store = store
        self._publish = publish
        self._pace = pace
        self._results: set[Results] = set()
        self._uploads: dict[str, tuple[int, int]] = {}
        self._link = Link(self._check, pace=pace, clock=clock)
        client.waits.append(self._link.answered)
        self._courier = Courier(client, store, pace, self._uploading)
        self._sender = Sender(
            store, self._courier, self._link, pace=pace, clock=clock, changed=self._operations_changed
        )
        self._images = Images(client, store, self._link, pace.images_at_once)
        self._desk = Desk(store, clock, self._added)
        self._decisions = Decisions(store, clock)
        self.parts = Parts(self._desk)
        """Changes of parcels and offers."""
        self.removal = Removal(self._desk, lambda: self.state.can_send, self._shown_again)
        """Deleting, and taking it back."""
        self.outgoing = Outgoing(store, clock, self._added)
        """The waiting changes as a whole."""
        self.mirror = Mirror(
            store.cache,
            self._courier.section,
            sources(client),
            self._link,
            self._images,
            pace=pace,
            clock=clock,
            busy=self._busy,
            throttled=lambda: client.throttled_until is not None,
            tell=self._changed,
        )
        """The copy of the whole shop; works from `mirror.start` on."""
        self._link.observers += [self._link_changed, self._sender.on_link]
        self._link.ticks.append(self._refresh_quietly)
        store.publish = self._announce
        self.care = Care(store)
        """Sizes, check, backups, restore and reset of this shop's files."""
        self.care.on_change.append(self._added)
        self.care.on_reset.append(self._refresh_quietly)

    async def start(self) -> None:
        """Take up what the last run left, then connect and send. Does not wait for the network."""
        await self._store.outbox.recover()
        for tidying in (self._store.cache.reproject_pending(), self._store.blobs.sweep(set())):
            try:
                await tidying
            except StoreError as error:  # no reason not to connect and send
                log.info("The copy of the shop is not tidy yet: %s", error.details or error.message)
        self._link.start()
        self._sender.start()

    async def close(self) -> None:
        """Stop. Sends under way get a moment; whatever does not finish is read back at the next start."""
        for results in tuple(self._results):
            results.close()
        await self.mirror.close()
        await self._link.close()
        await self._sender.close()
        await self._images.close()
        self._desk.close()
        self.care.close()

    # ------------------------------------------------------------ how things stand

    @property
    def state(self) -> Connection:
        """How the connection stands."""
        return self._link.state

    def operations(self) -> list[Operation]:
        """Return what has not been delivered yet, oldest first."""
        return self._store.outbox.all()

    def counts(self) -> OutboxCounts:
        """Return how many changes wait, are being sent, and need the user."""
        return self._store.outbox.counts()

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
        self._link.try_now()

    def work_offline(self, chosen: bool) -> None:
        """Leave the network alone until told otherwise; edits wait."""
        self._link.work_offline(chosen)

    # ------------------------------------------------------------ records

    def results(self, query: Query) -> Results:
        """Return the rows of a query; call `open` on it, and `close` when it is done with."""
        fresh = partial(self.mirror.fresh, query.entity)
        results = Results(query, self._store.cache, self._page, self._link, self._pace, fresh)
        results.on_close = self._results.discard
        self._results.add(results)
        return results

    def row(self, entity: Entity, uid: str) -> CachedRow | None:
        """Return one record as the user sees it, or None when it is not on this computer."""
        return self._store.cache.by_uid(entity, self._store.outbox.real(uid))

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
                fetched = await self._courier.section(entity).get(uid)
                await self._store.cache.upsert(entity, [fetched.record], asked=asked)
        except NotFound:
            if not self._store.outbox.for_object(entity, uid):
                await self._store.cache.remove(entity, [uid])
            return True
        except StoreError:
            raise
        except InsticaError as error:
            self._link.report(error)
            return False
        return True

    async def image(self, url: str) -> bytes | None:
        """Return a picture from a waiting photo, the cache or the network; None when it cannot be had now."""
        return await self._images.get(url)

    # ------------------------------------------------------------ what the user does

    async def edit(self, entity: Entity, uid: str, changes: Mapping[str, Any]) -> Edited:
        """Change fields (wire names, wire values). On the disk when it returns, and sent as soon as possible.

        Raises:
            InputError: what is certainly wrong, by field; nothing was saved.
            DiskFull: there is no room; nothing was saved.
        """
        return await self._desk.edit(entity, uid, changes)

    async def create(self, entity: Entity, fields: Mapping[str, Any], title: str) -> Operation:
        """Make a record; until it is on the server it has a temporary uid.

        An item names its `product` as `{"uid": …, "title": …}`; without a SKU it gets one, to be found by.
        """
        return await self._desk.create(entity, fields, title)

    @cached_property
    def making(self) -> "Making":
        """Making products and copies, checked by field."""
        from instica_desktop.sync.making import Making  # no record is made before the window stands

        return Making(self._desk)

    @cached_property
    def covers(self) -> "Covers":
        """The pictures of products."""
        from instica_desktop.sync.covers import Covers  # nor is a picture chosen

        return Covers(self._desk, self._images.kept)

    async def add_photos(
        self,
        uid: str,
        sources: Sequence[Path | bytes],
        kind: str = "item",
        progress: Callable[[int, int], None] | None = None,
    ) -> list[PhotoResult]:
        """Add photos to an item, each kept durably or refused in words. `progress` is told (done, of).

        Raises:
            DiskFull: there is no room; the photos before are kept.
        """
        return await self._desk.add_photos(uid, sources, kind, progress)

    async def remove_photo(self, uid: str, asset: str) -> None:
        """Remove a photo; one that was never sent just goes."""
        await self._desk.remove_photo(uid, asset)

    async def order_photos(self, uid: str, order: Sequence[str]) -> None:
        """Put an item's photos in this order of their uids."""
        await self._desk.order_photos(uid, order)

    async def primary_photo(self, uid: str, asset: str) -> None:
        """Choose the photo that stands for the item."""
        await self._desk.primary_photo(uid, asset)

    async def ship(self, uid: str, draft: ShipmentDraft) -> None:
        """Note that an order was sent.

        Raises:
            InputError: by field; nothing was saved.
        """
        await self._desk.ship(uid, draft)

    async def unship(self, uid: str, shipment: str) -> None:
        """Take a parcel back; with the last one the order waits for shipment again."""
        await self._desk.unship(uid, shipment)

    # ------------------------------------------------------------ what is stuck

    async def retry(self, uuid: str) -> None:
        """Send an operation again.

        Raises:
            InputError: it is being sent, or gone.
        """
        await self._decisions.retry(uuid)
        self._added()

    async def discard(self, uuid: str) -> None:
        """Drop an operation; what it would have written stays in the history. Raises like `retry`."""
        operation = self._store.outbox.get(uuid)
        await self._decisions.discard(uuid)
        self._added()
        if operation is not None and operation.kind is OpKind.DELETE:
            self._shown_again(operation.entity)

    async def resolve(self, uuid: str, choices: Mapping[str, Choice]) -> None:
        """Settle a conflict: `mine`, `theirs` or an `Own` value by field. Raises like `retry` and `edit`."""
        await self._decisions.resolve(uuid, choices)
        self._added()

    def check_own(self, uuid: str, field: str, value: Any) -> None:
        """Raise InputError unless a value of one's own can settle a field in conflict."""
        self._decisions.check_own(uuid, {field: value})

    async def recreation(self, uuid: str) -> Recreation:
        """Return what can be made again of the deleted record an edit was for. Raises like `retry`."""
        return await self._decisions.recreation(uuid)

    async def recreate(self, uuid: str) -> None:
        """Make a deleted record again, with all that waits for it. Raises like `retry`."""
        await self._decisions.recreate(uuid)
        self._added()

    async def send_now(self) -> None:
        """Send what waits, without waiting for its time; connect first if need be."""
        for operation in self.operations():
            if operation.state in SENDABLE and operation.retry_at:
                await self._store.outbox.set_state(operation.uuid, operation.state)
        if not self.state.can_send:
            self.try_now()
        self._added()

    # ------------------------------------------------------------ inside

    async def _page(self, query: Query, page: int, page_size: int) -> "Page[Any]":
        return await self._courier.section(query.entity).page(query, page, page_size)

    def _owner(self) -> str:
        """Return whose copy this is as far as the account knows. The local shop is whoever opens it."""
        known = self.account.user_uid if self.account.kind is AccountKind.REMOTE else ""
        return owner_of(self.account.base_url, known) if known else ""

    async def _owned_by(self, known: str, user: User) -> None:
        """Compare who answers with whose copy this is; the first to connect owns it.

        Raises:
            OtherAccount: it is somebody else's.
        """
        if self.account.kind is AccountKind.LOCAL:
            return
        answering = owner_of(self.account.base_url, user.uid)
        check_owner(self._store.outbox.owner or known, answering, user.username or user.email)
        if not self._store.outbox.owner:
            with suppress(StoreError):  # no room: the next connection writes it down
                await self._store.outbox.own(answering)

    async def _check(self) -> None:
        """Ask who we are: tells in one request whether the server is there and takes our key."""
        owner = self._owner()
        check_owner(self._store.outbox.owner, owner)
        record = (await self._client.account.me(retry=False)).record
        await self._owned_by(owner, record.data)
        if record.data != self.user:
            self.user = record.data
            try:
                await self._store.cache.set_meta(_USER, record.raw.decode())
            except StoreError:
                pass  # only a convenience of the next start without a network
            self._changed()

    def _busy(self) -> bool:
        """Tell whether the user waits for something that the copying of the shop must not hold up."""
        return self.counts().sending > 0 or any(results.loading for results in self._results)

    def _announce(self, changes: Changes) -> None:
        for results in tuple(self._results):
            results.on_changes(changes)
        self._publish(changes)
        self._changed()

    def _link_changed(self, before: Connection, now: Connection) -> None:
        for results in tuple(self._results):
            results.on_link(before, now)
        self._changed()

    def _shown_again(self, entity: Entity) -> None:
        for results in tuple(self._results):
            if results.query.entity is entity:
                results.refresh()

    def _refresh_quietly(self) -> None:
        for results in tuple(self._results):
            results.refresh(quietly=True)

    def _uploading(self, uuid: str, sent: int, total: int) -> None:
        self._uploads[uuid] = (sent, total)
        self._changed()

    def _operations_changed(self) -> None:
        waiting = {operation.uuid for operation in self.operations()} if self._uploads else set[str]()
        self._uploads = {uuid: done for uuid, done in self._uploads.items() if uuid in waiting}
        self._changed()

    def _added(self) -> None:
        self._sender.wake()
        self._changed()

    def _changed(self) -> None:
        for observer in tuple(self.on_state):
            observer()


def _remembered(store: Store) -> User | None:
    """Return who was signed in last; only a convenience, which an unreadable copy does without."""
    try:
        raw = store.cache.get_meta(_USER)
        return msgspec.json.decode(raw, type=User) if raw else None
    except (StoreError, msgspec.DecodeError):
        return None
