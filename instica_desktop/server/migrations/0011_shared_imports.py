"""Products are found by catalogue number and barcode as compared; several workers can do one import."""

# pyright: reportArgumentType=false

from itertools import islice
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from instica_desktop.server.domain.text import compact

_CHUNK = 1_000


def _fill_keys(apps: Any, editor: Any) -> None:
    rows = apps.get_model("shop", "Product").objects.values_list("pk", "catalog_number", "barcode")
    known = rows.exclude(catalog_number="", barcode="").order_by("pk").iterator()
    with editor.connection.cursor() as cursor:
        while chunk := list(islice(known, _CHUNK)):
            cursor.executemany(
                "UPDATE shop_product SET catalog_key = %s, barcode_key = %s WHERE id = %s",
                [
                    (compact(number) or None, compact(barcode).lstrip("0") or None, key)
                    for key, number, barcode in chunk
                ],
            )


class Migration(migrations.Migration):
    """Adds two keys of products, and the pieces workers have in hand."""

    dependencies = [("shop", "0010_purchase_once")]
    operations = [
        migrations.AddField(
            model_name="product",
            name="barcode_key",
            field=models.TextField(default=None, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="product",
            name="catalog_key",
            field=models.TextField(default=None, editable=False, null=True),
        ),
        migrations.RunPython(_fill_keys, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["organization", "catalog_key"], name="product_catalogue_number"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["organization", "barcode_key"], name="product_barcode"),
        ),
        migrations.CreateModel(
            name="JobHand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("worker", models.CharField(blank=True, default="", max_length=100)),
                ("piece", models.BigIntegerField(default=0)),
                ("lease_until", models.DateTimeField()),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hands", to="shop.job"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("job", "piece"), name="job_piece_once"),
                    models.UniqueConstraint(fields=("job", "worker"), name="job_worker_once"),
                ]
            },
        ),
    ]
