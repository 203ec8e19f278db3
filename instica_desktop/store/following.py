"""Which records follow a change of others: a product its items, items their product, orders their items,
copies those with which they share an offer.
"""

from collections.abc import Iterable, Iterator

from instica_desktop.core.models.common import Entity
from instica_desktop.store.batch import Batch
from instica_desktop.store.database import Connection
from instica_desktop.store.neighbours import Pending


def followed(connection: Connection, batch: Batch, pending: Pending) -> Iterator[tuple[Entity, Batch]]:
    """Bring the records that show something of a batch's up to date, in its transaction; yield them."""

    def reproject(entity: Entity, uids: Iterable[str]) -> Iterator[tuple[Entity, Batch]]:
        wanted = sorted(uids)
        if wanted:
            follower = Batch(connection, entity, pending)
            follower.reproject(wanted)
            follower.flush()
            yield entity, follower

    neighbours = batch.neighbours
    if batch.entity is Entity.PRODUCT and batch.changed:
        items = neighbours.items_of(batch.changed)
        yield from reproject(Entity.ITEM, items)
        yield from reproject(Entity.ORDER, neighbours.orders_of(items))
    if batch.entity is Entity.ITEM:
        lacking = neighbours.lacking(batch.fresh) if batch.fresh else ()
        yield from reproject(Entity.PRODUCT, batch.products.union(lacking))
        yield from reproject(Entity.ORDER, neighbours.orders_of(batch.changed) if batch.changed else ())
        yield from reproject(Entity.ITEM, batch.sharing - batch.uids)
