"""Plans, what is used of them, and where their limits bind."""

from datetime import timedelta
from typing import Any

import pytest

from tests.server.shop import Shop, picture
from tests.server.team import code_in, give_email, join

STATUS = {
    "is_active",
    "plan",
    "billing_provider",
    "current_period_end",
    "cancel_at_period_end",
    "trial_end",
    "usage",
}


def _subscribe(shop: Shop, slug: str = "starter", **fields: Any) -> Any:
    """Give the shop a plan as if it had been bought; `limits` replaces some of the plan's."""
    from django.utils import timezone

    from instica_desktop.server.models import Plan, Subscription

    plan = Plan.objects.get(slug=slug)
    limits = fields.pop("limits", None)
    if limits is not None:
        features = [{**row, "limit": limits.get(row["name"], row["limit"])} for row in plan.features]
        name = f"{slug}-{shop.organization.pk}"
        plan = Plan.objects.create(name=plan.name, slug=name, features=features, position=9)
    values = {"billing_provider": "stripe", "current_period_end": timezone.now() + timedelta(days=5)}
    values |= {"plan": plan, **fields}
    return Subscription.objects.update_or_create(organization=shop.organization, defaults=values)[0]


def test_plans_are_a_bare_array_with_the_published_fields(shop: Shop) -> None:
    sold = ["starter", "pro", "business"]  # other tests make plans of their own
    rows = [row for row in shop.get("subscriptions/plans/").json() if row["slug"] in sold]
    assert [row["slug"] for row in rows] == sold
    assert set(rows[0]) == {
        "uid",
        "name",
        "slug",
        "description",
        "price_monthly",
        "price_yearly",
        "currency",
        "features",
        "is_popular",
        "stripe_monthly_price_id",
        "stripe_yearly_price_id",
    }
    assert (rows[1]["price_monthly"], rows[1]["price_yearly"], rows[1]["currency"]) == (
        "29.00",
        "290.00",
        "USD",
    )
    assert [feature["name"] for feature in rows[0]["features"]] == [
        "inventory_items",
        "listings",
        "team_members",
        "bulk_edit",
        "csv_import",
        "analytics",
        "api_requests_per_month",
    ]
    assert {feature["limit"] for feature in rows[2]["features"]} == {None}


def test_a_shop_on_its_own_server_has_no_plan_and_no_limit(shop: Shop) -> None:
    shop.item()
    status = shop.get("subscriptions/status/").json()
    assert set(status) == STATUS
    assert status["is_active"] is True
    assert status["plan"] is None
    assert status["billing_provider"] == "none"
    assert status["current_period_end"] is None
    assert status["usage"]["inventory_items"] == {"used": 1, "limit": None}
    assert status["usage"]["team_members"] == {"used": 1, "limit": None}


def test_usage_counts_what_there_is(shop: Shop) -> None:
    from instica_desktop.server.models import Item, Listing

    _subscribe(shop)
    join(shop, "member")
    kept, sold = shop.item(), shop.order()
    Listing.objects.create(item=Item.objects.get(uid=kept["uid"]), platform="ebay", status="listed")
    Listing.objects.create(item=Item.objects.get(uid=kept["uid"]), platform="etsy", status="inactive")
    status = shop.get("subscriptions/status/").json()
    assert sold.listing.status == "sold"
    assert status["usage"]["inventory_items"] == {"used": 1, "limit": 250}
    assert status["usage"]["listings"] == {"used": 1, "limit": 100}
    assert status["usage"]["team_members"] == {"used": 2, "limit": 1}
    assert status["plan"]["slug"] == "starter"


def test_the_limit_of_items_binds(shop: Shop) -> None:
    _subscribe(shop, limits={"inventory_items": 1})
    product = shop.product()["uid"]
    shop.item(product)
    refused = shop.post("inventory/", {"product": product})
    assert refused.status_code == 402
    assert refused.json() == {
        "detail": "Your plan covers 1 inventory items. Choose a larger plan to add more."
    }
    assert shop.get("inventory/").json()["count"] == 1
    uid = shop.get("inventory/").json()["results"][0]["uid"]
    assert shop.patch(f"inventory/{uid}/", {"location": "A-1"}).status_code == 200
    assert shop.upload(f"inventory/{uid}/assets/", picture()).status_code == 201
    assert shop.delete(f"inventory/{uid}/").status_code == 204
    assert shop.post("inventory/", {"product": product}).status_code == 201


def test_the_limit_of_the_team_binds_invitations_and_joining(
    shop: Shop, other_shop: Shop, outbox: list[Any]
) -> None:
    _subscribe(shop, limits={"team_members": 2})
    invites = f"organization/{shop.organization.uid}/invites/"
    body = {"email": give_email(other_shop, "room@example.com"), "role": "member"}
    assert shop.post(invites, body).status_code == 201
    assert shop.post(invites, {"email": "none@example.com", "role": "member"}).status_code == 402
    assert len(outbox) == 1
    join(shop, "member")
    assert other_shop.post(f"invites/{code_in(outbox[0])}/accept/").status_code == 402
    assert other_shop.get("user/me/").json()["organization"]["uid"] == other_shop.organization.uid


def test_readmitting_a_member_needs_a_place(shop: Shop) -> None:
    from tests.server.team import place_of

    member = join(shop, "member")
    _subscribe(shop, limits={"team_members": 1})
    path = f"organization/{shop.organization.uid}/team/{place_of(member).uid}/"
    assert shop.patch(path, {"is_active": False}).status_code == 200
    assert shop.patch(path, {"is_active": True}).status_code == 402


@pytest.mark.parametrize(
    "fields",
    [
        {"is_active": False},
        {"plan": None},
        {"cancel_at_period_end": True, "current_period_end": "2020-01-01T00:00Z"},
        {"billing_provider": "apple", "current_period_end": "2020-01-01T00:00Z"},
    ],
)
def test_a_lapsed_plan_covers_nothing_new_but_reads(shop: Shop, fields: dict[str, Any]) -> None:
    uid = shop.item()["uid"]
    _subscribe(shop, **fields)
    assert shop.get("subscriptions/status/").json()["is_active"] is False
    assert shop.post("inventory/", {"product": shop.product()["uid"]}).status_code == 402
    assert shop.get(f"inventory/{uid}/").status_code == 200


def test_a_plan_paid_by_card_goes_on_and_its_invoices_follow(shop: Shop) -> None:
    from django.utils import timezone

    subscription = _subscribe(shop, current_period_end=timezone.now() - timedelta(days=40))
    before = shop.get("subscriptions/status/").json()
    assert before["is_active"] is True
    assert before["current_period_end"] > timezone.now().isoformat()
    assert shop.get("subscriptions/invoices/").json()["count"] == 0  # reading changes nothing
    assert shop.post("subscriptions/portal/").status_code == 200
    assert shop.get("subscriptions/invoices/").json()["count"] == 2
    assert shop.post("subscriptions/portal/").status_code == 200
    assert shop.get("subscriptions/invoices/").json()["count"] == 2
    subscription.refresh_from_db()
    assert shop.get("subscriptions/status/").json() == before


def test_features_are_there_or_not(shop: Shop) -> None:
    from instica_desktop.server.operations.entitlements import BULK_EDIT, PaymentRequired, require

    require(shop.organization, BULK_EDIT)
    _subscribe(shop, "pro")
    require(shop.organization, BULK_EDIT)
    _subscribe(shop)
    with pytest.raises(PaymentRequired):
        require(shop.organization, BULK_EDIT)


def test_billing_is_the_owners_and_an_admin_sees_the_invoices(shop: Shop) -> None:
    admin, member = join(shop, "admin"), join(shop, "member")
    for person in (admin, member):
        assert person.get("subscriptions/status/").status_code == 200
        assert person.post("subscriptions/checkout/", {"price_id": "price_pro_monthly"}).status_code == 403
    assert admin.get("subscriptions/invoices/").status_code == 200
    assert member.get("subscriptions/invoices/").status_code == 403


@pytest.mark.parametrize(
    ("start", "interval", "end"),
    [
        ("2026-01-31", "monthly", "2026-02-28"),
        ("2024-01-31", "monthly", "2024-02-29"),
        ("2026-12-05", "monthly", "2027-01-05"),
        ("2024-02-29", "yearly", "2025-02-28"),
    ],
)
def test_periods_follow_the_calendar(start: str, interval: str, end: str) -> None:
    from datetime import datetime

    from instica_desktop.server.domain.periods import period_after

    assert period_after(datetime.fromisoformat(start), interval) == datetime.fromisoformat(end)
