"""Items get a key that orders them by age on any day, and its indexes."""

# pyright: reportArgumentType=false

from typing import Any

from django.db import migrations, models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest

_NARROWED_BY = ("status", "product_type", "grade_rank", "updated", "id")


def _fill_keys(apps: Any, editor: Any) -> None:
    held = Greatest(F("end_day") - F("start_day"), Value(0))
    key = Case(When(end_day=None, then=F("start_day")), default=Value(-1) - held)
    apps.get_model("shop", "Item").objects.update(age_key=key)


def _drop_index_of_ages(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX IF EXISTS item_days_whole")


class Migration(migrations.Migration):
    """Adds the items' `age_key` and its indexes, which replace those of the days it is made from."""

    dependencies = [("shop", "0008_scale")]
    operations = [
        migrations.RemoveIndex(model_name="item", name="item_days"),
        migrations.RunPython(_drop_index_of_ages, migrations.RunPython.noop),
        migrations.AddField(model_name="item", name="age_key", field=models.IntegerField(default=0)),
        migrations.RunPython(_fill_keys, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "age_key", "uid", *_NARROWED_BY], name="item_age"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                fields=["organization", "-age_key", "uid", *_NARROWED_BY], name="item_age_down"
            ),
        ),
    ]
