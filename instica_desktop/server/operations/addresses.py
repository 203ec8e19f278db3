"""Addresses of an organization, of which one is primary. Source: api contract, Organization, `addresses`."""

from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.models import Address, Organization
from instica_desktop.server.storage.transactions import hold

MOST_ADDRESSES = 50


def _all(organization: Organization) -> Any:
    return Address.objects.filter(organization=organization)


def _step_back(organization: Organization) -> None:
    """Make room for another primary address."""
    _all(organization).filter(is_primary=True).update(is_primary=False)


def add_address(organization: Organization, values: dict[str, Any]) -> Address:
    """Add an address; the first is primary whatever it says. Errors: `ValidationError` at 50."""
    hold(organization)
    present = _all(organization).count()
    if present >= MOST_ADDRESSES:
        raise ValidationError(
            {"non_field_errors": [f"An organization has at most {MOST_ADDRESSES} addresses."]}
        )
    primary = bool(values.get("is_primary")) or not present
    if primary:
        _step_back(organization)
    return Address.objects.create(organization=organization, **{**values, "is_primary": primary})


def change_address(address: Address, values: dict[str, Any]) -> None:
    """Change an address. Errors: `ValidationError` for un-choosing the primary."""
    hold(address.organization)
    address.refresh_from_db(fields=["is_primary"])
    if values.get("is_primary") is False and address.is_primary:
        raise ValidationError({"is_primary": ["Choose another primary address instead."]})
    if values.get("is_primary"):
        _step_back(address.organization)
    for name, value in values.items():
        setattr(address, name, value)
    address.save()


def delete_address(address: Address) -> None:
    """Remove an address; the oldest of the others becomes primary if it was."""
    organization = address.organization
    hold(organization)
    address.refresh_from_db(fields=["is_primary"])
    was_primary = address.is_primary
    address.delete()
    heir = _all(organization).order_by("pk").first() if was_primary else None
    if heir is not None:
        _all(organization).filter(pk=heir.pk).update(is_primary=True)
