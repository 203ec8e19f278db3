"""The signed-in user. Source: api-reference, User & account."""

from collections.abc import Mapping
from typing import Any

from instica_desktop.api.answers import Offer
from instica_desktop.api.pages import Fetched, record_of
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.core.models.account import User

ME = "/api/v1/user/me/"


class AccountSection:
    """`/api/v1/user/`."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def me(self, *, retry: bool = True) -> Fetched[User]:
        """Return who the key belongs to.

        Raises:
            SignedOut: the key is not accepted.
        """
        return await self._pipeline.send(Call("GET", ME, offer=Offer.ROOT, retry=retry), record_of(User))

    async def update(self, fields: Mapping[str, Any]) -> Fetched[User]:
        """Change `first_name`, `last_name` or `preferences`."""
        return await self._pipeline.send(
            Call("PATCH", ME, body=dict(fields), offer=Offer.ROOT), record_of(User)
        )
