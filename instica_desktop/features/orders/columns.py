"""The columns of the orders table."""

from instica_desktop.core.ages import day, day_and_clock
from instica_desktop.core.models import Order
from instica_desktop.core.money import format_money
from instica_desktop.core.statuses import ORDER_STATUSES, order_status
from instica_desktop.features.lists.columns import LARGEST_PRICE, LONGEST_DAYS
from instica_desktop.features.marks import RecordRow, mark_of
from instica_desktop.features.orders.facts import buyer_of, item_of, money_of, platform_of, title_of
from instica_desktop.qtkit.columns import BadgeValue, Column, TitleValue


def order_of(row: RecordRow) -> Order:
    """Return the row's order."""
    order: Order = row.data
    return order


def picture_of(order: Order) -> str:
    """Return the URL of the sold item's small picture, or nothing."""
    item = item_of(order)
    return (item.thumbnail or "") if item else ""


def _title(row: RecordRow) -> TitleValue:
    order = order_of(row)
    return TitleValue(buyer_of(order), title_of(order), picture_of(order), mark_of(row))


def _title_text(row: RecordRow) -> str:
    order = order_of(row)
    mark = mark_of(row)
    return ", ".join(part for part in (buyer_of(order), title_of(order), mark.text if mark else "") if part)


def _platform(row: RecordRow) -> str:
    return platform_of(order_of(row))


def _status(row: RecordRow) -> BadgeValue:
    status = order_status(order_of(row).status)
    return BadgeValue(status.label, status.tone)  # pyright: ignore[reportArgumentType]


def _status_text(row: RecordRow) -> str:
    return _status(row).text


def _price(row: RecordRow) -> str:
    return format_money(order_of(row).sale_price)


def _price_and_platform(row: RecordRow) -> str:
    return f"{_price(row)}, {_platform(row)}"


def _price_unknown(row: RecordRow) -> bool:
    return order_of(row).sale_price is None


def _sold(row: RecordRow) -> str:
    sold = order_of(row).sold_at
    return day(sold) if sold else ""


def _sold_exactly(row: RecordRow) -> str:
    sold = order_of(row).sold_at
    return f"Paid {day_and_clock(sold)}" if sold else ""


def _shelf(row: RecordRow) -> str:
    item = item_of(order_of(row))
    return (item.location or "") if item else ""


def _net(row: RecordRow) -> str:
    money = money_of(order_of(row))
    return format_money(money.net if money.exact else None)


def _net_unknown(row: RecordRow) -> bool:
    return not money_of(order_of(row)).exact


def _net_tooltip(row: RecordRow) -> str:
    return money_of(order_of(row)).sentence


LARGEST = (f"−{LARGEST_PRICE}", "Unknown")

COLUMNS: tuple[Column, ...] = (
    Column(
        key="buyer",
        title="Buyer",
        kind="title",
        value=_title,
        text=_title_text,
        width=236,
        min_width=180,
        stretch=True,
    ),
    Column(
        key="platform",
        title="Platform",
        kind="caption",
        value=_platform,
        text=_platform,
        sort="platform",
        sort_desc="-platform",
        widest=("Discogs", "Shopify"),
        priority=1,
        hidden=True,
    ),
    Column(
        key="status",
        title="Status",
        kind="badge",
        value=_status,
        text=_status_text,
        sort="status",
        sort_desc="-status",
        widest=tuple(status.label for status in ORDER_STATUSES),
        priority=3,
    ),
    Column(
        key="sold_at",
        title="Sold",
        kind="caption",
        value=_sold,
        text=_sold,
        sort="sold_at",
        sort_desc="-sold_at",
        tooltip=_sold_exactly,
        widest=LONGEST_DAYS,
        priority=2,
    ),
    Column(
        key="shelf",
        title="Shelf",
        kind="caption",
        value=_shelf,
        text=_shelf,
        widest=("W-88-88",),
        priority=4,
    ),
    Column(
        key="net",
        title="Net",
        kind="money",
        value=_net,
        text=_net,
        muted=_net_unknown,
        tooltip=_net_tooltip,
        widest=LARGEST,
        priority=5,
    ),
    Column(
        key="sale_price",
        title="Price",
        kind="money",
        value=_price,
        text=_price,
        second=_platform,
        accessible=_price_and_platform,
        muted=_price_unknown,
        sort="sale_price",
        sort_desc="-sale_price",
        widest=LARGEST,
    ),
)

ORDERINGS: tuple[tuple[str, str], ...] = (
    ("sold_at", "Longest waiting first"),
    ("-sold_at", "Newest sale first"),
    ("-sale_price", "Price, high to low"),
    ("sale_price", "Price, low to high"),
    ("platform", "By platform"),
    ("status", "By status"),
)
"""The orderings offered by name, beside those of the headings."""
