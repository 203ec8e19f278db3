"""The parts of a shop that act: taking edits, sending, deciding, deleting, caring for the files."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.errors import StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpState
from instica_desktop.store.store import Store
from instica_desktop.sync.connection import Link
from instica_desktop.sync.pace import Pace

if TYPE_CHECKING:
    from instica_desktop.api import InsticaClient
    from instica_desktop.store.care import Care
    from instica_desktop.store.drafts import Drafts
    from instica_desktop.sync.bringing import Bringing
    from instica_desktop.sync.courier import Courier
    from instica_desktop.sync.covers import Covers
    from instica_desktop.sync.decisions import Decisions
    from instica_desktop.sync.desk import Desk
    from instica_desktop.sync.dropping import Dropping
    from instica_desktop.sync.gallery import Gallery
    from instica_desktop.sync.holding import Holds
    from instica_desktop.sync.images import Images
    from instica_desktop.sync.instead import Instead
    from instica_desktop.sync.intake import Added, Intake
    from instica_desktop.sync.inverses import Inverses
    from instica_desktop.sync.making import Making
    from instica_desktop.sync.mirror import Mirror
    from instica_desktop.sync.outgoing import Outgoing
    from instica_desktop.sync.parts import Parts
    from instica_desktop.sync.photos import Photos
    from instica_desktop.sync.push import Sender
    from instica_desktop.sync.removal import Removal
    from instica_desktop.sync.repricing import Repricing

log = logging.getLogger(__name__)


class LateParts(ABC):
    """Makes each part, and reads its code, when it is first needed: the first rows are painted before."""

    mirror: "Mirror"
    _images: "Images"

    def __init__(
        self,
        client: "InsticaClient",
        store: Store,
        link: Link,
        pace: Pace,
        clock: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._store = store
        self._link = link
        self._pace = pace
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self.needed_by = store.cache.needed.by
        """Those who may need a record although it is gone from the server."""
        self.needed_by.append(self._has_text)

    def _has_text(self, entity: Entity, uid: str) -> bool:
        return bool(self.drafts.of(entity, uid))

    def ask_again(self) -> None:
        """Ask the server again for what it did not offer, or had no room for, a short while ago."""
        self._client.ask_again()
        if "_sender" in vars(self):
            self._sender.ask_for_room()

    @cached_property
    def parts(self) -> "Parts":
        """Changes of parcels and offers."""
        from instica_desktop.sync.parts import Parts

        return Parts(self._desk)

    @cached_property
    def gallery(self) -> "Gallery":
        """Photos that are there: removed, put in order."""
        from instica_desktop.sync.gallery import Gallery

        return Gallery(self._desk, self._images.get)

    @cached_property
    def making(self) -> "Making":
        """Making products and copies, checked by field."""
        from instica_desktop.sync.making import Making

        return Making(self._desk)

    @cached_property
    def covers(self) -> "Covers":
        """The pictures of products."""
        from instica_desktop.sync.covers import Covers

        return Covers(self._desk, self._images.get)

    @cached_property
    def repricing(self) -> "Repricing":
        """Offers that follow the price of their item."""
        from instica_desktop.sync.repricing import Repricing

        return Repricing(self._desk, self.parts)

    @cached_property
    def dropping(self) -> "Dropping":
        """Dropping edits that wait."""
        from instica_desktop.sync.dropping import Dropping

        return Dropping(self._desk, self._decisions, self._shown_again)

    @cached_property
    def instead(self) -> "Instead":
        """Another parcel, where the one that was changed is gone."""
        from instica_desktop.sync.instead import Instead

        return Instead(self._desk)

    @cached_property
    def intake(self) -> "Intake":
        """What was dropped, pasted or chosen, from the hand to the outbox."""
        from instica_desktop.sync.intake import Intake
        from instica_desktop.sync.keeping import Keeping

        keeping = Keeping(self._store, self._photos, self.covers, self._images.get, self.refresh)
        return Intake(self._store, keeping, self._pace, self._say, self._tell_added)

    @cached_property
    def _photos(self) -> "Photos":
        from instica_desktop.sync.photos import Photos

        return Photos(self._desk)

    @cached_property
    def removal(self) -> "Removal":
        """Deleting, and taking it back."""
        from instica_desktop.sync.removal import Removal

        online, again = lambda: self._link.state.can_send, self._shown_again
        return Removal(self._desk, online, self._holds, self._pace.hold, again)

    @cached_property
    def _holds(self) -> "Holds":
        from instica_desktop.sync.holding import Holds

        return Holds(self._store.outbox, self._added)

    @cached_property
    def inverses(self) -> "Inverses":
        """Taking acts back, and doing them again."""
        from instica_desktop.sync.inverses import Inverses
        from instica_desktop.sync.inverses.families import ways_of_parts

        parts = ways_of_parts(self._desk, self.parts, self.covers, self.dropping, self._images.kept)
        return Inverses(self._desk, self.removal, self._bringing, parts)

    @cached_property
    def _bringing(self) -> "Bringing":
        from instica_desktop.sync.bringing import Bringing

        finished, again = self._sender.finished, self._shown_again
        return Bringing(self._desk, self.removal, self._images.kept, finished, again)

    @cached_property
    def drafts(self) -> "Drafts":
        """What is being typed and is not saved yet."""
        from instica_desktop.store.drafts import FILE, Drafts

        store = self._store
        outbox = store.outbox
        return Drafts(store.folder / FILE, store.in_files, outbox.real, outbox.saved_texts())

    @cached_property
    def outgoing(self) -> "Outgoing":
        """The waiting changes as a whole."""
        from instica_desktop.sync.outgoing import Outgoing

        return Outgoing(self._store, self._clock, self._added)

    @cached_property
    def care(self) -> "Care":
        """Sizes, check, backups, restore and reset of this shop's files."""
        from instica_desktop.store.care import Care

        care = Care(self._store)
        care.on_change.append(self._added)
        care.quiet = self.mirror.anew
        care.on_reset.append(self._begin_anew)
        return care

    @cached_property
    def _courier(self) -> "Courier":
        from instica_desktop.sync.courier import Courier

        return Courier(self._client, self._store, self._pace, self._uploading)

    @cached_property
    def _sender(self) -> "Sender":
        from instica_desktop.sync.push import Sender

        sender = Sender(
            self._store,
            self._courier,
            self._link,
            pace=self._pace,
            clock=self._clock,
            changed=self._operations_changed,
        )
        self._link.observers.append(sender.on_link)
        return sender

    @cached_property
    def _desk(self) -> "Desk":
        from instica_desktop.sync.desk import Desk

        return Desk(self._store, self._clock, self._added)

    @cached_property
    def _decisions(self) -> "Decisions":
        from instica_desktop.sync.decisions import Decisions

        return Decisions(self._store, self._clock, self._images.kept)

    @property
    def pause(self) -> datetime | None:
        """Until when the server asked to send nothing more; None when it did not."""
        return self._sender.pause if "_sender" in vars(self) else None  # else nothing was sent yet

    @property
    def full(self) -> datetime | None:
        """When a server without room to store anything is asked again; None when it has some."""
        return self._sender.full if "_sender" in vars(self) else None

    @property
    def held(self) -> bool:
        """Whether edits are kept back although we are connected: the user or the server has to say when."""
        held = self._store.outbox.needs_confirmation
        return held or self.pause is not None or self.full is not None

    def operation(self, uuid: str) -> Operation | None:
        """Return what has not been delivered yet, by its uuid; None when it was, or is dropped."""
        return self._store.outbox.get(uuid)

    async def settle_again(self, uuid: str, *, use: bool) -> None:
        """Use what another computer made again of the same record, or make another. See `Decisions`."""
        await self._decisions.settle_again(uuid, use=use)
        self._added()

    def _follow(self, changes: Changes) -> None:
        """Let what waits for a decision follow the records that were read again just now."""
        if changes.origin is Origin.PULL and self._store.outbox.in_state(OpState.CONFLICT):
            task = asyncio.create_task(self._followed(changes), name="conflicts follow")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _followed(self, changes: Changes) -> None:
        try:
            if await self._decisions.follow(changes.entity, changes.uids):
                self._added()
        except StoreError as error:  # what is asked is compared once more before the answer is saved
            log.info("A conflict could not follow what was read: %s", error.details or error.message)

    async def close_parts(self) -> None:
        """Close what was made; what was never needed has nothing to close."""
        made = vars(self)
        await asyncio.gather(*self._tasks)
        if "_sender" in made:
            await self._sender.close()
        for name in {"_photos", "_holds", "care"} & made.keys():
            made[name].close()
        if "drafts" in made:
            await self.drafts.close()

    @property
    def has_intake(self) -> bool:
        """Whether something was dropped, pasted or chosen since the start, or left by the last run."""
        return "intake" in vars(self) or bool(self._store.intake.all())

    def taking_in(self) -> int:
        """Return how many pictures that were dropped, pasted or chosen are not kept yet."""
        return self.intake.left if "intake" in vars(self) else self._store.intake.waiting

    def preparing(self, share: float) -> None:
        """Note how far (0 to 1) the server is with an update of its data, before it answers."""
        self._link.preparing(share)

    async def close_intake(self) -> None:
        """Write down what was given just now, and let the picture that is being kept be kept."""
        if "intake" in vars(self):
            await self.intake.close()

    # ------------------------------------------------------------ what they tell the shop

    @abstractmethod
    async def refresh(self, entity: Entity, uid: str) -> bool:
        """Read one record from the server; return whether that was possible."""

    @abstractmethod
    def _say(self, words: str) -> None:
        """Tell the user a plain sentence."""

    @abstractmethod
    def _tell_added(self, added: "Added") -> bool:
        """Tell what was added to a record."""

    @abstractmethod
    def _added(self) -> None:
        """Take note that the operations are others now."""

    @abstractmethod
    def _operations_changed(self) -> None:
        """Take note of how far the operations are."""

    @abstractmethod
    def _uploading(self, uuid: str, sent: int, total: int) -> None:
        """Take note of how many bytes of a photo were sent."""

    @abstractmethod
    def _shown_again(self, entity: Entity) -> None:
        """Take note that records that were deleted are not."""

    @abstractmethod
    def _begin_anew(self) -> None:
        """Take note that the copy was emptied."""
