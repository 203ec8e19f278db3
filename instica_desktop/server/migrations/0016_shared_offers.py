"""Copies of a product can share one offer, which then has a quantity."""

# pyright: reportArgumentType=false

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the further copies in an offer, and the quantities that marketplaces were told of and have."""

    dependencies = [("shop", "0015_import_identity")]
    operations = [
        migrations.AddField("listing", "quantity", models.IntegerField(default=1)),
        migrations.AddField("simulatedoffer", "quantity", models.IntegerField(default=1)),
        migrations.CreateModel(
            name="ListingCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_out", models.BooleanField(default=False)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shares", to="shop.item"
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="copies", to="shop.listing"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("listing", "item"), name="listing_copy_once")]
            },
        ),
    ]
