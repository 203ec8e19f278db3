"""The columns that tables of records share: the main one, and days."""

from collections.abc import Callable
from datetime import UTC, datetime

from instica_desktop.core.ages import day
from instica_desktop.features.marks import RecordRow
from instica_desktop.qtkit.columns import Column, TitleValue

LARGEST_PRICE = "88,888.88"
LONGEST_CATALOGUE_NUMBER = "1C 064-82 306 S41"
"""What prices and catalogue numbers need to be read whole."""


LONGEST_DAYS = tuple(f"28 {datetime(2028, month, 1, tzinfo=UTC):%b} 2028" for month in range(1, 13))


def title_column(read: Callable[[RecordRow], TitleValue], *, wanted: int, least: int) -> Column:
    """Return the main column: picture, title, second line and mark.

    Others leave before it is narrower than `wanted` px; it is never narrower than `least`.
    """

    def words(row: RecordRow) -> str:
        cell = read(row)
        return ", ".join(
            part for part in (cell.title, cell.subtitle, cell.mark.text if cell.mark else "") if part
        )

    return Column(
        key="title",
        title="Title",
        kind="title",
        value=read,
        text=words,
        sort="title",
        sort_desc="-title",
        width=wanted,
        min_width=least,
        stretch=True,
    )


def day_column(key: str, title: str, *, priority: int = 4, hidden: bool = True) -> Column:
    """Return the column of a moment, shown as a day."""

    def words(row: RecordRow) -> str:
        moment = getattr(row.data, key)
        return day(moment) if moment else ""

    return Column(
        key=key,
        title=title,
        kind="caption",
        text=words,
        value=words,
        sort=key,
        sort_desc=f"-{key}",
        widest=LONGEST_DAYS,
        priority=priority,
        hidden=hidden,
    )


PRICES: tuple[tuple[str, str], ...] = (
    ("price_high_low", "Price, high to low"),
    ("price_low_high", "Price, low to high"),
    ("listed_first", "Listed first"),
    ("unlisted_first", "Not listed first"),
)
"""The orderings by name that items and products have alike."""
