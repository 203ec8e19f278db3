"""Django's settings, made from a data folder. Nothing is read from the environment."""

import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Any

from instica_desktop.server.spare import spare_libraries
from instica_desktop.server.storage.engines import database_settings
from instica_desktop.server.storage.folder import ShopFolder
from instica_desktop.server.team_trust import APP_STORE

JSON_LIMIT = 1_000_000
"""Most bytes of a JSON body; the longest legitimate one is a few kilobytes."""
UPLOAD_LIMIT = 32_000_000
"""Most bytes of a multipart body: a picture of 20 MB, with room to say politely that one is too large."""
SIGN_INS_PER_MINUTE = 60
"""Requests to sign up or in, or to get back in, from one address: more than an office of people makes."""
IMPORT_LIMIT = 500_000_000
"""Most bytes of a multipart body with a table to import: some million rows. It is never held in memory."""

_PACKAGE = "instica_desktop.server"


def _rest_framework() -> dict[str, Any]:
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": [
            f"{_PACKAGE}.web.authentication.ApiKeyAuthentication",
            f"{_PACKAGE}.web.authentication.TokenAuthentication",
        ],
        "DEFAULT_THROTTLE_CLASSES": [f"{_PACKAGE}.web.throttles.UserThrottle"],
        "DEFAULT_PERMISSION_CLASSES": [f"{_PACKAGE}.web.rights.RoleAllows"],
        "DEFAULT_PARSER_CLASSES": [f"{_PACKAGE}.web.parsers.StrictJSONParser"],
        "DEFAULT_RENDERER_CLASSES": [f"{_PACKAGE}.web.renderers.QuickJSONRenderer"],
        "DEFAULT_CONTENT_NEGOTIATION_CLASS": f"{_PACKAGE}.web.parsers.AlwaysJSON",
        "DEFAULT_METADATA_CLASS": None,  # OPTIONS has no meaning here: 405
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
        "POSTPROCESSING_HOOKS": [
            "drf_spectacular.hooks.postprocess_schema_enums",
            f"{_PACKAGE}.web.schema.complete",
        ],
        "ENUM_NAME_OVERRIDES": {
            "ItemStatusEnum": f"{_PACKAGE}.serializers.common.ITEM_STATUS_CHOICES",
            "ShipmentStatusEnum": f"{_PACKAGE}.serializers.common.SHIPMENT_STATUS_CHOICES",
            "MarketplaceEnum": f"{_PACKAGE}.serializers.common.PLATFORM_CHOICES",
            "ItemGradeEnum": f"{_PACKAGE}.serializers.common.ITEM_GRADE_CHOICES",
            "JobStatusEnum": f"{_PACKAGE}.serializers.jobs.JOB_STATUS_CHOICES",
            "ContainerGradeEnum": f"{_PACKAGE}.serializers.common.CONTAINER_GRADE_CHOICES",
        },
    }


def _pages() -> dict[str, Any]:
    """Return what the HTML pages outside `/api/` need."""
    templates = Path(__file__).parent / "pages" / "templates"
    return {
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [str(templates)],
            }
        ],
    }


def _accounts(folder: ShopFolder) -> dict[str, Any]:
    """Passwords, mail, texts, browser pages. A local shop has no mail server: mail lies in a folder."""
    rules = "django.contrib.auth.password_validation"
    return {
        "AUTH_PASSWORD_VALIDATORS": [
            {
                "NAME": f"{rules}.UserAttributeSimilarityValidator",
                "OPTIONS": {"user_attributes": ("email", "first_name", "last_name")},
            },
            {"NAME": f"{rules}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
            {"NAME": f"{rules}.CommonPasswordValidator"},
            {"NAME": f"{rules}.NumericPasswordValidator"},
        ],
        "EMAIL_BACKEND": f"{_PACKAGE}.messaging.mail.PrivateFileBackend",
        "EMAIL_FILE_PATH": str(folder.mail),
        "DEFAULT_FROM_EMAIL": "Instica <no-reply@localhost>",
        "SHOP_SUPPORT_EMAIL": "support@localhost",
        "SHOP_TEXT_BACKEND": f"{_PACKAGE}.messaging.texts.FileBackend",
        "SHOP_TEXT_FOLDER": folder.messages,
        "SHOP_SEND_IN_BACKGROUND": True,
        "SHOP_REQUESTS_PER_MINUTE": 0,
        "SHOP_SIGN_INS_PER_MINUTE": SIGN_INS_PER_MINUTE,
        "SHOP_REGISTRATIONS_PER_HOUR": 0,  # from one address; on this computer there is only one
        "SHOP_PROXIES": (),
        "SHOP_IDENTITY_ISSUERS": {},
        "CSRF_COOKIE_NAME": "instica_csrf",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_PATH": "/accounts/",
        "CSRF_FAILURE_VIEW": f"{_PACKAGE}.pages.render.csrf_failure",
    }


def settings_for(
    folder: ShopFolder,
    hosts: Collection[str],
    *,
    database: str | None = None,
    secret: str = "",
    jobs: str = "embedded",
    broker: str = "",
) -> dict[str, Any]:
    """Return all settings for a shop in `folder`, reachable under `hosts` (`name:port` or `name`, exact).

    `database` is the address of a PostgreSQL; without it the shop is an SQLite file in the folder. `secret`
    is what all processes of a team's server sign with; without it this process makes its own. `jobs` says who
    does the long work: "embedded", a thread of the server, or "celery", workers that hear of it through the
    `broker` (its URL, Redis or RabbitMQ).
    """
    return {
        "DEBUG": False,
        "SECRET_KEY": secret or secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": sorted({host.partition(":")[0] for host in hosts}),
        "SHOP_HOSTS": frozenset(hosts),
        "SHOP_FOLDER": folder,
        "SHOP_CATALOGUE": None,  # the path of the release facts, from whoever starts the server
        "SHOP_JOBS": jobs,
        "SHOP_BROKER": broker,
        "SHOP_LEASE_SECONDS": 60,
        "ROOT_URLCONF": f"{_PACKAGE}.urls",
        "INSTALLED_APPS": [f"{_PACKAGE}.apps.ShopConfig", "rest_framework", "drf_spectacular"],
        "MIDDLEWARE": [
            f"{_PACKAGE}.web.exposure.ExposureMiddleware",
            f"{_PACKAGE}.web.usage.UsageMiddleware",
            f"{_PACKAGE}.web.release.ReleaseMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",  # the pages under /accounts/; the API is exempt
        ],
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
        **_pages(),
        "SHOP_APP_STORE": APP_STORE,
        "REST_FRAMEWORK": _rest_framework(),
        "SPECTACULAR_SETTINGS": _schema(),
        **_accounts(folder),
    }


def configure(data_dir: Path, *, hosts: Collection[str], **options: Any) -> None:
    """Set Django up for the shop in `data_dir`. Once a process: Django cannot be configured twice.

    `options` are those of `settings_for`, or settings by name, which win.
    Errors: `RuntimeError` from Django when it is already configured, `UnusableAddress`.
    """
    import django
    from django.conf import settings

    own = {name: options.pop(name) for name in list(options) if name.isupper()}
    settings.configure(**settings_for(ShopFolder(data_dir), hosts, **options) | own)
    django.setup()
    spare_libraries()
