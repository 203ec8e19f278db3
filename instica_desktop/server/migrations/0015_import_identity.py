"""Imports know records by what files call them, and tell what became of each row.

Artists and labels whose names differ only in Discogs' marks count as one from now on; those that were made before
stay, each with its products.
"""

# pyright: reportArgumentType=false

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import instica_desktop.server.models.columns
from instica_desktop.server.domain.names import name_key


def _compare_names(apps: Any, editor: Any) -> None:
    for kind in ("Artist", "Label"):
        rows = apps.get_model("shop", kind).objects
        marked = rows.filter(models.Q(name__contains="(") | models.Q(name__contains="*")).order_by("pk")
        for key, organization, name, folded in list(
            marked.values_list("pk", "organization", "name", "folded")
        ):
            bare = name_key(name)
            if bare != folded and not rows.filter(organization=organization, folded=bare).exists():
                rows.filter(pk=key).update(folded=bare)


class Migration(migrations.Migration):
    """Adds the keys, the rows' results and an index of products, and brings the names' form up to date."""

    dependencies = [("shop", "0014_decided_imports")]
    operations = [
        migrations.CreateModel(
            name="JobRows",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first", models.BigIntegerField(default=0)),
                ("new", models.IntegerField(default=0)),
                ("changed", models.IntegerField(default=0)),
                ("same", models.IntegerField(default=0)),
                ("error", models.IntegerField(default=0)),
                ("excluded", models.IntegerField(default=0)),
                ("made", models.IntegerField(default=0)),
                ("offered", models.IntegerField(default=0)),
                ("rows", instica_desktop.server.models.columns.JSONText(blank=True, default=list)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="shop.job"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("job", "first"), name="job_rows_once")],
            },
        ),
        migrations.CreateModel(
            name="SourceKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, default="", max_length=32)),
                ("number", models.CharField(blank=True, default="", max_length=100)),
                ("quantity", models.IntegerField(default=0)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="source_keys",
                        to="shop.organization",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="source_keys",
                        to="shop.item",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="source_keys",
                        to="shop.product",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "source", "number"], name="source_key_number")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["organization", "discogs_release_id"], name="product_release"),
        ),
        migrations.RunPython(_compare_names, migrations.RunPython.noop),
    ]
