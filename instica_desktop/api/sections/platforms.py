"""The marketplaces one may sell on. Source: api-reference, Marketplace & import."""

from instica_desktop.api.answers import Offer
from instica_desktop.api.pages import list_of
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.core.models.common import Platform


class PlatformsSection:
    """`/api/v1/platforms/`."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def list(self) -> tuple[Platform, ...]:
        """Return all marketplaces."""
        call = Call("GET", "/api/v1/platforms/", offer=Offer.EXTRA)
        return await self._pipeline.send(call, list_of(Platform))
