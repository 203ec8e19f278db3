"""The inverses of what is done to parts of records: photos, pictures, offers, parcels, waiting edits."""

from collections.abc import Awaitable, Callable

from instica_desktop.core.acts import ActKind
from instica_desktop.core.operations import OpKind
from instica_desktop.sync.covers import Covers
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.dropping import Dropping
from instica_desktop.sync.inverses.arranged import ArrangedInverse
from instica_desktop.sync.inverses.base import Inverse
from instica_desktop.sync.inverses.changes import ChangeInverse
from instica_desktop.sync.inverses.covers import CoverInverse
from instica_desktop.sync.inverses.dropped import DroppedInverse
from instica_desktop.sync.inverses.offers import OfferedInverse, TakenOffInverse
from instica_desktop.sync.inverses.parcels import ParcelRemovedInverse, ShippedInverse
from instica_desktop.sync.inverses.photos import AddedInverse, RemovedInverse
from instica_desktop.sync.parts import Parts


def ways_of_parts(
    desk: Desk,
    parts: Parts,
    covers: Covers,
    dropping: Dropping,
    kept: Callable[[str], Awaitable[bytes | None]],
) -> dict[ActKind, Inverse]:
    """Return the inverse of each kind. `kept` returns a picture that is on this computer."""
    return {
        ActKind.PHOTOS_ADDED: AddedInverse(desk),
        ActKind.PHOTO_REMOVED: RemovedInverse(desk),
        ActKind.PHOTOS_ORDERED: ArrangedInverse(desk),
        ActKind.COVER: CoverInverse(desk, covers, kept),
        ActKind.OFFERED: OfferedInverse(desk, parts),
        ActKind.REVISED: ChangeInverse(desk, parts, OpKind.REVISE_LISTING),
        ActKind.TAKEN_OFF: TakenOffInverse(desk, parts),
        ActKind.SHIPPED: ShippedInverse(desk, parts),
        ActKind.CORRECTED: ChangeInverse(desk, parts, OpKind.EDIT_SHIPMENT),
        ActKind.PARCEL_REMOVED: ParcelRemovedInverse(desk, parts),
        ActKind.DROPPED: DroppedInverse(dropping),
    }
