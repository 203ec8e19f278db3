"""Django's settings, made from a data folder. Nothing is read from the environment."""

import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any

from instica_desktop.server.storage.engines import database_settings
from instica_desktop.server.storage.folder import ShopFolder

JSON_LIMIT = 1_000_000
"""Most bytes of a JSON body; the longest legitimate one is a few kilobytes."""
UPLOAD_LIMIT = 32_000_000
"""Most bytes of a multipart body: a picture of 20 MB, with room to say politely that one is too large."""

_PACKAGE = "instica_desktop.server"


def _rest_framework() -> dict[str, Any]:
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": [f"{_PACKAGE}.web.authentication.ApiKeyAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_PARSER_CLASSES": [f"{_PACKAGE}.web.parsers.StrictJSONParser"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_CONTENT_NEGOTIATION_CLASS": f"{_PACKAGE}.web.parsers.AlwaysJSON",
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "EXCEPTION_HANDLER": f"{_PACKAGE}.web.errors.handle",
        "UNAUTHENTICATED_USER": None,
        "URL_FORMAT_OVERRIDE": None,
    }


def _schema() -> dict[str, Any]:
    return {
        "TITLE": "Instica-compatible local server",
        "DESCRIPTION": "Inventory, products and orders of one record shop on this machine.",
        "VERSION": "1",
        "OAS_VERSION": "3.1.0",
        "SERVE_INCLUDE_SCHEMA": False,
        "ENUM_NAME_OVERRIDES": {
            "ItemStatusEnum": f"{_PACKAGE}.serializers.common.ITEM_STATUS_CHOICES",
            "ShipmentStatusEnum": f"{_PACKAGE}.serializers.common.SHIPMENT_STATUS_CHOICES",
            "ItemGradeEnum": f"{_PACKAGE}.serializers.common.ITEM_GRADE_CHOICES",
            "ContainerGradeEnum": f"{_PACKAGE}.serializers.common.CONTAINER_GRADE_CHOICES",
        },
    }


def settings_for(
    folder: ShopFolder, hosts: Collection[str], *, database: str | None = None, secret: str = ""
) -> dict[str, Any]:
    """Return all settings for a shop in `folder`, reachable under `hosts` (`name:port` or `name`, exact).

    `database` is the address of a PostgreSQL; without it the shop is an SQLite file in the folder. `secret`
    is what all processes of a team's server sign with; without it this process makes its own.
    """
    return {
        "DEBUG": False,
        "SECRET_KEY": secret or secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": sorted({host.partition(":")[0] for host in hosts}),
        "SHOP_HOSTS": frozenset(hosts),
        "SHOP_FOLDER": folder,
        "ROOT_URLCONF": f"{_PACKAGE}.urls",
        "INSTALLED_APPS": [f"{_PACKAGE}.apps.ShopConfig", "rest_framework", "drf_spectacular"],
        "MIDDLEWARE": [f"{_PACKAGE}.web.exposure.ExposureMiddleware"],
        "AUTH_USER_MODEL": "shop.User",
        "DATABASES": {"default": database_settings(folder, database)},
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "LANGUAGE_CODE": "en",
        "USE_I18N": False,
        "APPEND_SLASH": False,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": JSON_LIMIT,
        "FILE_UPLOAD_TEMP_DIR": str(folder.temporary),
        "FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.TemporaryFileUploadHandler"],
        "LOGGING_CONFIG": None,
        "TEMPLATES": [],
        "REST_FRAMEWORK": _rest_framework(),
        "SPECTACULAR_SETTINGS": _schema(),
    }


def configure(
    data_dir: Path, *, hosts: Collection[str], database: str | None = None, secret: str = ""
) -> None:
    """Set Django up for the shop in `data_dir`. Once a process: Django cannot be configured twice.

    Errors: `RuntimeError` from Django when it is already configured, `UnusableAddress`.
    """
    import django
    from django.conf import settings

    settings.configure(**settings_for(ShopFolder(data_dir), hosts, database=database, secret=secret))
    django.setup()
