"""The columns of the products table."""

from collections.abc import Callable

from instica_desktop.core.models import Product
from instica_desktop.features.lists.columns import (
    LARGEST_PRICE,
    LONGEST_CATALOGUE_NUMBER,
    PRICES,
    day_column,
    title_column,
)
from instica_desktop.features.marks import RecordRow, mark_of
from instica_desktop.features.product_words import artist_of, label_of
from instica_desktop.features.products.facts import price_range
from instica_desktop.qtkit.columns import Column, TitleValue


def product_of(row: RecordRow) -> Product:
    """Return the row's product."""
    product: Product = row.data
    return product


def _title(row: RecordRow) -> TitleValue:
    product = product_of(row)
    return TitleValue(product.title, artist_of(product), product.product_image or "", mark_of(row))


def _artist(row: RecordRow) -> str:
    return artist_of(product_of(row))


def _label(row: RecordRow) -> str:
    return label_of(product_of(row))


def _plain(field: str) -> Callable[[RecordRow], str]:
    """Return what reads a field as words; nothing is empty."""

    def read(row: RecordRow) -> str:
        value = getattr(row.data, field)
        return "" if value is None else str(value)

    return read


def _count(field: str) -> Callable[[RecordRow], str]:
    """Return what reads a number of copies."""

    def read(row: RecordRow) -> str:
        return f"{getattr(row.data, field):,}"

    return read


def _none(field: str) -> Callable[[RecordRow], bool]:
    """Return what tells that there are no such copies."""

    def read(row: RecordRow) -> bool:
        return not getattr(row.data, field)

    return read


def _price(row: RecordRow) -> str:
    product = product_of(row)
    return price_range(product.price_min_usd, product.price_max_usd)


def _copies(key: str, title: str, priority: int) -> Column:
    return Column(
        key=key,
        title=title,
        kind="number",
        text=_count(key),
        value=_count(key),
        muted=_none(key),
        widest=("8,888",),
        priority=priority,
    )


COLUMNS: tuple[Column, ...] = (
    title_column(_title, wanted=240, least=236),
    Column(
        key="artist",
        title="Artist",
        kind="caption",
        text=_artist,
        value=_artist,
        sort="artist__name",
        sort_desc="-artist__name",
        width=130,
        priority=8,
        hidden=True,
    ),
    Column(
        key="catalog_number",
        title="Catalogue no.",
        kind="caption",
        text=_plain("catalog_number"),
        sort="catalog_number",
        sort_desc="-catalog_number",
        widest=(LONGEST_CATALOGUE_NUMBER,),
        priority=3,
    ),
    Column(
        key="label",
        title="Label",
        kind="caption",
        text=_label,
        sort="label__name",
        sort_desc="-label__name",
        widest=("Temporary Residence Limited",),
        priority=6,
    ),
    Column(
        key="year",
        title="Year",
        kind="caption",
        text=_plain("year"),
        align="right",
        widest=("2028",),
        priority=4,
    ),
    Column(
        key="format",
        title="Format",
        kind="caption",
        text=_plain("format"),
        widest=("LP, Remastered", "3×LP, Limited"),
        priority=5,
    ),
    Column(
        key="country", title="Country", kind="caption", text=_plain("country"), widest=("WW",), priority=8
    ),
    _copies("total_inventory_count", "In stock", 0),
    _copies("listed_inventory_count", "Listed", 1),
    _copies("available_inventory_count", "Available", 2),
    Column(
        key="price",
        title="Price",
        kind="money",
        text=_price,
        value=_price,
        sort="price_total_usd",
        sort_desc="-price_total_usd",
        widest=("8,888.88–8,888.88", LARGEST_PRICE),
    ),
    day_column("created", "Added", priority=7, hidden=False),
)

ORDERINGS: tuple[tuple[str, str], ...] = (
    ("-created", "Newest first"),
    ("created", "Oldest first"),
    ("title", "Title, A to Z"),
    ("artist__name", "Artist, A to Z"),
    ("-artist__name", "Artist, Z to A"),
    *PRICES,
    ("most_inventory", "Most copies first"),
    ("least_inventory", "Fewest copies first"),
)
"""The orderings offered by name, beside those of the headings."""
