"""Long work done behind the requests."""

# pyright: reportArgumentType=false

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import instica_desktop.server.domain.uids
import instica_desktop.server.models.columns


class Migration(migrations.Migration):
    """Adds the jobs."""

    dependencies = [
        ("shop", "0005_owners_and_plans"),
    ]

    operations = [
        migrations.CreateModel(
            name="Job",
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
                ("kind", models.CharField(blank=True, default="", max_length=32)),
                ("status", models.CharField(blank=True, default="queued", max_length=16)),
                ("payload", instica_desktop.server.models.columns.JSONText(blank=True, default=dict)),
                ("file", models.CharField(blank=True, default="", max_length=100)),
                ("total", models.IntegerField(default=0)),
                ("processed", models.IntegerField(default=0)),
                ("created_count", models.IntegerField(default=0)),
                ("updated_count", models.IntegerField(default=0)),
                ("skipped_count", models.IntegerField(default=0)),
                ("errors", instica_desktop.server.models.columns.JSONText(blank=True, default=list)),
                ("error_count", models.IntegerField(default=0)),
                ("checkpoint", models.BigIntegerField(default=0)),
                ("lease_until", models.DateTimeField(default=None, null=True)),
                ("lease_by", models.CharField(blank=True, default="", max_length=100)),
                ("attempts", models.IntegerField(default=0)),
                ("cancel_requested", models.BooleanField(default=False)),
                ("announced", models.DateTimeField(default=django.utils.timezone.now)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("started_at", models.DateTimeField(default=None, null=True)),
                ("finished_at", models.DateTimeField(default=None, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="jobs",
                        to="shop.organization",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="jobs",
                        to="shop.user",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["status", "created"], name="job_waiting"),
                    models.Index(fields=["organization", "kind", "-created"], name="job_newest"),
                ],
            },
        ),
    ]
