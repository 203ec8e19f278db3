"""Django's registration of the shop's models."""

from django.apps import AppConfig

from instica_desktop.server.web.logs import install


class ShopConfig(AppConfig):
    """The one application of the project; its tables start with `shop_`."""

    name = "instica_desktop.server"
    label = "shop"
    default_auto_field = "django.db.models.BigAutoField"  # pyright: ignore[reportAssignmentType]

    def ready(self) -> None:
        """Keep codes out of the log."""
        install()
