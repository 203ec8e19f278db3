"""The signed-in user. Source: api-reference, User & account; all but `me` is assumed."""

from collections.abc import Mapping
from typing import Any

from instica_desktop.api.answers import Offer
from instica_desktop.api.pages import Fetched, data_of, list_of, nothing, record_of
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.api.places import segment
from instica_desktop.api.sections.base import idempotent
from instica_desktop.api.verdict import ME
from instica_desktop.core.models.account import (
    DeviceToken,
    ListingEligibility,
    SignIn,
    SupportTicket,
    User,
)

USER = "/api/v1/user/"
DEVICES = f"{USER}device-tokens/"


class AccountSection:
    """`/api/v1/user/`."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def me(self, *, retry: bool = True) -> Fetched[User]:
        """Return who the key belongs to.

        Raises:
            SignedOut: the key is not accepted.
        """
        return await self._pipeline.send(Call("GET", ME, offer=Offer.WHO, retry=retry), record_of(User))

    async def update(self, fields: Mapping[str, Any]) -> Fetched[User]:
        """Change `first_name`, `last_name` or `preferences`."""
        return await self._pipeline.send(
            Call("PATCH", ME, body=dict(fields), offer=Offer.EXTRA), record_of(User)
        )

    async def change_password(self, current: str, new: str) -> SignIn:
        """Change the password, or set the first one (`current` is empty then).

        All tokens are dead; a new one is in the answer.

        Raises:
            ValidationFailed: under `current_password` or `new_password`.
            Throttled: it was tried too often.
        """
        body = {"new_password": new, **({"current_password": current} if current else {})}
        call = Call(
            "POST",
            f"{USER}password/",
            body=body,
            offer=Offer.EXTRA,
            retry=False,
            own_limit=True,
            secrets=(current, new),
        )
        return await self._pipeline.send(call, data_of(SignIn))

    async def listing_eligibility(self) -> ListingEligibility:
        """Return whether this account may list items, and the code of the reason if not."""
        call = Call("GET", f"{USER}listing-eligibility/", offer=Offer.EXTRA)
        return await self._pipeline.send(call, data_of(ListingEligibility))

    async def ask_support(
        self, category: str, subject: str, message: str, idempotency_key: str = ""
    ) -> SupportTicket:
        """Ask for help."""
        call = Call(
            "POST",
            f"{USER}support/",
            body={"category": category, "subject": subject, "message": message},
            headers=idempotent(idempotency_key),
            offer=Offer.EXTRA,
            own_limit=True,
        )
        return await self._pipeline.send(call, data_of(SupportTicket))

    async def devices(self) -> tuple[DeviceToken, ...]:
        """Return the devices that are told of events."""
        return await self._pipeline.send(Call("GET", DEVICES, offer=Offer.EXTRA), list_of(DeviceToken))

    async def add_device(self, token: str, platform: str, name: str = "") -> DeviceToken:
        """Have a device told of events; `token` is its address at the push service."""
        body = {"token": token, "platform": platform, "name": name}
        call = Call("POST", DEVICES, body=body, offer=Offer.EXTRA, secrets=(token,))
        return await self._pipeline.send(call, data_of(DeviceToken))

    async def remove_device(self, uid: str) -> None:
        """Have a device told of nothing any more.

        Raises:
            NotFound: it is gone already.
        """
        await self._pipeline.send(Call("DELETE", f"{DEVICES}{segment(uid)}/"), nothing)
