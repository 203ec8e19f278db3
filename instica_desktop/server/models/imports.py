"""What imports leave behind: how files call our records, and what became of each row."""

from typing import Any

from django.db import models

from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import Organization
from instica_desktop.server.models.base import Row
from instica_desktop.server.models.catalogue import Product
from instica_desktop.server.models.inventory import Item
from instica_desktop.server.models.jobs import Job


class SourceKey(Row):
    """What a file calls a copy or a product of ours, so that the same file finds it again.

    `source` is a marketplace, whose `number` is that of an offer, or what another shop calls by a uid of its
    own (`item`, `product`). All copies of an offer have its number; `quantity` is how many of them the file
    last told of.
    """

    organization: Organization = columns.belongs_to("Organization", "source_keys")
    source: str = columns.text(32)
    number: str = columns.text(100)
    quantity: int = columns.count()
    item: Item | None = columns.belongs_to("Item", "source_keys", null=True, on_delete=models.CASCADE)
    product: Product | None = columns.belongs_to(
        "Product", "source_keys", null=True, on_delete=models.CASCADE
    )

    class Meta:
        """Found by what the file says."""

        indexes = [models.Index(fields=["organization", "source", "number"], name="source_key_number")]


class JobRows(Row):
    """What became of some hundred rows of a file, from row `first` on.

    `rows` holds [row, result, item, changes, errors] of each, the other columns count them by result; `made`
    and `offered` count the copies and the offers they brought.
    """

    job: Job = columns.part_of("Job", "rows")
    first: int = columns.large_count()
    new: int = columns.count()
    changed: int = columns.count()
    same: int = columns.count()
    error: int = columns.count()
    excluded: int = columns.count()
    made: int = columns.count()
    offered: int = columns.count()
    rows: list[list[Any]] = columns.json_list()

    class Meta:
        """Read in the order of the file."""

        constraints = [models.UniqueConstraint(fields=["job", "first"], name="job_rows_once")]
