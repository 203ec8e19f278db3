"""Who is signed in: user, organization, API keys. Source: api-reference, User & account; Authentication."""

from datetime import datetime

from instica_desktop.core.models.common import Wire


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
    items_per_page: int | None = None
    timezone: str | None = None
    measurement_system: str | None = None
    date_format: str | None = None
    currency_display: str | None = None


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


class ApiKey(Wire, frozen=True, kw_only=True):
    """An API key; addressed by an integer. `key` is present once, in the answer that made or rotated it."""

    id: int
    name: str = ""
    prefix: str | None = None
    key: str | None = None
    created: datetime | None = None
    last_used: datetime | None = None
    is_active: bool = True
