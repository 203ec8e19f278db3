"""What every table shares: the typed manager, and quick reading."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.base import ModelState


class Row(models.Model):
    """A row; `objects` is untyped because Django's managers are built at run time."""

    objects: ClassVar[Any] = models.Manager()
    DoesNotExist: ClassVar[Any]
    pk: Any
    id: int

    class Meta:
        """No table of its own."""

        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Sequence[str], values: Sequence[Any]) -> Self:
        """Return a row of what the database answered; columns that were not asked for are read when used.

        Django's own way goes through `__init__`, which sets each attribute by itself and sends signals that
        nobody here listens to: half of what a page of a list costs.
        """
        row = cls.__new__(cls)
        state: Any = ModelState()
        state.adding, state.db = False, db
        vars(row).update(zip(field_names, values, strict=True))
        row._state = state
        return row
