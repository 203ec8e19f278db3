"""A purchase in the App Store pays for one organization, also for two that show it at the same moment."""

# pyright: reportArgumentType=false

from typing import Any

from django.db import migrations, models


def _keep_the_first(apps: Any, editor: Any) -> None:
    """Leave a purchase that two organizations hold with the first; the other's plan still runs to its end."""
    subscription, seen = apps.get_model("shop", "Subscription"), set[str]()
    for row in subscription.objects.exclude(external_id="").order_by("pk"):
        if row.external_id in seen:
            subscription.objects.filter(pk=row.pk).update(external_id="")
        seen.add(row.external_id)


class Migration(migrations.Migration):
    """Adds the constraint."""

    dependencies = [
        ("shop", "0009_age_key"),
    ]

    operations = [
        migrations.RunPython(_keep_the_first, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("external_id",),
                name="purchase_once",
            ),
        ),
    ]
