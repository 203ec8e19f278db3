"""Django's registration of the shop's models."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The one application of the project; its tables start with `shop_`."""

    name = "instica_desktop.server"
    label = "shop"
    default_auto_field = "django.db.models.BigAutoField"  # pyright: ignore[reportAssignmentType]
