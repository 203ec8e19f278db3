"""User and API keys on the wire. Source: api contract, Authentication; User & account."""

import zoneinfo
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from instica_desktop.server.models import User
from instica_desktop.server.operations.eligibility import eligibility_of
from instica_desktop.server.serializers.common import OrganizationRecord, PersonRecord
from instica_desktop.server.serializers.fields import ChoiceField, FlagField, NumberField, TextField

DEFAULT_PREFERENCES: dict[str, Any] = {
    "preferred_name": "",
    "items_per_page": 50,
    "timezone": "UTC",
    "measurement_system": "metric",
    "date_format": "ymd",
    "currency_display": "USD",
    "channel_notifications_enabled": True,
    "preferred_notification_channels": ["email"],
}
SUPPORT_CATEGORIES = [
    ("account", "Account"),
    ("billing", "Billing"),
    ("inventory", "Inventory"),
    ("orders", "Orders"),
    ("marketplace", "Marketplaces"),
    ("bug", "Something is broken"),
    ("other", "Something else"),
]
DEVICE_PLATFORMS = [("ios", "iOS"), ("android", "Android"), ("web", "Web"), ("desktop", "Desktop")]
_CHANNELS = [("email", "Email"), ("push", "Push")]


class PreferencesForm(serializers.Serializer):
    """How the user likes things shown; what is not sent stays."""

    preferred_name = TextField(150, required=False)
    items_per_page = NumberField(required=False, min_value=1, max_value=100)
    timezone = TextField(64, required=False, allow_blank=False, allow_null=False)
    measurement_system = ChoiceField([("imperial", "Imperial"), ("metric", "Metric")], required=False)
    date_format = ChoiceField([("mdy", "mdy"), ("dmy", "dmy"), ("ymd", "ymd")], required=False)
    currency_display = TextField(3, min_length=3, required=False, allow_blank=False, allow_null=False)
    channel_notifications_enabled = FlagField(required=False)
    preferred_notification_channels = serializers.ListField(
        child=ChoiceField(_CHANNELS), required=False, max_length=2
    )

    def validate_timezone(self, value: str) -> str:
        """Accept the names of the time zone database."""
        if value not in zoneinfo.available_timezones():
            raise serializers.ValidationError("This is not a time zone.")
        return value


class UserForm(serializers.Serializer):
    """What a user may change."""

    first_name = TextField(150, required=False)
    last_name = TextField(150, required=False)
    preferences = PreferencesForm(required=False)


class EligibilityRecord(serializers.Serializer):
    """Whether the account may list items."""

    can_list_items = serializers.BooleanField()
    error_code = serializers.CharField(allow_null=True)


class UserRecord(serializers.Serializer):
    """The signed-in user."""

    uid = serializers.CharField()
    username = serializers.CharField()
    email = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    phone_number = serializers.CharField()
    email_verified = serializers.BooleanField()
    can_manage_api_environment = serializers.BooleanField()
    preferences = serializers.SerializerMethodField()
    organization = OrganizationRecord(allow_null=True)
    listing_eligibility = serializers.SerializerMethodField()

    @extend_schema_field(PreferencesForm)
    def get_preferences(self, user: User) -> dict[str, Any]:
        """Return all preferences, with the defaults for what was never set."""
        return DEFAULT_PREFERENCES | user.preferences

    @extend_schema_field(EligibilityRecord)
    def get_listing_eligibility(self, user: User) -> dict[str, Any]:
        """Return whether the account may list."""
        return eligibility_of(user)


class ApiKeyRecord(serializers.Serializer):
    """An API key without its secret: whose it is, and what it opens (null: the account alone)."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    prefix = serializers.CharField()
    created = serializers.DateTimeField()
    last_used = serializers.DateTimeField(allow_null=True)
    is_active = serializers.BooleanField()
    organization = OrganizationRecord(allow_null=True)
    user = PersonRecord()


class NewApiKeyRecord(ApiKeyRecord):
    """An API key with its secret, shown this once."""

    key = serializers.CharField()


class ApiKeyForm(serializers.Serializer):
    """What makes an API key."""

    name = TextField(100)


class ApiKeyQuery(serializers.Serializer):
    """Which keys are meant."""

    all = serializers.BooleanField(required=False, default=False)


class DayUseRecord(serializers.Serializer):
    """Requests of one day (UTC)."""

    date = serializers.DateField()
    count = serializers.IntegerField()


class EndpointUseRecord(serializers.Serializer):
    """Requests to one endpoint: method and address, with its variable parts in braces."""

    endpoint = serializers.CharField()
    count = serializers.IntegerField()


class UsageRecord(serializers.Serializer):
    """How much the caller used the API this month."""

    period_start = serializers.DateField()
    period_end = serializers.DateField()
    total_requests = serializers.IntegerField()
    by_day = DayUseRecord(many=True)
    by_endpoint = EndpointUseRecord(many=True)


class TicketForm(serializers.Serializer):
    """A request for help."""

    category = ChoiceField(SUPPORT_CATEGORIES)
    subject = TextField(200)
    message = TextField(10_000)


class TicketRecord(serializers.Serializer):
    """A request for help as it was taken."""

    uid = serializers.CharField()
    category = serializers.CharField()
    subject = serializers.CharField()
    message = serializers.CharField()
    status = serializers.CharField()
    created = serializers.DateTimeField()


class DeviceForm(serializers.Serializer):
    """A device that shall be told of events."""

    token = TextField(500)
    platform = ChoiceField(DEVICE_PLATFORMS)
    name = TextField(100, required=False)


class DeviceRecord(serializers.Serializer):
    """A device, without its address at the push service."""

    uid = serializers.CharField()
    platform = serializers.CharField()
    name = serializers.CharField()
    created = serializers.DateTimeField()
