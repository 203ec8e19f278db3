"""Parcels are found by their tracking numbers, within their organization."""

# pyright: reportArgumentType=false

from typing import Any

from django.db import migrations, models

from instica_desktop.server.domain.tracking import number_key

_AT_ONCE = 2_000


def _know_numbers(apps: Any, editor: Any) -> None:
    parcels = apps.get_model("shop", "Shipment").objects
    numbered = parcels.exclude(tracking_number="").select_related("order").order_by("pk")
    last = 0
    while some := list(numbered.filter(pk__gt=last)[:_AT_ONCE]):
        for parcel in some:
            parcel.number_key = number_key(parcel.order.organization_id, parcel.tracking_number)
        parcels.bulk_update(some, ["number_key"], batch_size=200)
        last = some[-1].pk


class Migration(migrations.Migration):
    """Adds the key with its index, and fills it."""

    dependencies = [("shop", "0016_shared_offers")]
    operations = [
        migrations.AddField(
            model_name="shipment",
            name="number_key",
            field=models.TextField(default=None, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="shipment", index=models.Index(fields=["number_key"], name="shipment_number")
        ),
        migrations.RunPython(_know_numbers, migrations.RunPython.noop),
    ]
