"""An owner for each organization there is, and the plans.

Apart from the tables' own migration: PostgreSQL does not change tables with rows fresh in the transaction.
"""

from django.db import migrations

_PLANS = (
    # name, description, monthly and yearly price in cents, popular, limits (None = none, 0 = not included)
    ("Starter", "For a first crate of records.", 900, 9_000, False, (250, 100, 1, 0, 0, 0, 10_000)),
    (
        "Pro",
        "For a shop that sells every day.",
        2_900,
        29_000,
        True,
        (5_000, 2_500, 5, None, None, None, 100_000),
    ),
    (
        "Business",
        "For a team with a warehouse.",
        7_900,
        79_000,
        False,
        (None, None, None, None, None, None, None),
    ),
)
_FEATURES = (
    "inventory_items",
    "listings",
    "team_members",
    "bulk_edit",
    "csv_import",
    "analytics",
    "api_requests_per_month",
)


def make_owners(apps, schema_editor):
    """Make each user the owner of the organization they have: until now there was nobody else in it."""
    membership = apps.get_model("shop", "Membership")
    for user in apps.get_model("shop", "User").objects.filter(organization__isnull=False):
        membership.objects.create(user=user, organization_id=user.organization_id, role="owner")


def make_plans(apps, schema_editor):
    """Add the plans one can subscribe to."""
    plan = apps.get_model("shop", "Plan")
    for position, (name, description, monthly, yearly, popular, limits) in enumerate(_PLANS):
        slug = name.lower()
        plan.objects.update_or_create(
            slug=slug,
            defaults={
                "name": name,
                "description": description,
                "price_monthly_cents": monthly,
                "price_yearly_cents": yearly,
                "currency": "USD",
                "features": [
                    {"name": feature, "limit": limit}
                    for feature, limit in zip(_FEATURES, limits, strict=True)
                ],
                "is_popular": popular,
                "stripe_monthly_price_id": f"price_{slug}_monthly",
                "stripe_yearly_price_id": f"price_{slug}_yearly",
                "position": position,
            },
        )


class Migration(migrations.Migration):
    """Adds rows only."""

    dependencies = [
        ("shop", "0005_organization"),
    ]

    operations = [
        migrations.RunPython(make_owners, migrations.RunPython.noop),
        migrations.RunPython(make_plans, migrations.RunPython.noop),
    ]
