"""What every table shares: the typed manager."""

from typing import Any, ClassVar

from django.db import models


class Row(models.Model):
    """A row; `objects` is untyped because Django's managers are built at run time."""

    objects: ClassVar[Any] = models.Manager()
    DoesNotExist: ClassVar[Any]
    pk: Any
    id: int

    class Meta:
        """No table of its own."""

        abstract = True
