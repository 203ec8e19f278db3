"""What a seller has put on a simulated marketplace by hand, before this shop knew of it.

Made once for each account, from the catalogue; the same organization gets the same offers.
"""

import random

from instica_desktop.server.domain.grades import ITEM_GRADES
from instica_desktop.server.models import Organization, SimulatedOffer
from instica_desktop.server.seeding.facts import Fact
from instica_desktop.server.simulation.marketplace import Accepted

OFFERS = 12
_GRADES = ("nm", "ex", "vg_plus", "vg_plus", "vg")


def address_of(offer: SimulatedOffer) -> Accepted:
    """Return where an offer of a simulated marketplace stands."""
    return Accepted(offer.external_id, f"https://{offer.platform}.example/item/{offer.external_id}")


def _offer(organization: Organization, platform: str, fact: Fact, rng: random.Random) -> SimulatedOffer:
    grade = rng.choice(_GRADES)
    return SimulatedOffer(
        organization=organization,
        platform=platform,
        external_id=str(rng.randrange(10**9, 10**11)),
        title=f"{fact.artist} - {fact.title} - {ITEM_GRADES[grade]}",
        price_cents=rng.randrange(8, 60) * 100 - 1,
        by_hand=True,
        facts={
            "artist": fact.artist,
            "title": fact.title,
            "label": fact.label,
            "catalog_number": fact.catalogue_number,
            "barcode": fact.barcode,
            "year": fact.year,
            "format": fact.format,
            "country": fact.country,
            "genres": list(fact.genres),
            "condition_item": grade,
            "condition_container": rng.choice(_GRADES),
        },
    )


def stock_up(organization: Organization, platform: str, facts: list[Fact]) -> None:
    """Put some offers on an account that never had any of its own."""
    held = SimulatedOffer.objects.filter(organization=organization, platform=platform)
    if held.filter(by_hand=True).exists() or not facts:
        return
    rng = random.Random(f"{organization.uid}:{platform}")
    chosen = rng.sample(facts, min(OFFERS, len(facts)))
    SimulatedOffer.objects.bulk_create(_offer(organization, platform, fact, rng) for fact in chosen)
