"""Accounts on marketplaces and imports from them. Source: api-reference, Marketplace & import; assumed."""

from instica_desktop.api.answers import Offer
from instica_desktop.api.jobs import JobHandle
from instica_desktop.api.pages import Page, data_of, list_of, nothing, page_of
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.api.places import segment
from instica_desktop.api.sections.base import PAGE_SIZE, idempotent
from instica_desktop.core.models.jobs import Job
from instica_desktop.core.models.marketplace import Connection, ImportJob

CONNECTIONS = "/api/v1/marketplace/connections/"
IMPORTS = "/api/v1/marketplace/import-jobs/"


class MarketplaceSection:
    """`/api/v1/marketplace/`. An account is connected in the browser, at its platform's `connection_url`."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def connections(self) -> tuple[Connection, ...]:
        """Return the accounts this shop is connected to.

        Raises:
            NotOffered: this server knows no connections.
        """
        return await self._pipeline.send(Call("GET", CONNECTIONS, offer=Offer.EXTRA), list_of(Connection))

    async def connect(self, platform: str, code: str, code_verifier: str, redirect_uri: str) -> Connection:
        """Make or renew a connection with the code the browser brought back (RFC 7636).

        Raises:
            ValidationFailed: on `code`, when it was used, has expired or does not belong to the verifier.
        """
        body = {"code": code, "code_verifier": code_verifier, "redirect_uri": redirect_uri}
        path = f"/api/auth/{segment(platform)}/"
        call = Call("POST", path, body=body, offer=Offer.EXTRA, retry=False)
        return await self._pipeline.send(call, data_of(Connection))

    async def disconnect(self, uid: str) -> None:
        """End a connection; its offers stay on the marketplace.

        Raises:
            NotFound: it is gone already.
        """
        await self._pipeline.send(Call("DELETE", f"{CONNECTIONS}{segment(uid)}/"), nothing)

    async def sync(self, uid: str, idempotency_key: str = "") -> Connection:
        """Fetch new orders, and try again to end what could not be ended.

        Raises:
            Clash: the account must be connected again first.
        """
        path = f"{CONNECTIONS}{segment(uid)}/sync/"
        return await self._pipeline.send(
            Call("POST", path, headers=idempotent(idempotency_key)), data_of(Connection)
        )

    async def import_jobs(self, page: int = 1, page_size: int = PAGE_SIZE) -> Page[ImportJob]:
        """Return the imports, newest first, a page at a time.

        Raises:
            NotOffered: this server imports nothing.
        """
        params = [("page", str(page)), ("page_size", str(page_size))]
        return await self._pipeline.send(Call("GET", IMPORTS, params, offer=Offer.EXTRA), page_of(ImportJob))

    async def start_import(self, platform: str, idempotency_key: str = "") -> JobHandle:
        """Ask for an import from a marketplace; returns the job that does it.

        Raises:
            ValidationFailed: on `platform`, when it is not connected.
            Clash: one from there is under way.
        """
        call = Call(
            "POST",
            IMPORTS,
            body={"platform": platform},
            headers=idempotent(idempotency_key),
            offer=Offer.EXTRA,
        )
        job = await self._pipeline.send(call, data_of(Job))
        return JobHandle(self._pipeline, f"{IMPORTS}{segment(job.uid)}/", job)

    async def import_job(self, uid: str) -> JobHandle:
        """Return an import that was begun before.

        Raises:
            NotFound: the server does not have it.
        """
        handle = JobHandle(self._pipeline, f"{IMPORTS}{segment(uid)}/", Job(uid=uid))
        await handle.refresh()
        return handle
