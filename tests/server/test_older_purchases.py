"""A shop from before a purchase could pay for one organization only."""

import subprocess
import sys
from pathlib import Path

from tests.server.fixture import ROOT

_UPDATE = """
import sys
from pathlib import Path
from instica_desktop.server.settings import configure
from instica_desktop.server.storage import database
from instica_desktop.server.storage.folder import ShopFolder

folder = ShopFolder(Path(sys.argv[1]))
folder.prepare()
configure(folder.root, hosts=())
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

call_command("migrate", "shop", "0008", verbosity=0)
models = MigrationLoader(connection).project_state(("shop", "0008_scale")).apps
for number, purchase in enumerate(["", "P1", "P1", "P2", ""]):
    organization = models.get_model("shop", "Organization").objects.create(slug=f"shop-{number}")
    values = {"organization": organization, "external_id": purchase, "billing_provider": "apple"}
    models.get_model("shop", "Subscription").objects.create(**values)
with connection.cursor() as cursor:
    cursor.execute(f"PRAGMA application_id={database.APPLICATION_ID}")
    cursor.execute("PRAGMA user_version=8")
connection.close()
database.open_database(folder)
from instica_desktop.server.models import Subscription

print([(row.external_id, row.is_active) for row in Subscription.objects.order_by("pk")])
"""


def test_a_purchase_of_two_organizations_stays_with_the_first(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _UPDATE, str(tmp_path / "old")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    purchases = [("", True), ("P1", True), ("", True), ("P2", True), ("", True)]
    assert done.stdout.splitlines() == [str(purchases)], done.stderr
