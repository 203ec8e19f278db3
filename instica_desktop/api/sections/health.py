"""Whether the server is there. Source: api-reference, Health."""

from instica_desktop.api.answers import Offer
from instica_desktop.api.pages import data_of
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.core.models.account import Health


class HealthSection:
    """`GET /api/health/`: public, so no key goes along."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def check(self, *, retry: bool = False) -> Health:
        """Return what the server says of itself. Tried once unless told otherwise, so that it answers fast.

        Raises:
            NotOffered: it says nothing of itself, and is an Instica server otherwise.
            InsticaError: when it cannot be reached, or something else answers at its address.
        """
        call = Call("GET", "/api/health/", offer=Offer.ROOT, public=True, retry=retry)
        return await self._pipeline.send(call, data_of(Health))
