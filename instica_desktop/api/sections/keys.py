"""API keys and their use. Source: api-reference, Authentication. Keys alone are addressed by an integer."""

from instica_desktop.api.answers import Offer
from instica_desktop.api.pages import data_of, list_of, nothing
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.api.places import segment
from instica_desktop.core.models.account import ApiKey, ApiUsage

KEYS = "/api/v1/api-keys/"
USAGE = "/api/v1/api-usage/"
_ALL = (("all", "true"),)


class KeysSection:
    """`/api/v1/api-keys/` and `/api/v1/api-usage/`."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def list(self, *, everybody: bool = False) -> tuple[ApiKey, ...]:
        """Return the active keys, without their secret part; those of `everybody` in the organization.

        Raises:
            Forbidden: the caller asks for everybody's and is no owner.
        """
        call = Call("GET", KEYS, _ALL if everybody else (), offer=Offer.EXTRA)
        return await self._pipeline.send(call, list_of(ApiKey))

    async def current(self) -> ApiKey:
        """Return the key this client has.

        Raises:
            NotOffered: it has a token, or the server does not tell.
        """
        return await self._pipeline.send(Call("GET", f"{KEYS}current/", offer=Offer.EXTRA), data_of(ApiKey))

    async def create(self, name: str) -> ApiKey:
        """Make a key. Its `key` is in this answer and in no other."""
        call = Call("POST", KEYS, body={"name": name}, offer=Offer.EXTRA)
        return await self._pipeline.send(call, data_of(ApiKey))

    async def get(self, pk: int) -> ApiKey:
        """Return one key, without its secret part."""
        return await self._pipeline.send(Call("GET", _path(pk), offer=Offer.MAYBE), data_of(ApiKey))

    async def rotate(self, pk: int) -> ApiKey:
        """Replace a key's secret part; the old one stops working. The new one is in this answer only."""
        call = Call("POST", f"{_path(pk)}rotate/", offer=Offer.MAYBE)
        return await self._pipeline.send(call, data_of(ApiKey))

    async def delete(self, pk: int, *, everybody: bool = False) -> None:
        """Delete a key; whoever uses it is signed out. An owner deletes those of `everybody`."""
        call = Call("DELETE", _path(pk), _ALL if everybody else (), offer=Offer.MAYBE)
        await self._pipeline.send(call, nothing)

    async def usage(self) -> ApiUsage:
        """Return how much the API was used in the current period."""
        return await self._pipeline.send(Call("GET", USAGE, offer=Offer.EXTRA), data_of(ApiUsage))


def _path(pk: int) -> str:
    return f"{KEYS}{segment(pk)}/"
