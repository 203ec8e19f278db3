"""An organization, its people and addresses. Source: api-reference, Organization."""

from instica_desktop.core.models.common import Measured, UtcTime, Whole, Wire


class Person(Wire, frozen=True, kw_only=True):
    """A user as others in the organization see them."""

    uid: str
    username: str = ""
    email: str = ""
    first_name: str | None = None
    last_name: str | None = None


class PostalAddress(Wire, frozen=True, kw_only=True):
    """An address of the organization; `country` is ISO 3166-1 alpha-2, and one of them is primary."""

    uid: str
    full_name: str | None = None
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
    phone: str | None = None
    is_primary: bool = False


class OrganizationDetails(Measured, frozen=True, kw_only=True):
    """The organization with all that is known of it, `GET /api/v1/organization/{uid}/`."""

    uid: str
    display_name: str = ""
    slug: str = ""
    logo: str | None = None
    default_barcode_type: str | None = None
    created: UtcTime | None = None
    owner: Person | None = None
    member_count: Whole | None = None
    primary_address: PostalAddress | None = None


class Workplace(Wire, frozen=True, kw_only=True):
    """An organization the caller may work in; `is_current` marks the one they do.

    `member` is the uid of their place there, by which it can be left.
    """

    uid: str
    display_name: str = ""
    slug: str = ""
    role: str = ""
    is_active: bool = True
    member: str | None = None
    is_current: bool = False


class Member(Measured, frozen=True, kw_only=True):
    """A person's place in the team. `role`: owner, admin, member, or a code of a later server."""

    uid: str
    user: Person | None = None
    role: str = ""
    joined: UtcTime | None = None
    is_active: bool = True


class Invite(Measured, frozen=True, kw_only=True):
    """An invitation that was not accepted yet. Its code goes out by mail only."""

    uid: str
    email: str = ""
    role: str = ""
    created: UtcTime | None = None
    expires: UtcTime | None = None
    invited_by: Person | None = None
