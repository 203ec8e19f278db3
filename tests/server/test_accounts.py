"""User and API keys."""

from typing import Any

import pytest

from tests.server.shop import Shop


def test_me_has_the_published_fields(shop: Shop) -> None:
    me = shop.get("user/me/").json()
    assert me["organization"]["display_name"] == shop.organization.display_name
    assert me["listing_eligibility"] == {"can_list_items": True, "error_code": None}
    assert me["preferences"]["measurement_system"] == "metric"


def test_me_changes_names_and_merges_preferences(shop: Shop) -> None:
    body = {"first_name": " Anna ", "username": "root", "preferences": {"items_per_page": 25}}
    me = shop.patch("user/me/", body).json()
    assert me["first_name"] == "Anna"
    assert me["username"] == shop.user.username
    assert me["preferences"]["items_per_page"] == 25
    assert shop.patch("user/me/", {"preferences": {"date_format": "dmy"}}).json()["preferences"] == {
        **me["preferences"],
        "date_format": "dmy",
    }


@pytest.mark.parametrize(
    "preferences",
    [
        {"items_per_page": 0},
        {"items_per_page": 101},
        {"timezone": "Mars/Olympus"},
        {"measurement_system": "royal"},
        {"preferred_notification_channels": ["pigeon"]},
        {"currency_display": "dollars"},
        [],
    ],
)
def test_bad_preferences_are_named(shop: Shop, preferences: Any) -> None:
    assert list(shop.errors(shop.patch("user/me/", {"preferences": preferences}))) == ["preferences"]


def test_me_is_guarded_by_its_tag(shop: Shop) -> None:
    tag = shop.get("user/me/")["ETag"]
    assert shop.patch("user/me/", {"first_name": "A"}, HTTP_IF_MATCH=tag).status_code == 200
    assert shop.patch("user/me/", {"first_name": "B"}, HTTP_IF_MATCH=tag).status_code == 412


def test_a_key_is_shown_once_and_opens_the_shop(shop: Shop) -> None:
    made = shop.post("api-keys/", {"name": "Scanner"})
    assert made.status_code == 201
    key = made.json()["key"]
    assert shop.get("inventory/", HTTP_X_API_KEY=key).status_code == 200
    listed = shop.get("api-keys/").json()
    assert [row["name"] for row in listed["results"]] == ["Test", "Scanner"]
    assert key not in shop.get("api-keys/").content.decode()
    detail = shop.get(f"api-keys/{made.json()['id']}/").json()
    assert "key" not in detail
    assert detail["last_used"] is not None
    assert key.startswith(detail["prefix"])


def test_rotation_kills_the_old_secret(shop: Shop) -> None:
    made = shop.post("api-keys/", {"name": "Scanner"}).json()
    rotated = shop.post(f"api-keys/{made['id']}/rotate/").json()
    assert rotated["id"] == made["id"]
    assert shop.get("user/me/", HTTP_X_API_KEY=made["key"]).status_code == 401
    assert shop.get("user/me/", HTTP_X_API_KEY=rotated["key"]).status_code == 200


def test_a_deleted_key_opens_nothing(shop: Shop) -> None:
    made = shop.post("api-keys/", {"name": "Scanner"}).json()
    assert shop.delete(f"api-keys/{made['id']}/").status_code == 204
    assert shop.get("user/me/", HTTP_X_API_KEY=made["key"]).status_code == 401
    assert shop.get(f"api-keys/{made['id']}/").status_code == 404


def test_keys_of_others_are_absent(shop: Shop, other_shop: Shop) -> None:
    pk = other_shop.post("api-keys/", {"name": "Theirs"}).json()["id"]
    assert shop.get(f"api-keys/{pk}/").status_code == 404
    assert shop.delete(f"api-keys/{pk}/").status_code == 404
    assert shop.post(f"api-keys/{pk}/rotate/").status_code == 404
    assert shop.get(f"api-keys/{10**30}/").status_code == 404


@pytest.mark.parametrize("name", ["", "   ", None, 5, "x" * 101, "a\x00b", "\ud800"])
def test_a_key_needs_a_proper_name(shop: Shop, name: Any) -> None:
    assert list(shop.errors(shop.post("api-keys/", {"name": name}))) == ["name"]


def test_a_secret_is_not_replayed(shop: Shop) -> None:
    first = shop.post("api-keys/", {"name": "Once"}, HTTP_IDEMPOTENCY_KEY="k1")
    again = shop.post("api-keys/", {"name": "Once"}, HTTP_IDEMPOTENCY_KEY="k1")
    assert first.status_code == 201
    assert again.status_code == 409
    from instica_desktop.server.models import IdempotencyRecord

    assert IdempotencyRecord.objects.get(user=shop.user).body is None
    assert len(shop.get("api-keys/").json()["results"]) == 2


def test_a_user_has_at_most_100_keys(shop: Shop, other_shop: Shop) -> None:
    made = [shop.post("api-keys/", {"name": str(number)}) for number in range(99)]
    assert {answer.status_code for answer in made} == {201}
    refused = shop.errors(shop.post("api-keys/", {"name": "One more"}))
    words = "A user can have 100 keys. Delete one that is no longer needed first."
    assert refused == {"non_field_errors": [words]}
    assert other_shop.post("api-keys/", {"name": "Theirs"}).status_code == 201
    first = made[0].json()["id"]
    assert shop.post(f"api-keys/{first}/rotate/").status_code == 200
    assert shop.delete(f"api-keys/{first}/").status_code == 204
    assert shop.post("api-keys/", {"name": "One more"}).status_code == 201


def test_platforms_are_a_bare_array(shop: Shop) -> None:
    rows = shop.get("platforms/").json()
    assert {row["slug"] for row in rows if row["is_selling_active"]} == {"ebay", "discogs", "etsy", "shopify"}
    assert set(rows[0]) == {"uid", "name", "slug", "url", "is_selling_active", "connection_url"}
