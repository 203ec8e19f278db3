"""Memberships, invites, addresses, and what billing needs."""

# pyright: reportArgumentType=false

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import instica_desktop.server.domain.uids


class Migration(migrations.Migration):
    """Adds the tables."""

    dependencies = [
        ("shop", "0004_accounts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Address",
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
                ("full_name", models.CharField(blank=True, default="", max_length=200)),
                ("line1", models.CharField(blank=True, default="", max_length=200)),
                ("line2", models.CharField(blank=True, default="", max_length=200)),
                ("city", models.CharField(blank=True, default="", max_length=100)),
                ("state", models.CharField(blank=True, default="", max_length=100)),
                ("postal_code", models.CharField(blank=True, default="", max_length=32)),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("phone", models.CharField(blank=True, default="", max_length=32)),
                ("is_primary", models.BooleanField(default=False)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Checkout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("interval", models.CharField(blank=True, default="", max_length=16)),
                ("digest", models.CharField(blank=True, default="", max_length=64, unique=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires", models.DateTimeField()),
                ("completed", models.DateTimeField(default=None, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Invite",
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
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("role", models.CharField(blank=True, default="member", max_length=16)),
                ("digest", models.CharField(blank=True, default="", max_length=64, unique=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Invoice",
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
                ("number", models.CharField(blank=True, default="", max_length=32, unique=True)),
                ("description", models.CharField(blank=True, default="", max_length=200)),
                ("amount_cents", models.IntegerField(default=0)),
                ("currency", models.CharField(blank=True, default="USD", max_length=3)),
                ("status", models.CharField(blank=True, default="paid", max_length=16)),
                ("card", models.CharField(blank=True, default="", max_length=64)),
                ("period_start", models.DateTimeField()),
                ("period_end", models.DateTimeField()),
                ("issued_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                ("role", models.CharField(blank=True, default="owner", max_length=16)),
                ("joined", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_active", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="PaymentMethod",
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
                ("brand", models.CharField(blank=True, default="", max_length=32)),
                ("last4", models.CharField(blank=True, default="", max_length=4)),
                ("is_default", models.BooleanField(default=False)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name="organization",
            name="logo",
            field=models.CharField(blank=True, db_index=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="subscription",
            name="external_id",
            field=models.CharField(blank=True, db_index=True, default="", max_length=100),
        ),
        migrations.AddField(
            model_name="subscription",
            name="interval",
            field=models.CharField(blank=True, default="monthly", max_length=16),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.UniqueConstraint(
                condition=models.Q(("slug", ""), _negated=True),
                fields=("slug",),
                name="organization_slug_once",
            ),
        ),
        migrations.AddField(
            model_name="address",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="shop.organization"
            ),
        ),
        migrations.AddField(
            model_name="checkout",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="checkouts", to="shop.organization"
            ),
        ),
        migrations.AddField(
            model_name="checkout",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="checkouts", to="shop.plan"
            ),
        ),
        migrations.AddField(
            model_name="invite",
            name="accepted_by",
            field=models.ForeignKey(
                default=None,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="shop.user",
            ),
        ),
        migrations.AddField(
            model_name="invite",
            name="invited_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="shop.user"
            ),
        ),
        migrations.AddField(
            model_name="invite",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="invites", to="shop.organization"
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="invoices", to="shop.organization"
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="memberships",
                to="shop.organization",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="shop.user"
            ),
        ),
        migrations.AddField(
            model_name="paymentmethod",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="payment_methods",
                to="shop.organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_primary", True)),
                fields=("organization",),
                name="primary_address_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="invite",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_by__isnull", True)),
                fields=("organization", "email"),
                name="invite_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("user", "organization"), name="membership_once"),
        ),
        migrations.AddConstraint(
            model_name="paymentmethod",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("organization",), name="default_card_once"
            ),
        ),
    ]
