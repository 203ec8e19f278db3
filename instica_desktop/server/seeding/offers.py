"""Offers on marketplaces. Their addresses end in .example, so that no link leads to a stranger's offer."""

import random
from typing import NamedTuple

PLATFORMS = ("discogs", "ebay", "shopify", "etsy")
_CHANCES = (0.8, 0.6, 0.25, 0.15)
_ERRORS = (
    ("shipping_policy_missing", "The account has no shipping policy for this weight."),
    ("photo_required", "This marketplace needs at least one photo of the record itself."),
    ("release_not_found", "The release is not in this marketplace's catalogue."),
)


class Offer(NamedTuple):
    """An offer of one copy: platform, state, address and, for a failed one, the reason."""

    platform: str
    status: str
    external_id: str
    url: str
    error: tuple[str, str] | None


def _offer(platform: str, status: str, rng: random.Random) -> Offer:
    external = str(rng.randrange(10**9, 10**12))
    return Offer(platform, status, external, f"https://{platform}.example/item/{external}", None)


def _failed(platform: str, rng: random.Random) -> Offer:
    return Offer(platform, "failed", "", "", rng.choice(_ERRORS))


def _platforms(rng: random.Random) -> list[str]:
    chosen = [slug for slug, chance in zip(PLATFORMS, _CHANCES, strict=True) if rng.random() < chance]
    return chosen or [rng.choice(PLATFORMS)]


def draw_offers(status: str, rng: random.Random) -> list[Offer]:
    """Return the offers of a copy in this status; for one that was sold, the first is where it sold."""
    if status == "listed":
        offers = [_offer(slug, "listed", rng) for slug in _platforms(rng)]
        if len(offers) > 1 and rng.random() < 0.03:
            offers[-1] = _failed(offers[-1].platform, rng)
        return offers
    if status in ("sold", "shipped", "returned"):
        chosen = _platforms(rng)
        rng.shuffle(chosen)
        return [_offer(slug, "inactive" if at else "sold", rng) for at, slug in enumerate(chosen)]
    if status in ("archived", "ready-to-sell") and rng.random() < 0.15:
        return [_offer(rng.choice(PLATFORMS), "inactive", rng)]
    return []
