"""The first schema: accounts, catalogue, inventory, orders, answered requests."""

# pyright: reportArgumentType=false

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import instica_desktop.server.domain.uids
import instica_desktop.server.models.columns


class Migration(migrations.Migration):
    """Makes all tables and their indexes."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "uid",
                    models.CharField(
                        default=instica_desktop.server.domain.uids.new_uid,
                        editable=False,
                        max_length=64,
                        unique=True,
                    ),
                ),
                ("username", models.CharField(blank=True, default="", max_length=150, unique=True)),
                ("email", models.CharField(blank=True, default="", max_length=254)),
                ("first_name", models.CharField(blank=True, default="", max_length=150)),
                ("last_name", models.CharField(blank=True, default="", max_length=150)),
                ("phone_number", models.CharField(blank=True, default="", max_length=32)),
                ("email_verified", models.BooleanField(default=False)),
                ("can_manage_api_environment", models.BooleanField(default=True)),
                ("preferences", instica_desktop.server.models.columns.JSONText(blank=True, default=dict)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Item",
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
                ("name", models.CharField(blank=True, default="", max_length=1000)),
                ("condition_item", models.CharField(blank=True, default="", max_length=16)),
                ("condition_container", models.CharField(blank=True, default="", max_length=16)),
                ("status", models.CharField(blank=True, default="draft", max_length=16)),
                ("status_by", models.CharField(blank=True, default="", max_length=16)),
                ("status_before_shipment", models.CharField(blank=True, default="", max_length=16)),
                ("price_item_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("price_shipping_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("cost_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("expected_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("manual_sku", models.CharField(blank=True, default="", max_length=100)),
                ("manual_description", models.TextField(blank=True, default="")),
                ("condition_notes", models.TextField(blank=True, default="")),
                ("location", models.CharField(blank=True, default="", max_length=100)),
                ("barcode", models.CharField(blank=True, default="", max_length=64)),
                ("tags", instica_desktop.server.models.columns.JSONText(blank=True, default=list)),
                ("tag_keys", models.TextField(blank=True, default="")),
                ("weight_grams", models.IntegerField(blank=True, default=None, null=True)),
                ("acquired_at", models.DateTimeField(default=None, null=True)),
                ("listed_at", models.DateTimeField(default=None, null=True)),
                ("sold_at", models.DateTimeField(default=None, null=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated", models.DateTimeField(default=django.utils.timezone.now)),
                ("price_total_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("grade_rank", models.IntegerField(blank=True, default=None, null=True)),
                ("is_listed", models.BooleanField(default=False)),
                ("start_day", models.IntegerField(default=0)),
                ("end_day", models.IntegerField(blank=True, default=None, null=True)),
                ("title_key", models.TextField(default=None, editable=False, null=True)),
                ("name_key", models.TextField(default=None, editable=False, null=True)),
                ("sku_key", models.TextField(default=None, editable=False, null=True)),
                ("location_key", models.TextField(default=None, editable=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Organization",
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
                ("display_name", models.CharField(blank=True, default="", max_length=255)),
                ("slug", models.CharField(blank=True, default="", max_length=255)),
                ("default_barcode_type", models.CharField(blank=True, default="code128", max_length=16)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, default="", max_length=100)),
                ("prefix", models.CharField(blank=True, db_index=True, default="", max_length=16)),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_used", models.DateTimeField(default=None, null=True)),
                ("is_active", models.BooleanField(default=True)),
                ("of_run", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="api_keys", to="shop.user"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Listing",
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
                ("status", models.CharField(blank=True, default="draft", max_length=16)),
                ("title", models.CharField(blank=True, default="", max_length=1000)),
                ("price_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("external_id", models.CharField(blank=True, default="", max_length=100)),
                ("url", models.CharField(blank=True, default="", max_length=500)),
                ("error_code", models.CharField(blank=True, default="", max_length=100)),
                ("error_message", models.CharField(blank=True, default="", max_length=1000)),
                ("listed_at", models.DateTimeField(default=None, null=True)),
                ("updated", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="listings", to="shop.item"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Order",
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
                ("order_id", models.CharField(blank=True, default="", max_length=100)),
                ("status", models.CharField(blank=True, default="awaiting_shipment", max_length=32)),
                ("status_before_shipment", models.CharField(blank=True, default="", max_length=32)),
                ("platform", models.CharField(blank=True, default="", max_length=32)),
                ("buyer_name", models.CharField(blank=True, default="", max_length=255)),
                ("buyer_note", models.TextField(blank=True, default="")),
                ("sale_price_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("marketplace_fee_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("platform_fee_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("shipping_cost_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                (
                    "address",
                    instica_desktop.server.models.columns.JSONText(blank=True, default=None, null=True),
                ),
                ("sold_at", models.DateTimeField()),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "listing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="shop.listing",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="shop.organization",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Label",
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
                ("name", models.CharField(blank=True, default="", max_length=500)),
                ("folded", models.CharField(blank=True, default="", max_length=1000)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="labels",
                        to="shop.organization",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="item",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="shop.organization"
            ),
        ),
        migrations.CreateModel(
            name="Artist",
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
                ("name", models.CharField(blank=True, default="", max_length=500)),
                ("folded", models.CharField(blank=True, default="", max_length=1000)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="artists",
                        to="shop.organization",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="user",
            name="organization",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="users",
                to="shop.organization",
            ),
        ),
        migrations.CreateModel(
            name="Product",
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
                ("title", models.CharField(blank=True, default="", max_length=1000)),
                ("type", models.CharField(blank=True, default="physical", max_length=16)),
                ("catalog_number", models.CharField(blank=True, default="", max_length=200)),
                ("barcode", models.CharField(blank=True, default="", max_length=64)),
                ("year", models.IntegerField(blank=True, default=None, null=True)),
                ("format", models.CharField(blank=True, default="", max_length=200)),
                ("country", models.CharField(blank=True, default="", max_length=100)),
                ("genres", instica_desktop.server.models.columns.JSONText(blank=True, default=list)),
                ("tags", instica_desktop.server.models.columns.JSONText(blank=True, default=list)),
                ("tag_keys", models.TextField(blank=True, default="")),
                ("marketplace_description", models.TextField(blank=True, default="")),
                ("license_type", models.CharField(blank=True, default="", max_length=100)),
                ("license_notes", models.TextField(blank=True, default="")),
                ("discogs_release_id", models.IntegerField(blank=True, default=None, null=True)),
                ("uploadable_to_redbubble", models.BooleanField(default=False)),
                ("sleeve", models.CharField(blank=True, db_index=True, default="", max_length=64)),
                ("image", models.CharField(blank=True, db_index=True, default="", max_length=200)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated", models.DateTimeField(default=django.utils.timezone.now)),
                ("total_count", models.IntegerField(default=0)),
                ("listed_count", models.IntegerField(default=0)),
                ("available_count", models.IntegerField(default=0)),
                ("has_listed", models.BooleanField(default=False)),
                ("price_min_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("price_max_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("title_key", models.TextField(default=None, editable=False, null=True)),
                ("artist_key", models.TextField(default=None, editable=False, null=True)),
                (
                    "artist",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="shop.artist",
                    ),
                ),
                (
                    "label",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="shop.label",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="shop.organization",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="item",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="shop.product"
            ),
        ),
        migrations.CreateModel(
            name="DigitalAsset",
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
                ("filename", models.CharField(blank=True, default="", max_length=255)),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digital_assets",
                        to="shop.product",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Shipment",
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
                ("carrier", models.CharField(blank=True, default="", max_length=32)),
                ("service", models.CharField(blank=True, default="", max_length=100)),
                ("tracking_number", models.CharField(blank=True, default="", max_length=100)),
                ("status", models.CharField(blank=True, default="label_created", max_length=16)),
                ("weight_grams", models.IntegerField(blank=True, default=None, null=True)),
                ("cost_cents", models.BigIntegerField(blank=True, default=None, null=True)),
                ("shipped_at", models.DateTimeField(default=None, null=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shipments", to="shop.order"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IdempotencyRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(blank=True, default="", max_length=255)),
                ("fingerprint", models.CharField(blank=True, default="", max_length=64)),
                ("status", models.IntegerField(default=0)),
                ("body", models.TextField(blank=True, default=None, null=True)),
                ("created", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="idempotency_records",
                        to="shop.user",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="idempotency_once")],
            },
        ),
        migrations.CreateModel(
            name="Asset",
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
                ("kind", models.CharField(blank=True, default="item", max_length=16)),
                ("position", models.IntegerField(default=0)),
                ("is_primary", models.BooleanField(default=False)),
                ("stem", models.CharField(blank=True, db_index=True, default="", max_length=200)),
                ("suffix", models.CharField(blank=True, default="", max_length=8)),
                ("width", models.IntegerField(blank=True, default=None, null=True)),
                ("height", models.IntegerField(blank=True, default=None, null=True)),
                ("bytes", models.IntegerField(blank=True, default=None, null=True)),
                ("sha256", models.CharField(blank=True, default=None, max_length=64, null=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assets", to="shop.item"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("item", "sha256"), name="asset_once")],
            },
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["platform", "item"], name="listing_platform"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["organization", "-sold_at", "uid"], name="order_sold"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["organization", "-created", "uid"], name="order_created"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["organization", "status", "uid"], name="order_status"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["organization", "platform", "uid"], name="order_platform"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["organization", "sale_price_cents", "uid"], name="order_price"),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.UniqueConstraint(fields=("organization", "folded"), name="label_once"),
        ),
        migrations.AddConstraint(
            model_name="artist",
            constraint=models.UniqueConstraint(fields=("organization", "folded"), name="artist_once"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["organization", "-created", "uid"], name="product_created"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["organization", "-updated", "uid"], name="product_updated"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["organization", "title_key", "uid"], name="product_title"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["organization", "artist_key", "uid"], name="product_artist"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                fields=["organization", "has_listed", "-created", "uid"], name="product_listed"
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["organization", "price_min_cents", "uid"], name="product_low"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["organization", "price_max_cents", "uid"], name="product_high"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["organization", "total_count", "uid"], name="product_total"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["type"], name="product_type"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "-created", "uid"], name="item_created"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "-updated", "uid"], name="item_updated"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "title_key", "uid"], name="item_title"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "name_key", "uid"], name="item_name"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "price_total_cents", "uid"], name="item_price"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "status", "-created", "uid"], name="item_status"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "grade_rank", "uid"], name="item_grade"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "sku_key", "uid"], name="item_sku"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "start_day", "end_day", "uid"], name="item_days"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "is_listed", "-created", "uid"], name="item_listed"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "location_key", "uid"], name="item_shelf"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["product", "-created"], name="item_product_newest"),
        ),
    ]
