"""The one message that says what changed. Whoever shows records listens to it; nothing polls."""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from instica_desktop.core.models.common import Entity


class Origin(StrEnum):
    """Where a change came from."""

    LOCAL = "local"  # the user's own edit, saved but not sent
    PULL = "pull"  # read from the server
    PUSH = "push"  # the server's answer to our edit


class Changes(msgspec.Struct, frozen=True):
    """Records of one entity that changed.

    `ids` are the cache's row ids (see `store`); `uids` the same records by uid. `fields` names wire
    fields where they are known (empty = any). `order` tells that rows may have moved, appeared or
    gone in some query, `gone` the row ids that no longer exist.
    """

    entity: Entity
    ids: frozenset[int] = frozenset()
    uids: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    origin: Origin = Origin.PULL
    order: bool = False
    gone: frozenset[int] = frozenset()


Publish = Callable[[Changes], None]
"""How the lower layers announce a change. Called in the event loop's thread."""
