"""Imports keep what was decided about their file, what was done to its rows, and how many were left out."""

# pyright: reportArgumentType=false

from typing import Any

from django.db import migrations, models

import instica_desktop.server.models.columns


def decide(apps: Any, editor: Any) -> None:
    """Let imports that are on their way go on as they began: day first, and all amounts in dollars."""
    for job in apps.get_model("shop", "Job").objects.filter(kind="csv_import", finished_at=None):
        job.payload = {"currency": "USD", "date_order": "dmy", **job.payload}
        job.save(update_fields=["payload"])


class Migration(migrations.Migration):
    """Adds four columns."""

    dependencies = [("shop", "0013_collation")]
    operations = [
        migrations.AddField(
            model_name="job",
            name="decisions",
            field=instica_desktop.server.models.columns.JSONText(blank=True, default=dict),
        ),
        migrations.AddField(model_name="job", name="excluded_count", field=models.IntegerField(default=0)),
        migrations.AddField(
            model_name="job",
            name="notes",
            field=instica_desktop.server.models.columns.JSONText(blank=True, default=list),
        ),
        migrations.AddField(model_name="job", name="note_count", field=models.IntegerField(default=0)),
        migrations.RunPython(decide, migrations.RunPython.noop),
    ]
