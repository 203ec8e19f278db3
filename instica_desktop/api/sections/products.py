"""Products and the catalogue look-up. Source: api-reference, Products; what is not published is assumed."""

from pathlib import Path

from instica_desktop.api.answers import Offer
from instica_desktop.api.multipart import Multipart, Progress, content_of
from instica_desktop.api.pages import Fetched, list_of, nothing, record_of
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.api.sections.base import RecordSection
from instica_desktop.core.models import Presence, Product, Release
from instica_desktop.core.models.common import Entity

CATALOGUE = "/api/v1/catalog/search/"


class ProductsSection(RecordSection[Product]):
    """`/api/v1/products/`."""

    def __init__(self, pipeline: Pipeline) -> None:
        super().__init__(pipeline, Entity.PRODUCT, Product)

    async def upload_image(
        self,
        uid: str,
        source: Path | bytes,
        name: str,
        progress: Progress | None = None,
        idempotency_key: str = "",
    ) -> Fetched[Product]:
        """Set the product's picture.

        Raises:
            InputError: when the file cannot be opened or is larger than 20 MB.
            ValidationFailed: on `image`, when it is no picture the server takes.
        """
        form = Multipart("image", name, await content_of(source), {}, progress)
        place = self._path(uid, "image")
        return await self._part("POST", place, record_of(Product), body=form, idempotency_key=idempotency_key)

    async def delete_image(self, uid: str, idempotency_key: str = "") -> None:
        """Remove the product's picture."""
        await self._part("DELETE", self._path(uid, "image"), nothing, idempotency_key=idempotency_key)

    async def presences(self, uid: str) -> tuple[Presence, ...]:
        """Return where the product stands on marketplaces."""
        return await self._part("GET", self._path(uid, "presences"), list_of(Presence))

    async def look_up(self, **terms: str) -> tuple[Release, ...]:
        """Search the catalogue by `barcode`, `q`, `artist`, `title` or `catalog_number`.

        Raises:
            NotOffered: this server has no catalogue.
        """
        call = Call(
            "GET", CATALOGUE, [(name, text) for name, text in terms.items() if text], offer=Offer.EXTRA
        )
        return await self._pipeline.send(call, list_of(Release))
