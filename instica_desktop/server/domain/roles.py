"""Who may do what in an organization: one table. Source: api contract, Organization."""

from collections.abc import Mapping
from enum import StrEnum, auto

OWNER, ADMIN, MEMBER = "owner", "admin", "member"
ROLES: dict[str, str] = {OWNER: "Owner", ADMIN: "Admin", MEMBER: "Member"}


class Action(StrEnum):
    """What a request does, as far as rights go."""

    OWN_ACCOUNT = auto()  # one's own name, password, devices: needs no organization
    READ = auto()
    EDIT_STOCK = auto()
    DELETE_STOCK = auto()
    BULK_EDIT = auto()
    BULK_DELETE = auto()
    IMPORT_STOCK = auto()
    SELL = auto()  # orders and shipments
    MANAGE_LISTINGS = auto()
    MANAGE_CONNECTIONS = auto()
    OWN_KEYS = auto()  # one's own API keys of the organization
    MANAGE_KEYS = auto()  # those of everybody in it
    LEAVE_TEAM = auto()
    MANAGE_TEAM = auto()
    EDIT_ORGANIZATION = auto()
    READ_BILLING = auto()
    MANAGE_BILLING = auto()


_MEMBER = frozenset(
    {
        Action.OWN_ACCOUNT,
        Action.READ,
        Action.EDIT_STOCK,
        Action.BULK_EDIT,
        Action.SELL,
        Action.MANAGE_LISTINGS,
        Action.OWN_KEYS,
        Action.LEAVE_TEAM,
    }
)
_ADMIN = _MEMBER | {
    Action.DELETE_STOCK,
    Action.BULK_DELETE,
    Action.IMPORT_STOCK,
    Action.MANAGE_CONNECTIONS,
    Action.MANAGE_TEAM,
    Action.EDIT_ORGANIZATION,
    Action.READ_BILLING,
}
ALLOWED: Mapping[str, frozenset[Action]] = {
    OWNER: frozenset(Action),
    ADMIN: _ADMIN,
    MEMBER: _MEMBER,
}
"""What each role may do. Who has no role in an organization has nothing but an account, and the way out."""

ALWAYS = frozenset({Action.OWN_ACCOUNT, Action.LEAVE_TEAM})
"""What needs no role: a suspended member may leave as well."""

_BY_METHOD = {
    "get": Action.READ,
    "head": Action.READ,
    "options": Action.READ,
    "delete": Action.DELETE_STOCK,
}


def may(role: str | None, action: Action) -> bool:
    """Tell whether a role (None: none) allows an action."""
    return action in ALWAYS or action in ALLOWED.get(role or "", frozenset())


def action_of(needs: Mapping[str, Action], method: str, handler: str | None) -> Action:
    """Return what a request does: as its view declares by handler or method, else by the method alone.

    What a view leaves open concerns the stock, so that forgetting never gives more than that.
    """
    method = method.lower()
    declared = needs.get(handler or "") or needs.get(method) or needs.get("*")
    return declared or _BY_METHOD.get(method, Action.EDIT_STOCK)
