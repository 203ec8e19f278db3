"""The sample shop's accounts on the marketplaces where its listings are."""

import random
from datetime import datetime, timedelta

from instica_desktop.server.domain.platforms import SELLING
from instica_desktop.server.domain.uids import seeded_uid
from instica_desktop.server.models import Connection, Organization


def connect_all(organization: Organization, today: datetime, seed: int) -> None:
    """Connect the shop to each marketplace that has an interface; they are simulated, and say so."""
    rng = random.Random(f"{seed}:accounts")
    Connection.objects.bulk_create(
        Connection(
            uid=seeded_uid(rng),
            organization=organization,
            platform=platform,
            account_name=f"{organization.slug} (simulated)",
            connected_at=today - timedelta(days=rng.randrange(200, 700)),
            last_synced=today,
        )
        for platform in SELLING
    )
