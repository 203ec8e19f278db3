"""Plans and subscriptions."""

# pyright: reportArgumentType=false

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import instica_desktop.server.domain.uids
import instica_desktop.server.models.columns


class Migration(migrations.Migration):
    """Adds the two tables."""

    dependencies = [
        ("shop", "0002_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Plan",
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
                ("name", models.CharField(blank=True, default="", max_length=100)),
                ("slug", models.CharField(blank=True, default="", max_length=50, unique=True)),
                ("description", models.TextField(blank=True, default="")),
                ("price_monthly_cents", models.IntegerField(default=0)),
                ("price_yearly_cents", models.IntegerField(default=0)),
                ("currency", models.CharField(blank=True, default="USD", max_length=3)),
                ("features", instica_desktop.server.models.columns.JSONText(blank=True, default=list)),
                ("is_popular", models.BooleanField(default=False)),
                ("stripe_monthly_price_id", models.CharField(blank=True, default="", max_length=100)),
                ("stripe_yearly_price_id", models.CharField(blank=True, default="", max_length=100)),
                ("position", models.IntegerField(default=0)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("billing_provider", models.CharField(blank=True, default="none", max_length=16)),
                ("is_active", models.BooleanField(default=True)),
                ("current_period_start", models.DateTimeField(default=django.utils.timezone.now)),
                ("current_period_end", models.DateTimeField(default=None, null=True)),
                ("cancel_at_period_end", models.BooleanField(default=False)),
                ("trial_end", models.DateTimeField(default=None, null=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscription",
                        to="shop.organization",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="shop.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
