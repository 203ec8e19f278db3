"""Making, changing and deleting products. Source: api contract, Products."""

from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.models import Artist, Label, Organization, Product
from instica_desktop.server.operations.derived import derive_product, product_changed
from instica_desktop.server.operations.recounting import refresh_products
from instica_desktop.server.search import drop_from_index
from instica_desktop.server.web.errors import Conflict


def _named(model: Any, field: str, organization: Organization, wanted: dict[str, str] | None) -> Any:
    """Return the artist or label asked for by uid, or found by its name, with accents or without, or made."""
    if wanted is None:
        return None
    if "uid" in wanted:
        found = model.objects.filter(organization=organization, uid=wanted["uid"]).first()
        if found is None:
            raise ValidationError({field: ["There is none with this uid."]})
        return found
    forms = model.forms(wanted["name"])
    rows = model.objects.filter(organization=organization)
    found = (rows.filter(**{form: forms[form]}).order_by("pk").first() for form in ("spelled", "folded"))
    return next(filter(None, found), None) or model.objects.create(organization=organization, **forms)


def _resolved(organization: Organization, values: dict[str, Any]) -> dict[str, Any]:
    """Return values in which artist and label are rows."""
    models = {"artist": Artist, "label": Label}
    return {
        name: _named(models[name], name, organization, value) if name in models else value
        for name, value in values.items()
    }


def create_product(organization: Organization, values: dict[str, Any]) -> Product:
    """Make a product from validated values."""
    product = Product(organization=organization, **_resolved(organization, values))
    derive_product(product)
    refresh_product_first(product)
    return product


def refresh_product_first(product: Product) -> None:
    """Save a new product, then give it the words and counts a product has."""
    product.updated = product.created
    product.save()
    refresh_products([product], product.created)


def update_product(product: Product, values: dict[str, Any]) -> None:
    """Apply validated changes."""
    for name, value in _resolved(product.organization, values).items():
        setattr(product, name, value)
    product_changed(product)


def delete_product(product: Product) -> list[str]:
    """Delete a product; returns the stem of its picture. Errors: `Conflict` while items exist."""
    if product.items.exists():  # pyright: ignore[reportAttributeAccessIssue]
        raise Conflict("Delete or move this product's items first.")
    drop_from_index(Product, product.pk)
    stem = product.image
    product.delete()
    return [stem] if stem else []
