"""Keys belong to organizations, answers to repeated requests as well, and an offer knows that it comes back."""

# pyright: reportArgumentType=false

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery

_OWN = "idempotency_once"


def _place_keys(apps: Any, editor: Any) -> None:
    """Let each key open what it opened until now. One whose user works nowhere opens the account alone."""
    users = apps.get_model("shop", "User").objects.filter(pk=OuterRef("user"))
    keys = apps.get_model("shop", "ApiKey").objects
    keys.update(organization=Subquery(users.values("organization")[:1]))


def _of_organization(related_name: str) -> Any:
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to="shop.organization",
    )


class Migration(migrations.Migration):
    """Answers from before are those of their users, and are still found for a day."""

    dependencies = [("shop", "0019_shelf_order")]
    operations = [
        migrations.AddField("apikey", "organization", _of_organization("api_keys")),
        migrations.RemoveConstraint("idempotencyrecord", _OWN),
        migrations.AddField("idempotencyrecord", "organization", _of_organization("idempotency_records")),
        migrations.AddConstraint(
            "idempotencyrecord",
            models.UniqueConstraint(
                fields=["user", "key"], condition=Q(organization__isnull=True), name=_OWN
            ),
        ),
        migrations.AddConstraint(
            "idempotencyrecord",
            models.UniqueConstraint(
                fields=["organization", "key"],
                condition=Q(organization__isnull=False),
                name="idempotency_once_in_organization",
            ),
        ),
        migrations.AddField("listing", "is_out", models.BooleanField(default=False)),
        migrations.RunPython(_place_keys, migrations.RunPython.noop),
    ]
