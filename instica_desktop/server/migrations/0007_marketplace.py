"""Connections to marketplaces, and what the simulated marketplaces hold."""

# pyright: reportArgumentType=false

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import instica_desktop.server.domain.uids
import instica_desktop.server.models.columns


class Migration(migrations.Migration):
    """Adds the two tables."""

    dependencies = [
        ("shop", "0006_jobs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Connection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=instica_desktop.server.domain.uids.new_uid,
                        editable=False,
                        max_length=64,
                        unique=True,
                    ),
                ),
                ("platform", models.CharField(blank=True, default="", max_length=32)),
                ("account_name", models.CharField(blank=True, default="", max_length=255)),
                ("status", models.CharField(blank=True, default="connected", max_length=16)),
                ("error_code", models.CharField(blank=True, default="", max_length=100)),
                ("error_message", models.CharField(blank=True, default="", max_length=1000)),
                ("connected_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_synced", models.DateTimeField(default=None, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="connections",
                        to="shop.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "platform"), name="connection_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SimulatedOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("platform", models.CharField(blank=True, default="", max_length=32)),
                ("external_id", models.CharField(blank=True, default="", max_length=100)),
                ("title", models.CharField(blank=True, default="", max_length=1000)),
                ("price_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("facts", instica_desktop.server.models.columns.JSONText(blank=True, default=dict)),
                ("by_hand", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="simulated_offers",
                        to="shop.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "platform", "external_id"), name="simulated_offer_once"
                    )
                ],
            },
        ),
    ]
