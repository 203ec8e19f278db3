"""Keys belong to the organization they were made for; owners see and revoke those of everybody in it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.server.databases import sqlite_only
from tests.server.fixture import ROOT
from tests.server.shop import HOST, Shop
from tests.server.team import join, place_of, signed_in


def _made(person: Shop, name: str = "Scanner") -> dict[str, Any]:
    made = person.post("api-keys/", {"name": name})
    assert made.status_code == 201, made.content
    return made.json()


def _by(shop: Shop, key: str) -> Shop:
    """Return a shop as a program sees it that has a key."""
    from django.test import Client

    return replace(shop, client=Client(raise_request_exception=False, HTTP_HOST=HOST, HTTP_X_API_KEY=key))


def _names(person: Shop, **query: str) -> list[str]:
    listed = person.get("api-keys/", query)
    assert listed.status_code == 200, listed.content
    return [row["name"] for row in listed.json()["results"]]


@pytest.fixture
def both(shop: Shop, other_shop: Shop) -> Shop:
    """The owner of one shop who is an admin of the other, signed in."""
    from instica_desktop.server.models import Membership

    Membership.objects.create(user=shop.user, organization=other_shop.organization, role="admin")
    return signed_in(shop)


def test_a_key_opens_the_organization_it_was_made_for_wherever_its_user_works(
    both: Shop, other_shop: Shop
) -> None:
    mine, theirs = both.item()["uid"], other_shop.item()["uid"]
    here = _by(both, _made(both)["key"])
    assert both.post("organization/switch/", {"uid": other_shop.organization.uid}).status_code == 200
    there = _by(both, _made(both)["key"])
    for key, organization, seen in (
        (here, both.organization, mine),
        (there, other_shop.organization, theirs),
    ):
        assert [row["uid"] for row in key.get("inventory/").json()["results"]] == [seen]
        assert key.get("user/me/").json()["organization"]["uid"] == organization.uid
        assert key.get("api-keys/current/").json()["organization"]["uid"] == organization.uid
    assert here.delete(f"inventory/{mine}/").status_code == 204  # an owner there, an admin here
    assert there.patch(f"inventory/{theirs}/", {"location": "A1"}).status_code == 200


def test_a_key_does_not_go_elsewhere(both: Shop, other_shop: Shop) -> None:
    key, other = _by(both, _made(both)["key"]), other_shop.organization.uid
    refused = key.post("organization/switch/", {"uid": other})
    assert (refused.status_code, "made for" in refused.json()["detail"]) == (409, True)
    assert both.get("user/me/").json()["organization"]["uid"] == both.organization.uid
    assert key.post("organization/switch/", {"uid": both.organization.uid}).status_code == 200


def test_changing_the_account_by_a_key_moves_nobody(both: Shop, other_shop: Shop) -> None:
    key = _by(both, _made(both)["key"])
    both.post("organization/switch/", {"uid": other_shop.organization.uid})
    tag = key.get("user/me/")["ETag"]
    renamed = key.patch(
        "user/me/", {"first_name": "Ann", "preferences": {"items_per_page": 7}}, HTTP_IF_MATCH=tag
    )
    assert renamed.status_code == 200
    assert (renamed.json()["first_name"], renamed.json()["preferences"]["items_per_page"]) == ("Ann", 7)
    assert renamed.json()["organization"]["uid"] == both.organization.uid
    assert both.get("user/me/").json()["organization"]["uid"] == other_shop.organization.uid


def test_a_key_reaches_keys_of_its_own_organization_and_a_sign_in_all_of_the_user(
    both: Shop, other_shop: Shop
) -> None:
    here = _made(both, "Here")
    both.post("organization/switch/", {"uid": other_shop.organization.uid})
    there = _made(both, "There")
    assert {"Here", "There"} <= set(_names(both))
    assert _names(_by(both, there["key"])) == ["There"]
    assert "There" not in _names(_by(both, here["key"]))
    path = f"api-keys/{there['id']}/"
    assert _by(both, here["key"]).post(f"{path}rotate/").status_code == 404
    assert _by(both, here["key"]).delete(path).status_code == 404
    assert both.delete(path).status_code == 204


def test_the_key_in_hand_says_what_it_is(shop: Shop) -> None:
    made = _made(shop)
    record = _by(shop, made["key"]).get("api-keys/current/").json()
    assert {name: record[name] for name in ("id", "name", "prefix")} == {
        name: made[name] for name in ("id", "name", "prefix")
    }
    assert record["organization"]["display_name"] == shop.organization.display_name
    assert record["user"]["username"] == shop.user.username
    assert "key" not in record
    refused = signed_in(shop).get("api-keys/current/")
    assert (refused.status_code, "token" in refused.json()["detail"]) == (404, True)


def test_an_owner_sees_and_revokes_the_keys_of_everybody(shop: Shop, other_shop: Shop) -> None:
    member = join(shop, "member")
    key = _made(member, "Till")
    _made(other_shop, "Elsewhere")
    path = f"api-keys/{key['id']}/"
    assert "Till" not in _names(shop)
    assert "Till" in _names(shop, all="true")
    assert "Elsewhere" not in _names(shop, all="true")
    assert shop.get(path).status_code == 404
    seen = shop.get(path, {"all": "true"}).json()
    assert (seen["user"]["username"], "key" in seen) == (member.user.username, False)
    assert shop.post(f"{path}rotate/?all=true").status_code == 404  # it would be a key in another's name
    assert shop.delete(f"{path}?all=true").status_code == 204
    assert _by(member, key["key"]).get("user/me/").status_code == 401


@pytest.mark.parametrize("role", ["admin", "member"])
def test_others_see_their_own_keys_only(shop: Shop, role: str) -> None:
    person, pk = join(shop, role), _made(shop)["id"]
    assert _names(person) == ["Test"]
    for refused in (
        person.get("api-keys/", {"all": "true"}),
        person.get(f"api-keys/{pk}/", {"all": "true"}),
        person.delete(f"api-keys/{pk}/?all=true"),
    ):
        assert refused.status_code == 403
    assert shop.errors(person.get("api-keys/", {"all": "perhaps"})).keys() == {"all"}


def test_the_keys_of_who_is_demoted_lose_what_the_role_lost(shop: Shop) -> None:
    person, uid = join(shop, "admin"), shop.item()["uid"]
    key = _by(person, _made(person)["key"])
    assert key.get("organization/" + f"{shop.organization.uid}/invites/").status_code == 200
    place = f"organization/{shop.organization.uid}/team/{place_of(person).uid}/"
    shop.patch(place, {"role": "member"})
    assert key.get("organization/" + f"{shop.organization.uid}/invites/").status_code == 403
    assert key.delete(f"inventory/{uid}/").status_code == 403
    assert key.patch(f"inventory/{uid}/", {"location": "A1"}).status_code == 200
    shop.patch(place, {"is_active": False})
    assert key.get(f"inventory/{uid}/").status_code == 403
    shop.delete(place)
    assert "not, or no longer, in this team" in key.get(f"inventory/{uid}/").json()["detail"]
    assert "Scanner" in _names(shop, all="true")  # and can be revoked for good


def test_a_repeated_request_is_known_in_its_organization_only(both: Shop, other_shop: Shop) -> None:
    here = [both.post("products/", {"title": "Aja"}, HTTP_IDEMPOTENCY_KEY="aja") for _ in range(2)]
    assert here[0].json() == here[1].json()
    colleague = join(both, "member").post("products/", {"title": "Aja"}, HTTP_IDEMPOTENCY_KEY="aja")
    assert (colleague.json()["uid"], colleague["Idempotent-Replayed"]) == (here[0].json()["uid"], "true")
    both.post("organization/switch/", {"uid": other_shop.organization.uid})
    there = both.post("products/", {"title": "Aja"}, HTTP_IDEMPOTENCY_KEY="aja")
    assert (there.status_code, there.json()["uid"] != here[0].json()["uid"]) == (201, True)
    assert both.get(f"products/{there.json()['uid']}/").status_code == 200
    assert both.post("products/", {"title": "Gaucho"}, HTTP_IDEMPOTENCY_KEY="aja").status_code == 409


def test_what_concerns_the_account_is_repeated_for_its_user_alone(shop: Shop) -> None:
    ticket = {"category": "bug", "subject": "Scanner", "message": "It beeps."}
    person = join(shop, "member")
    first = shop.post("user/support/", ticket, HTTP_IDEMPOTENCY_KEY="help")
    again = shop.post("user/support/", ticket, HTTP_IDEMPOTENCY_KEY="help")
    other = person.post("user/support/", ticket, HTTP_IDEMPOTENCY_KEY="help")
    assert first.json() == again.json()
    assert (other.status_code, other.json()["uid"] != first.json()["uid"]) == (201, True)


_UPDATE = """
import sqlite3, sys
from pathlib import Path
from instica_desktop.server.settings import configure
from instica_desktop.server.storage import database
from instica_desktop.server.storage.folder import ShopFolder

folder = ShopFolder(Path(sys.argv[1]))
folder.prepare()
configure(folder.root, hosts={"127.0.0.1:8000"})
from django.core.management import call_command
from django.db import connection

call_command("migrate", "shop", "0019", verbosity=0)
from django.utils import timezone
now = timezone.now().isoformat(" ")
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO shop_organization (uid, display_name, slug, default_barcode_type, logo, created) "
        "VALUES ('o1', 'Old shop', 'old', 'code128', '', '2026-01-01')"
    )
    for number, organization in ((1, "1"), (2, "NULL")):
        cursor.execute(
            "INSERT INTO shop_user (password, uid, username, email, first_name, last_name, phone_number, "
            "email_verified, is_active, can_manage_api_environment, preferences, organization_id) "
            f"VALUES ('!', 'u{number}', 'user{number}', '', '', '', '', 0, 1, 1, '{{}}', {organization})"
        )
        from instica_desktop.server.domain.digests import digest_of
        key = f"ik_{number}" + "x" * 40
        cursor.execute(
            "INSERT INTO shop_apikey (user_id, name, prefix, digest, created, is_active, of_run) "
            "VALUES (%s, 'Old', %s, %s, %s, 1, 0)", [number, key[:11], digest_of(key), now]
        )
    cursor.execute(
        "INSERT INTO shop_membership (uid, user_id, organization_id, role, joined, is_active) "
        "VALUES ('m1', 1, 1, 'owner', '2026-01-01', 1)"
    )
    cursor.execute(f"PRAGMA application_id={database.APPLICATION_ID}")
    cursor.execute("PRAGMA user_version=19")
connection.close()
database.open_database(folder)
from django.test import Client

for number in (1, 2):
    client = Client(HTTP_HOST="127.0.0.1:8000", HTTP_X_API_KEY=f"ik_{number}" + "x" * 40)
    me = client.get("/api/v1/user/me/").json()["organization"]
    current = client.get("/api/v1/api-keys/current/").json()["organization"]
    stock = client.get("/api/v1/inventory/")
    print(me and me["uid"], current and current["uid"], stock.status_code, stock.json().get("detail", ""))
"""


@sqlite_only
def test_keys_from_before_open_what_they_opened(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _UPDATE, str(tmp_path / "old")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "o1 o1 200 ",
        "None None 403 This key belongs to no organization and opens only the account. "
        "Make a new key to work with.",
    ], done.stderr
