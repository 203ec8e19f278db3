"""Eligibility, help, devices, the use of the API, and the limits that are counted in the database."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.server.people import Person, mails_to, send, visitor
from tests.server.shop import Shop
from tests.server.team import signed_in

TICKET = {"category": "bug", "subject": "The label printer", "message": "It prints\nupside down."}


def _eligibility(client: Any) -> tuple[bool, str | None]:
    answer = client.get("/api/v1/user/listing-eligibility/").json()
    assert client.get("/api/v1/user/me/").json()["listing_eligibility"] == answer
    return answer["can_list_items"], answer["error_code"]


def _subscribe(shop: Shop, limit: int | None, **fields: Any) -> None:
    from instica_desktop.server.models import Plan, Subscription

    slug = f"plan-{shop.organization.uid}"
    features = [{"name": "listings", "limit": limit}, {"name": "inventory_items", "limit": None}]
    plan = Plan.objects.create(name="P", slug=slug, features=features)
    Subscription.objects.create(organization=shop.organization, plan=plan, **fields)


def test_who_has_a_password_lists_once_the_address_is_confirmed(data_dir: Path) -> None:
    person = Person.register(data_dir)
    assert _eligibility(person.client) == (False, "email_not_verified")
    send(visitor(), "/api/auth/email/verify/", {"token": person.code()})
    assert _eligibility(person.client) == (True, None)


def test_a_shop_on_its_own_server_may_list(shop: Shop) -> None:
    assert _eligibility(shop.client) == (True, None)


def test_a_plan_decides_who_may_list(shop: Shop) -> None:
    from instica_desktop.server.models import Subscription

    _subscribe(shop, 1)
    assert _eligibility(shop.client) == (True, None)
    _listed(shop)
    assert _eligibility(shop.client) == (False, "listing_limit_reached")
    Subscription.objects.filter(organization=shop.organization).update(is_active=False)
    assert _eligibility(shop.client) == (False, "subscription_required")


def _listed(shop: Shop) -> None:
    from instica_desktop.server.models import Item, Listing

    item = Item.objects.get(uid=shop.item(status="listed", price_item_usd="20.00")["uid"])
    Listing.objects.create(item=item, platform="discogs", status="listed", price_cents=2000)


def test_a_plan_without_listings_lists_nothing(shop: Shop) -> None:
    _subscribe(shop, 0)
    assert _eligibility(shop.client) == (False, "subscription_required")


def test_a_user_without_an_organization_lists_nothing(shop: Shop) -> None:
    shop.user.organization = None
    shop.user.save()
    assert _eligibility(signed_in(shop).client) == (False, "organization_required")


def _sent(shop: Shop, uid: str) -> list[Any]:
    """Return the mails about a ticket."""
    return [mail for mail in mails_to(shop.data_dir, "support@localhost") if uid in mail.get_content()]


def test_a_ticket_is_kept_and_sent_on(shop: Shop) -> None:
    person = Person.register(shop.data_dir)
    made = person.post("user/support/", {**TICKET, "subject": "Bcc: x"})
    assert made.status_code == 201
    ticket = made.json()
    assert ticket["status"] == "open"
    [mail] = _sent(shop, ticket["uid"])
    assert mail["Reply-To"] == person.email
    assert mail["Subject"] == "[bug] Bcc: x"
    assert "upside down." in mail.get_content()


def test_a_ticket_sent_twice_is_one(shop: Shop) -> None:
    first = shop.post("user/support/", TICKET, HTTP_IDEMPOTENCY_KEY="t1")
    again = shop.post("user/support/", TICKET, HTTP_IDEMPOTENCY_KEY="t1")
    assert first.json() == again.json()
    uid = first.json()["uid"]
    assert len(_sent(shop, uid)) == 1


def test_a_subject_has_one_line(shop: Shop) -> None:
    ticket = shop.post("user/support/", {**TICKET, "subject": "One\r\nBcc: everybody@example.com"}).json()
    [mail] = _sent(shop, ticket["uid"])
    assert mail["Bcc"] is None
    assert mail["Subject"] == "[bug] One Bcc: everybody@example.com"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "gossip"),
        ("category", None),
        ("subject", ""),
        ("subject", "x" * 201),
        ("subject", "a\x00b"),
        ("message", "  "),
        ("message", 5),
        ("message", "x" * 10_001),
        ("message", "\ud800"),
    ],
)
def test_a_ticket_that_cannot_be_is_named(shop: Shop, field: str, value: Any) -> None:
    assert list(shop.errors(shop.post("user/support/", {**TICKET, field: value}))) == [field]


def test_tickets_are_limited(shop: Shop) -> None:
    codes = [shop.post("user/support/", TICKET).status_code for _ in range(11)]
    assert codes == [201] * 10 + [429]


def test_a_device_is_registered_once_and_forgotten(shop: Shop) -> None:
    body = {"token": f"push-{shop.user.uid}", "platform": "ios", "name": "Phone"}
    made = shop.post("user/device-tokens/", body)
    assert made.status_code == 201
    assert set(made.json()) == {"uid", "platform", "name", "created"}
    again = shop.post("user/device-tokens/", {**body, "name": "My phone"})
    assert (again.status_code, again.json()["uid"]) == (200, made.json()["uid"])
    assert shop.get("user/device-tokens/").json() == [{**made.json(), "name": "My phone"}]
    path = f"user/device-tokens/{made.json()['uid']}/"
    assert shop.delete(path).status_code == 204
    assert shop.delete(path).status_code == 404


def test_a_device_that_changes_hands_leaves_its_old_owner(shop: Shop, other_shop: Shop) -> None:
    body = {"token": f"push-{shop.user.uid}", "platform": "android"}
    uid = shop.post("user/device-tokens/", body).json()["uid"]
    assert other_shop.delete(f"user/device-tokens/{uid}/").status_code == 404
    assert other_shop.post("user/device-tokens/", body).status_code == 201
    assert shop.get("user/device-tokens/").json() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("token", ""),
        ("token", "x" * 501),
        ("token", "a\x00b"),
        ("token", 5),
        ("platform", "fridge"),
        ("name", []),
    ],
)
def test_a_device_that_cannot_be_is_named(shop: Shop, field: str, value: Any) -> None:
    body = {"token": "t", "platform": "web", field: value}
    assert list(shop.errors(shop.post("user/device-tokens/", body))) == [field]


def test_use_is_counted_by_day_and_endpoint(shop: Shop, other_shop: Shop) -> None:
    uid = shop.item()["uid"]
    for _ in range(3):
        shop.get(f"inventory/{uid}/")
    shop.get("inventory/nobody/")
    shop.get("nothing/")
    visitor().get("/api/v1/inventory/")
    other_shop.get("inventory/")
    use = shop.get("api-usage/").json()
    assert {row["endpoint"]: row["count"] for row in use["by_endpoint"]} == {
        "GET /api/v1/inventory/{uid}/": 4,
        "POST /api/v1/inventory/": 1,
        "POST /api/v1/products/": 1,
    }
    assert use["by_endpoint"][0]["count"] == 4
    assert use["total_requests"] == sum(row["count"] for row in use["by_day"]) == 6
    assert use["period_start"][8:] == "01"
    assert use["period_start"] <= use["by_day"][0]["date"] <= use["period_end"]
    assert shop.get("api-usage/").json()["total_requests"] == 7


def test_use_of_another_month_is_not_shown(shop: Shop) -> None:
    from instica_desktop.server.models import ApiUse

    long_ago = datetime.now(UTC).date() - timedelta(days=40)
    ApiUse.objects.create(user=shop.user, day=long_ago, endpoint="GET /x/", count=9)
    assert shop.get("api-usage/").json()["total_requests"] == 0


def test_counts_of_several_processes_add_up(shop: Shop) -> None:
    from instica_desktop.server.operations.usage import UseCounter, usage_of

    counters = [UseCounter(), UseCounter()]
    for counter in counters:
        for _ in range(5):
            counter.count(shop.user.pk, "GET /api/v1/inventory/")
        counter.count(10**9, "GET /api/v1/inventory/")  # a user who is gone
        counter.flush()
        counter.flush()
    assert usage_of(shop.user)["total_requests"] == 10


def test_a_limit_holds_when_many_ask_at_once(shop: Shop) -> None:
    from django.db import connection
    from rest_framework.exceptions import Throttled

    from instica_desktop.server.web.throttles import Limit, throttle

    limit, outcomes = Limit("test", 3, 3600), []

    def ask() -> None:
        try:
            throttle(limit, shop.user.uid)
            outcomes.append("in")
        except Throttled:
            outcomes.append("out")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in"] * 3 + ["out"] * 7


def test_a_window_that_has_ended_begins_anew(shop: Shop) -> None:
    from rest_framework.exceptions import Throttled

    from instica_desktop.server.models import ThrottleCount
    from instica_desktop.server.web.throttles import Limit, throttle

    limit = Limit("window", 1, 3600)
    throttle(limit, shop.user.uid)
    for _ in range(2):
        with pytest.raises(Throttled):
            throttle(limit, shop.user.uid)
    row = ThrottleCount.objects.filter(key=limit.key(shop.user.uid))
    ends = row.get().ends
    with pytest.raises(Throttled):
        throttle(limit, shop.user.uid)
    assert row.get().ends == ends
    row.update(ends=1)
    throttle(limit, shop.user.uid)
    assert shop.user.uid not in str(list(ThrottleCount.objects.values()))


def test_the_general_limit_is_for_each_user(shop: Shop, other_shop: Shop) -> None:
    from django.test import override_settings

    with override_settings(SHOP_REQUESTS_PER_MINUTE=2):
        codes = [shop.get("platforms/").status_code for _ in range(3)]
        assert codes == [200, 200, 429]
        assert other_shop.get("platforms/").status_code == 200
        refused = shop.get("inventory/")
        assert refused.status_code == 429
        assert 0 < int(refused["Retry-After"]) <= 60
        assert visitor().get("/api/health/").status_code == 200
    assert shop.get("platforms/").status_code == 200
