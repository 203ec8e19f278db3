"""Who owns an organization from the start: a new one, and one from before there were roles."""

import subprocess
import sys
from pathlib import Path

from tests.server.fixture import ROOT
from tests.server.shop import Shop
from tests.server.team import place_of, signed_in

_UPDATE = """
import sqlite3, sys
from pathlib import Path
from instica_desktop.server.settings import configure
from instica_desktop.server.storage import database
from instica_desktop.server.storage.folder import ShopFolder

folder = ShopFolder(Path(sys.argv[1]))
folder.prepare()
configure(folder.root, hosts=())
from django.core.management import call_command
from django.db import connection

call_command("migrate", "shop", "0003", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO shop_organization (uid, display_name, slug, default_barcode_type, created) "
        "VALUES ('o1', 'Old shop', 'old', 'code128', '2026-01-01')"
    )
    for number, organization in ((1, "1"), (2, "NULL")):
        cursor.execute(
            "INSERT INTO shop_user (password, uid, username, email, first_name, last_name, phone_number, "
            "email_verified, can_manage_api_environment, preferences, organization_id) "
            f"VALUES ('!', 'u{number}', 'user{number}', '', '', '', '', 0, 1, '{{}}', {organization})"
        )
    cursor.execute(f"PRAGMA application_id={database.APPLICATION_ID}")
    cursor.execute("PRAGMA user_version=3")
connection.close()
database.open_database(folder)
from instica_desktop.server.models import Membership, Plan

print([(row.user.username, row.role, row.is_active) for row in Membership.objects.all()])
print([plan.slug for plan in Plan.objects.order_by("position")])
"""


def test_an_older_shop_gets_its_owner_and_the_plans(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _UPDATE, str(tmp_path / "old")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "[('user1', 'owner', True)]",
        "['starter', 'pro', 'business']",
    ], done.stderr
    assert list((tmp_path / "old" / "backups").glob("shop-format3-*.sqlite3"))


def test_who_is_made_with_an_organization_owns_it(shop: Shop) -> None:
    assert (place_of(shop).role, place_of(shop).is_active) == ("owner", True)
    shop.user.first_name = "Anna"
    shop.user.save()
    assert shop.get(f"organization/{shop.organization.uid}/").json()["member_count"] == 1


def test_who_is_given_an_organization_later_has_no_role_in_it(shop: Shop, other_shop: Shop) -> None:
    other_shop.user.organization = shop.organization
    other_shop.user.save()
    assert signed_in(other_shop).get("inventory/").status_code == 403
    assert shop.get(f"organization/{shop.organization.uid}/").json()["member_count"] == 1
