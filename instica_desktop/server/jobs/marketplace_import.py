"""The work of a marketplace import: an account's offers, a few at a time, by their order there."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.catalogue import catalogue
from instica_desktop.server.domain.platforms import platform_name
from instica_desktop.server.jobs.turns import Turns
from instica_desktop.server.jobs.work import Fault, JobFailed, Work
from instica_desktop.server.models import Job, SimulatedOffer
from instica_desktop.server.operations.entitlements import PaymentRequired
from instica_desktop.server.operations.jobs import add_error
from instica_desktop.server.operations.marketplace_import import CREATED, SKIPPED, UPDATED, import_offer
from instica_desktop.server.operations.offers import active_connection
from instica_desktop.server.simulation.holdings import stock_up
from instica_desktop.server.storage.transactions import writing
from instica_desktop.server.web.errors import by_field

KIND = "marketplace_import"
_TOGETHER = 10


def _offers(job: Job) -> Any:
    """Return the account's offers that are left, in their order."""
    return SimulatedOffer.objects.filter(
        organization=job.organization,
        platform=job.payload["platform"],
        is_active=True,
        pk__gt=job.checkpoint,
    ).order_by("pk")


def _begin(job: Job) -> None:
    releases = catalogue()
    stock_up(job.organization, job.payload["platform"], releases.facts if releases else [])
    job.total = _offers(job).count()


def _note(job: Job, offer: SimulatedOffer, error: ValidationError | PaymentRequired) -> None:
    """Keep why an offer was not taken over, at its number among the offers."""
    fields = by_field(error.detail) if isinstance(error, ValidationError) else {"": [str(error.detail)]}
    for field, messages in fields.items():
        for message in messages:
            add_error(job, job.processed + 1, field, f"{offer.title[:200]} ({offer.external_id}): {message}")


def _take(job: Job, offer: SimulatedOffer) -> None:
    try:
        with writing():  # what one offer leaves behind when it is refused goes with it
            done = import_offer(job.organization, offer)
    except (ValidationError, PaymentRequired) as error:
        _note(job, offer, error)
        done = ""
    job.created_count += done == CREATED
    job.updated_count += done == UPDATED
    job.skipped_count += done == SKIPPED
    job.processed += 1
    job.checkpoint = offer.pk


def _take_all(job: Job, offers: list[SimulatedOffer]) -> None:
    for offer in offers:
        _take(job, offer)


def import_offers(job: Job, turns: Turns) -> Iterator[Work]:
    """Yield the pieces of an import. Errors: `JobFailed` when the connection no longer works."""
    platform = job.payload["platform"]
    if active_connection(job.organization, platform) is None:
        message = f"The shop is not connected to {platform_name(platform)}. Connect it, then try again."
        raise JobFailed(Fault(message))
    if not job.checkpoint:
        yield _begin
    while offers := list(_offers(job)[:_TOGETHER]):
        yield partial(_take_all, offers=offers)
