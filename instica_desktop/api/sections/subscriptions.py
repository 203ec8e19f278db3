"""Plans and the subscription. Source: api-reference, Subscriptions.

Published: the plans and the status. The rest is assumed. Money moves in the system's browser only, on the
pages whose addresses are returned here.
"""

from instica_desktop.api.answers import Offer
from instica_desktop.api.pages import data_of, list_of, nothing
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.api.places import segment
from instica_desktop.api.sections.base import PAGE_SIZE, idempotent
from instica_desktop.core.models.subscriptions import (
    CheckoutPage,
    Invoice,
    PaymentMethod,
    Plan,
    PortalPage,
    SubscriptionStatus,
)

_ROOT = "/api/v1/subscriptions/"
_WHOLE = (("page_size", str(PAGE_SIZE)),)


class SubscriptionsSection:
    """`/api/v1/subscriptions/`."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def plans(self) -> tuple[Plan, ...]:
        """Return the plans one can subscribe to."""
        return await self._pipeline.send(Call("GET", f"{_ROOT}plans/", offer=Offer.EXTRA), list_of(Plan))

    async def status(self) -> SubscriptionStatus:
        """Return what the organization has subscribed to, and how much of it is used."""
        call = Call("GET", f"{_ROOT}status/", offer=Offer.EXTRA)
        return await self._pipeline.send(call, data_of(SubscriptionStatus))

    async def checkout(self, price_id: str) -> str:
        """Begin buying a plan by one of its prices; returns the page to pay on.

        Raises:
            ValidationFailed: on `price_id`, for none, or the plan there is.
            Clash: the App Store has the subscription.
        """
        call = Call("POST", f"{_ROOT}checkout/", body={"price_id": price_id}, offer=Offer.EXTRA)
        return (await self._pipeline.send(call, data_of(CheckoutPage))).checkout_url

    async def portal(self) -> str:
        """Return the page to manage the subscription on."""
        call = Call("POST", f"{_ROOT}portal/", offer=Offer.EXTRA)
        return (await self._pipeline.send(call, data_of(PortalPage))).portal_url

    async def cancel(self) -> SubscriptionStatus:
        """Let the plan end with its period.

        Raises:
            Clash: there is none that is paid by card.
        """
        return await self._act("cancel")

    async def resume(self) -> SubscriptionStatus:
        """Take a cancellation back before the period ends.

        Raises:
            Clash: it has ended, or there is no card.
        """
        return await self._act("resume")

    async def verify_apple(self, signed_transaction: str, idempotency_key: str = "") -> SubscriptionStatus:
        """Let a plan bought in the App Store run.

        Raises:
            ValidationFailed: on `signed_transaction`, when it is not for this app, expired, or another's.
        """
        call = Call(
            "POST",
            f"{_ROOT}apple/verify/",
            body={"signed_transaction": signed_transaction},
            headers=idempotent(idempotency_key),
            offer=Offer.EXTRA,
        )
        return await self._pipeline.send(call, data_of(SubscriptionStatus))

    async def invoices(self) -> tuple[Invoice, ...]:
        """Return the newest invoices, at most a hundred."""
        call = Call("GET", f"{_ROOT}invoices/", _WHOLE, offer=Offer.EXTRA)
        return await self._pipeline.send(call, list_of(Invoice))

    async def payment_methods(self) -> tuple[PaymentMethod, ...]:
        """Return the cards that are kept."""
        call = Call("GET", f"{_ROOT}payment-methods/", _WHOLE, offer=Offer.EXTRA)
        return await self._pipeline.send(call, list_of(PaymentMethod))

    async def make_default(self, uid: str) -> PaymentMethod:
        """Charge this card from now on."""
        call = Call("POST", f"{_ROOT}payment-methods/{segment(uid)}/default/")
        return await self._pipeline.send(call, data_of(PaymentMethod))

    async def delete_payment_method(self, uid: str) -> None:
        """Forget a card.

        Raises:
            Clash: it is the only one, and the plan goes on.
        """
        await self._pipeline.send(Call("DELETE", f"{_ROOT}payment-methods/{segment(uid)}/"), nothing)

    async def _act(self, name: str) -> SubscriptionStatus:
        call = Call("POST", f"{_ROOT}{name}/", offer=Offer.EXTRA)
        return await self._pipeline.send(call, data_of(SubscriptionStatus))
