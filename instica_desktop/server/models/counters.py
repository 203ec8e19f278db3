"""Counts that several processes add to, each by one atomic statement.

The statements stand in web/throttles.py and operations/usage.py.
"""

from datetime import date

from django.db import models

from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import User
from instica_desktop.server.models.base import Row


class ThrottleCount(Row):
    """How often something was asked for in the current window; `ends` is in seconds since 1970."""

    key: str = columns.text(100, unique=True)
    count: int = columns.count()
    ends: int = models.BigIntegerField(db_index=True)  # pyright: ignore[reportAssignmentType]


class ApiUse(Row):
    """How many requests a user made to an endpoint on one day (UTC)."""

    user: User = columns.part_of("User", "api_uses")
    day: date = models.DateField()  # pyright: ignore[reportAssignmentType]
    endpoint: str = columns.text(200)
    count: int = columns.count()

    class Meta:
        """One count of each."""

        constraints = [models.UniqueConstraint(fields=["user", "day", "endpoint"], name="api_use_once")]
