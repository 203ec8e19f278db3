"""Whether an account may list items. Source: api contract, User & account."""

from instica_desktop.server.models import User
from instica_desktop.server.operations.entitlements import LISTINGS, allowance
from instica_desktop.server.operations.offers import count_live

EMAIL_NOT_VERIFIED = "email_not_verified"
ORGANIZATION_REQUIRED = "organization_required"
SUBSCRIPTION_REQUIRED = "subscription_required"
LISTING_LIMIT_REACHED = "listing_limit_reached"


def reason_not_to_list(user: User) -> str | None:
    """Return the code of the first reason why a user may not list, None when there is none.

    An account without a password was opened by a key or by a provider: there is no address to verify.
    """
    if user.has_password and not user.email_verified:
        return EMAIL_NOT_VERIFIED
    if user.organization is None:
        return ORGANIZATION_REQUIRED
    allowed = allowance(user.organization, LISTINGS)
    if allowed is None:
        return None
    if allowed == 0:
        return SUBSCRIPTION_REQUIRED
    return LISTING_LIMIT_REACHED if count_live(user.organization) >= allowed else None


def eligibility_of(user: User) -> dict[str, object]:
    """Return whether a user may list, and the code of the reason if not."""
    reason = reason_not_to_list(user)
    return {"can_list_items": reason is None, "error_code": reason}
