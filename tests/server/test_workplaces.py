"""A person of several organizations: where they may work, where they do, and what a switch changes."""

from typing import Any

import pytest

from tests.server.shop import Shop
from tests.server.team import place_of, signed_in


def _switch(shop: Shop, uid: Any) -> Any:
    return shop.post("organization/switch/", {"uid": uid})


def _places(shop: Shop) -> list[tuple[str, str, bool, bool]]:
    rows = shop.get("organization/").json()["results"]
    return [(row["uid"], row["role"], row["is_active"], row["is_current"]) for row in rows]


@pytest.fixture
def both(shop: Shop, other_shop: Shop) -> tuple[Shop, str]:
    """A person who owns one shop and helps in another: (what they see signed in, the other one's uid)."""
    from instica_desktop.server.models import Membership

    Membership.objects.create(user=shop.user, organization=other_shop.organization, role="member")
    return signed_in(shop), other_shop.organization.uid


def test_the_places_where_one_may_work(both: tuple[Shop, str]) -> None:
    shop, other = both
    assert _places(shop) == [
        (shop.organization.uid, "owner", True, True),
        (other, "member", True, False),
    ]
    record = shop.get("organization/").json()["results"][1]
    assert set(record) == {"uid", "display_name", "slug", "role", "is_active", "member", "is_current"}
    assert shop.get("organization/").json()["results"][0]["member"] == place_of(shop).uid


def test_a_switch_changes_all_one_sees_and_may(both: tuple[Shop, str], other_shop: Shop) -> None:
    shop, other = both
    mine, theirs = shop.item()["uid"], other_shop.item()["uid"]
    switched = _switch(shop, other)
    assert (switched.status_code, switched.json()["uid"]) == (200, other)
    assert switched.json() == shop.get(f"organization/{other}/").json()
    assert switched["ETag"] == shop.get(f"organization/{other}/")["ETag"]
    assert shop.get("user/me/").json()["organization"]["uid"] == other
    assert [row["uid"] for row in shop.get("inventory/").json()["results"]] == [theirs]
    assert [shop.get(f"inventory/{uid}/").status_code for uid in (mine, theirs)] == [404, 200]
    assert shop.get(f"organization/{shop.organization.uid}/").status_code == 404
    assert shop.delete(f"inventory/{theirs}/").status_code == 403  # a member there
    assert [current for *_, current in _places(shop)] == [False, True]
    assert _switch(shop, shop.organization.uid).status_code == 200
    assert [shop.get(f"inventory/{uid}/").status_code for uid in (mine, theirs)] == [200, 404]


def test_switching_to_where_one_works_changes_nothing(shop: Shop) -> None:
    assert _switch(shop, shop.organization.uid).json()["uid"] == shop.organization.uid
    assert _places(shop) == [(shop.organization.uid, "owner", True, True)]


@pytest.mark.parametrize("uid", ["nobodys", "x\u00e9", "switch"])
def test_a_place_that_is_none_is_absent(shop: Shop, uid: str) -> None:
    assert (_switch(shop, uid).status_code, _switch(shop, uid).json()) == (404, {"detail": "Not found."})


def test_who_is_no_member_or_suspended_finds_nothing_there(both: tuple[Shop, str], other_shop: Shop) -> None:
    from instica_desktop.server.models import Membership

    shop, other = both
    assert _switch(other_shop, shop.organization.uid).status_code == 404
    Membership.objects.filter(user=shop.user, organization__uid=other).update(is_active=False)
    assert _switch(shop, other).status_code == 404
    assert _places(shop)[1] == (other, "member", False, False)


def test_who_is_suspended_or_nowhere_can_go_elsewhere(both: tuple[Shop, str]) -> None:
    from instica_desktop.server.models import Membership, User

    shop, other = both
    Membership.objects.filter(pk=place_of(shop).pk).update(is_active=False)
    assert shop.get("inventory/").status_code == 403
    assert _switch(shop, other).status_code == 200
    assert shop.get("inventory/").status_code == 200
    User.objects.filter(pk=shop.user.pk).update(organization=None)
    assert shop.get("inventory/").status_code == 403
    assert _switch(shop, other).status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"uid": None}, {"uid": 5}, {"uid": ""}, {"uid": "a\x00b"}, [], "x", None]
)
def test_a_bad_body_is_400(shop: Shop, body: Any) -> None:
    assert shop.errors(shop.post("organization/switch/", body))
    assert shop.get("user/me/").json()["organization"]["uid"] == shop.organization.uid


def test_no_other_method_is_there(shop: Shop) -> None:
    assert shop.get("organization/switch/").status_code == 405
    assert shop.post("organization/", {}).status_code == 405
