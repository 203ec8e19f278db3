"""What identifies a product, in words, as shown and as typed: its title, artist, label and pressing."""

from instica_desktop.core.errors import InputError
from instica_desktop.core.models import Product, ProductRef
from instica_desktop.core.models.common import Artist, Label
from instica_desktop.qtkit.text import isolated


def title_of(product: Product) -> str:
    """Return the title."""
    return product.title


def artist_of(product: Product | ProductRef) -> str:
    """Return the artist's name, or nothing."""
    return product.artist.name if product.artist else ""


def label_of(product: Product | ProductRef) -> str:
    """Return the record label's name, or nothing."""
    return product.label.name if product.label else ""


def heading_of(product: Product | ProductRef) -> str:
    """Return `Miles Davis · Columbia CS 8163 · LP · 1959 · US`: what identifies the pressing."""
    label = isolated(label_of(product))
    pressing = " ".join(part for part in (label, isolated(product.catalog_number or "")) if part)
    parts = (
        isolated(artist_of(product)),
        pressing,
        product.format or "",
        str(product.year or ""),
        product.country or "",
    )
    return " · ".join(part for part in parts if part)


def read_title(text: str) -> str:
    """A product has a title. Raises InputError for an empty one."""
    if not text.strip():
        raise InputError("A product needs a title.", field="title")
    return text.strip()


def read_year(text: str) -> int | None:
    """A year in four figures, or nothing. Raises InputError with an example."""
    typed = text.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and 1850 <= int(typed) <= 2200):
        raise InputError("Four figures: 1959", field="year")
    return int(typed)


def read_name(text: str) -> dict[str, str] | None:
    """An artist or a label goes by its name; the server finds or makes it."""
    return {"name": text.strip()} if text.strip() else None


def show_name(named: Artist | Label | None) -> str:
    """An artist or a label as it stands in a field."""
    return named.name if named else ""
