"""Artists and labels whose names differ in accents can be two from now on; those that were made before stay."""

# pyright: reportArgumentType=false

from typing import Any

from django.db import migrations, models

from instica_desktop.server.domain.names import name_fold, name_key


def _compare_names(apps: Any, editor: Any) -> None:
    for kind in ("Artist", "Label"):
        rows = apps.get_model("shop", kind).objects
        known = rows.order_by("pk").values_list("pk", "organization", "name", "folded")
        for key, organization, name, folded in list(known):
            spelled = name_key(name)
            others = rows.filter(organization=organization).exclude(pk=key)
            if others.filter(spelled=spelled).exists():
                spelled = folded  # one that was made beside another for its number keeps to itself
            rows.filter(pk=key).update(spelled=spelled, folded=name_fold(name))


def _once(model: str) -> list[Any]:
    """Return how names of a model become unique as they are spelled."""
    return [
        migrations.AddConstraint(
            model,
            models.UniqueConstraint(fields=["organization", "spelled"], name=f"{model}_once"),
        ),
        migrations.AddIndex(model, models.Index(fields=["organization", "folded"], name=f"{model}_folded")),
    ]


class Migration(migrations.Migration):
    """Adds the form that a name has alone."""

    dependencies = [("shop", "0017_parcel_numbers")]
    operations = [
        migrations.RemoveConstraint("artist", "artist_once"),
        migrations.RemoveConstraint("label", "label_once"),
        migrations.AddField("artist", "spelled", models.CharField(blank=True, default="", max_length=1000)),
        migrations.AddField("label", "spelled", models.CharField(blank=True, default="", max_length=1000)),
        migrations.RunPython(_compare_names, migrations.RunPython.noop),
        *_once("artist"),
        *_once("label"),
    ]
