"""The organization, its team and addresses. Source: api-reference, Organization.

Published: reading and changing the organization, and the list of the team. The rest is assumed.
"""

from pathlib import Path

from instica_desktop.api.answers import Offer
from instica_desktop.api.multipart import Multipart, Progress, content_of
from instica_desktop.api.pages import Fetched, data_of, list_of, nothing, record_of
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.api.places import Place, segment
from instica_desktop.api.sections.base import PAGE_SIZE, Fields, idempotent, if_match
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.organization import (
    Invite,
    Member,
    OrganizationDetails,
    PostalAddress,
    Workplace,
)

_WHOLE = (("page_size", str(PAGE_SIZE)),)


class OrganizationSection:
    """`/api/v1/organization/{uid}/` and `/api/v1/invites/`."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def mine(self) -> tuple[Workplace, ...]:
        """Return the organizations the caller may work in, as far as is known.

        Raises:
            NotOffered: the server does not tell.
        """
        call = Call("GET", "/api/v1/organization/", _WHOLE, offer=Offer.EXTRA)
        return await self._pipeline.send(call, list_of(Workplace))

    async def switch(self, uid: str) -> Fetched[OrganizationDetails]:
        """Work in another organization from now on, with every sign-in of the caller; keys stay.

        Raises:
            NotFound: the caller is not, or no longer, a member of it.
            Clash: this client has a key, which opens no other organization.
        """
        call = Call("POST", "/api/v1/organization/switch/", body={"uid": uid})
        return await self._pipeline.send(call, record_of(OrganizationDetails))

    async def get(self, uid: str) -> Fetched[OrganizationDetails]:
        """Return the organization.

        Raises:
            NotFound: it is not the caller's.
        """
        call = Call("GET", _path(uid), offer=Offer.RECORD)
        return await self._pipeline.send(call, record_of(OrganizationDetails))

    async def update(self, uid: str, fields: Fields, etag: str | None = None) -> Fetched[OrganizationDetails]:
        """Change `display_name`, `slug`, `default_barcode_type`, or take the logo away (`logo` None).

        Raises:
            Forbidden: the caller is neither owner nor admin.
            Clash: it is no longer the one of `etag`.
        """
        call = Call("PATCH", _path(uid), body=dict(fields), headers=if_match(etag), offer=Offer.PART)
        return await self._pipeline.send(call, record_of(OrganizationDetails))

    async def upload_logo(
        self, uid: str, source: Path | bytes, name: str, progress: Progress | None = None
    ) -> Fetched[OrganizationDetails]:
        """Give the organization a logo.

        Raises:
            InputError: when the file cannot be opened or is larger than 20 MB.
            ValidationFailed: on `logo`, when it is no picture the server takes.
        """
        try:
            content = await content_of(source)
        except InputError as error:
            error.field = "logo"
            raise
        form = Multipart("logo", name, content, {}, progress)
        call = Call("PATCH", _path(uid), body=form, offer=Offer.PART)
        return await self._pipeline.send(call, record_of(OrganizationDetails))

    async def team(self, uid: str) -> tuple[Member, ...]:
        """Return the people of the organization."""
        call = Call("GET", _path(uid, "team"), _WHOLE, offer=Offer.PART)
        return await self._pipeline.send(call, list_of(Member))

    async def update_member(self, uid: str, member: str, fields: Fields) -> Member:
        """Change a member's `role` or `is_active`.

        Raises:
            ValidationFailed: for the last owner.
        """
        call = Call("PATCH", _path(uid, "team", member), body=dict(fields), offer=Offer.PART)
        return await self._pipeline.send(call, data_of(Member))

    async def remove_member(self, uid: str, member: str) -> None:
        """Take a member out of the team, or leave it; that one may who is suspended, or works elsewhere.

        Raises:
            Clash: for the last owner.
        """
        await self._pipeline.send(Call("DELETE", _path(uid, "team", member), offer=Offer.PART), nothing)

    async def invites(self, uid: str) -> tuple[Invite, ...]:
        """Return the invitations that were not accepted yet."""
        call = Call("GET", _path(uid, "invites"), _WHOLE, offer=Offer.PART)
        return await self._pipeline.send(call, list_of(Invite))

    async def invite(self, uid: str, email: str, role: str, idempotency_key: str = "") -> Invite:
        """Invite somebody by mail.

        Raises:
            ValidationFailed: on `email`, for who is in the team or invited already.
            PlanLapsed: the plan covers no more people.
        """
        body = {"email": email, "role": role}
        headers = idempotent(idempotency_key)
        call = Call("POST", _path(uid, "invites"), body=body, headers=headers, offer=Offer.PART)
        return await self._pipeline.send(call, data_of(Invite))

    async def resend_invite(self, uid: str, invite: str, idempotency_key: str = "") -> Invite:
        """Mail an invitation again with another code; the former one is dead."""
        path = _path(uid, "invites", invite, "resend")
        call = Call("POST", path, headers=idempotent(idempotency_key), offer=Offer.PART)
        return await self._pipeline.send(call, data_of(Invite))

    async def delete_invite(self, uid: str, invite: str) -> None:
        """Take an invitation back."""
        await self._pipeline.send(Call("DELETE", _path(uid, "invites", invite), offer=Offer.PART), nothing)

    async def accept_invite(self, code: str, idempotency_key: str = "") -> Member:
        """Join a team with the code from a mail; the caller works there from now on.

        Raises:
            NotFound: the code was never one, was replaced, or the invitation was taken back.
            ValidationFailed: it has expired or was used.
            Forbidden: it was sent to another address.
        """
        code = code.strip()
        path, headers = f"/api/v1/invites/{segment(code)}/accept/", idempotent(idempotency_key)
        call = Call("POST", path, headers=headers, secrets=(code,))
        return await self._pipeline.send(call, data_of(Member))

    async def addresses(self, uid: str) -> tuple[PostalAddress, ...]:
        """Return the addresses, the primary one first."""
        call = Call("GET", _path(uid, "addresses"), _WHOLE, offer=Offer.PART)
        return await self._pipeline.send(call, list_of(PostalAddress))

    async def add_address(self, uid: str, fields: Fields, idempotency_key: str = "") -> PostalAddress:
        """Add an address; the first one is primary."""
        headers = idempotent(idempotency_key)
        call = Call("POST", _path(uid, "addresses"), body=dict(fields), headers=headers, offer=Offer.PART)
        return await self._pipeline.send(call, data_of(PostalAddress))

    async def update_address(self, uid: str, address: str, fields: Fields) -> PostalAddress:
        """Change an address, or make it the primary one (`is_primary` true)."""
        call = Call("PATCH", _path(uid, "addresses", address), body=dict(fields), offer=Offer.PART)
        return await self._pipeline.send(call, data_of(PostalAddress))

    async def delete_address(self, uid: str, address: str) -> None:
        """Remove an address; another becomes primary if it was."""
        await self._pipeline.send(Call("DELETE", _path(uid, "addresses", address), offer=Offer.PART), nothing)


def _path(uid: str, *more: str) -> Place:
    return Place.below("/api/v1/organization/", uid, *more)
