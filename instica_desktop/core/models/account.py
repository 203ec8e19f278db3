"""Who is signed in: user, organization, API keys and their use.

Source: api-reference, User & account; Authentication.
"""

from instica_desktop.core.models.common import Measured, UtcTime, Whole, Wire
from instica_desktop.core.models.organization import Person


class Organization(Wire, frozen=True, kw_only=True):
    """The shop a record belongs to, in short."""

    uid: str = ""
    display_name: str = ""
    slug: str = ""
    default_barcode_type: str | None = None


class ListingEligibility(Wire, frozen=True, kw_only=True):
    """Whether this account may list items, and the code of the reason if not."""

    can_list_items: bool = True
    error_code: str | None = None


class Preferences(Wire, frozen=True, kw_only=True):
    """How the user likes things shown. `currency_display` never converts: amounts stay US dollars."""

    preferred_name: str | None = None
    items_per_page: Whole | None = None
    timezone: str | None = None
    measurement_system: str | None = None
    date_format: str | None = None
    currency_display: str | None = None
    channel_notifications_enabled: bool | None = None
    preferred_notification_channels: tuple[str, ...] = ()


class User(Wire, frozen=True, kw_only=True):
    """The signed-in user, `GET /api/v1/user/me/`."""

    uid: str
    username: str = ""
    email: str = ""
    first_name: str | None = None
    last_name: str | None = None
    phone_number: str | None = None
    email_verified: bool | None = None
    can_manage_api_environment: bool | None = None
    preferences: Preferences | None = None
    organization: Organization | None = None
    listing_eligibility: ListingEligibility | None = None


class SignIn(Wire, frozen=True, kw_only=True):
    """A fresh token, in this answer and no other. `created`: the account was made by it."""

    token: str = ""
    user: User | None = None
    created: bool | None = None

    def __repr__(self) -> str:
        """Show whose it is, never the token."""
        return f"SignIn(user={self.user!r}, created={self.created!r})"


class Validity(Wire, frozen=True, kw_only=True):
    """Whether a key or token is accepted, and whose it is."""

    valid: bool = False
    user: User | None = None


class Notice(Wire, frozen=True, kw_only=True):
    """A sentence of the server's for the person."""

    detail: str = ""


class SocialAccount(Measured, frozen=True, kw_only=True):
    """An account elsewhere that opens this one."""

    uid: str = ""
    provider: str = ""
    email: str | None = None
    created: UtcTime | None = None


class DeviceToken(Measured, frozen=True, kw_only=True):
    """A device that is told of events."""

    uid: str
    platform: str = ""
    name: str | None = None
    created: UtcTime | None = None


class SupportTicket(Measured, frozen=True, kw_only=True):
    """A request for help as it was taken."""

    uid: str
    category: str = ""
    subject: str = ""
    message: str | None = None
    status: str = ""
    created: UtcTime | None = None


class ApiKey(Measured, frozen=True, kw_only=True):
    """An API key; addressed by an integer. `key` is present once, in the answer that made or rotated it.

    It opens its `organization`, or without one the account of its `user` alone.
    """

    id: Whole
    name: str = ""
    prefix: str | None = None
    key: str | None = None
    created: UtcTime | None = None
    last_used: UtcTime | None = None
    is_active: bool = True
    organization: Organization | None = None
    user: Person | None = None

    def __repr__(self) -> str:
        """Show which key it is, never the key."""
        return f"ApiKey(id={self.id}, name={self.name!r}, prefix={self.prefix!r})"


class DayUse(Wire, frozen=True, kw_only=True):
    """Requests of one day; `date` is ISO 8601."""

    date: str
    count: Whole = 0


class EndpointUse(Wire, frozen=True, kw_only=True):
    """Requests to one endpoint."""

    endpoint: str
    count: Whole = 0


class ApiUsage(Wire, frozen=True, kw_only=True):
    """Use of the API in one period. Its path is published, its shape assumed."""

    period_start: str | None = None
    period_end: str | None = None
    total_requests: Whole = 0
    by_day: tuple[DayUse, ...] = ()
    by_endpoint: tuple[EndpointUse, ...] = ()


class Health(Wire, frozen=True, kw_only=True):
    """What a server says of itself, `GET /api/health/`; a healthy one says `ok`."""

    status: str = ""
