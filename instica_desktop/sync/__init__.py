"""Between the store and the network: the connection, the rows of a query, edits on their way, photos.

Imports api, store, system, core. No Qt: what it calls back is called on the event loop's thread.
`Shop` (shop.py) is all that a screen needs to know.

What stands below is read when it is first asked for: the first rows are painted before anything is edited.
"""

from typing import TYPE_CHECKING

from instica_desktop.core.late import late_names

if TYPE_CHECKING:
    from instica_desktop.store.queues import Leaving, UnderWay
    from instica_desktop.sync.connection import Connection, Kind
    from instica_desktop.sync.edits import Edited
    from instica_desktop.sync.events import CountChanged, Reset, ResultsEvent, RowsChanged, StateChanged
    from instica_desktop.sync.pace import Pace
    from instica_desktop.sync.parts import OFFERABLE, OfferDraft
    from instica_desktop.sync.removal import Deleted, needs_number
    from instica_desktop.sync.results import Results
    from instica_desktop.sync.shipping import ShipmentDraft
    from instica_desktop.sync.shop import Shop
    from instica_desktop.sync.uploads import PhotoResult

__all__ = [
    "OFFERABLE",
    "Connection",
    "CountChanged",
    "Deleted",
    "Edited",
    "Kind",
    "Leaving",
    "OfferDraft",
    "Pace",
    "PhotoResult",
    "Reset",
    "Results",
    "ResultsEvent",
    "RowsChanged",
    "ShipmentDraft",
    "Shop",
    "StateChanged",
    "UnderWay",
    "needs_number",
]

__getattr__ = late_names(
    __name__,
    {
        "connection": ("Connection", "Kind"),
        "edits": ("Edited",),
        "events": ("CountChanged", "Reset", "ResultsEvent", "RowsChanged", "StateChanged"),
        "pace": ("Pace",),
        "parts": ("OFFERABLE", "OfferDraft"),
        "removal": ("Deleted", "needs_number"),
        "results": ("Results",),
        "shipping": ("ShipmentDraft",),
        "shop": ("Leaving", "Shop", "UnderWay"),
        "uploads": ("PhotoResult",),
    },
)
