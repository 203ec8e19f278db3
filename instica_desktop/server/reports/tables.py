"""The reports on orders as tables, read piece by piece. Source: api contract, Orders & sales, reports.

Pieces are short queries one after the other, never one long one: an SQLite read that stays open while a
slow client takes its time would keep every writer waiting. An unknown amount is an empty cell.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch, Q

from instica_desktop.server.domain.platforms import platform_name
from instica_desktop.server.models import Order, Shipment
from instica_desktop.server.operations.derived import item_title

_PIECE = 500
Cell = str | int | None
Column = tuple[str, Callable[[Order], Cell]]


def _money(cents: int | None) -> str | None:
    if cents is None:
        return None
    sign, size = ("-", -cents) if cents < 0 else ("", cents)
    return f"{sign}{size // 100}.{size % 100:02d}"


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def difference(amount: int | None, *less: int | None) -> int | None:
    """Return an amount less others, None when any of them is unknown."""
    known = [part for part in less if part is not None]
    return None if amount is None or len(known) < len(less) else amount - sum(known)


def _fees(order: Order) -> int | None:
    if order.marketplace_fee_cents is None or order.platform_fee_cents is None:
        return None
    return order.marketplace_fee_cents + order.platform_fee_cents


def _net(order: Order) -> int | None:
    return difference(
        order.sale_price_cents,
        order.marketplace_fee_cents,
        order.platform_fee_cents,
        order.shipping_cost_cents,
    )


def _item(order: Order) -> Any:
    return order.listing.item if order.listing else None


def _title(order: Order) -> str:
    item = _item(order)
    return item_title(item, item.product) if item else ""


def _cost(order: Order) -> int | None:
    return _item(order).cost_cents if _item(order) else None


def _parcel(order: Any) -> Shipment | None:
    parcels = list(order.shipments.all())
    return parcels[-1] if parcels else None


def _of_parcel(name: str) -> Callable[[Order], Cell]:
    return lambda order: getattr(_parcel(order), name, None)


_HEAD: tuple[Column, ...] = (
    ("sold_at", lambda order: _moment(order.sold_at)),
    ("order_id", lambda order: order.order_id),
    ("platform", lambda order: platform_name(order.platform)),
    ("status", lambda order: order.status),
    ("title", _title),
    ("sku", lambda order: _item(order).manual_sku if _item(order) else None),
)
_PRICE: Column = ("sale_price_usd", lambda order: _money(order.sale_price_cents))
_SHIPPING: Column = ("shipping_cost_usd", lambda order: _money(order.shipping_cost_cents))

REPORTS: dict[str, tuple[Column, ...]] = {
    "sales": (
        *_HEAD,
        ("buyer", lambda order: order.buyer_name),
        ("country", lambda order: (order.address or {}).get("country")),
        _PRICE,
    ),
    "fees": (
        *_HEAD,
        _PRICE,
        ("marketplace_fee_usd", lambda order: _money(order.marketplace_fee_cents)),
        ("platform_fee_usd", lambda order: _money(order.platform_fee_cents)),
        ("fees_usd", lambda order: _money(_fees(order))),
    ),
    "shipping": (
        *_HEAD,
        ("country", lambda order: (order.address or {}).get("country")),
        ("parcels", lambda order: len(order.shipments.all())),  # pyright: ignore[reportAttributeAccessIssue]
        ("carrier", _of_parcel("carrier")),
        ("service", _of_parcel("service")),
        ("tracking_number", _of_parcel("tracking_number")),
        ("shipment_status", _of_parcel("status")),
        ("shipped_at", lambda order: _moment(getattr(_parcel(order), "shipped_at", None))),
        _SHIPPING,
    ),
    "profit": (
        *_HEAD,
        _PRICE,
        ("fees_usd", lambda order: _money(_fees(order))),
        _SHIPPING,
        ("net_revenue_usd", lambda order: _money(_net(order))),
        ("cost_usd", lambda order: _money(_cost(order))),
        ("profit_usd", lambda order: _money(difference(_net(order), _cost(order)))),
    ),
}
"""Columns of each report: name and how an order fills it."""


def _pieces(orders: Any) -> Iterator[list[Order]]:
    """Yield orders oldest first, a piece at a time, each by a query that begins where the last one ended."""
    parcels = Prefetch("shipments", Shipment.objects.order_by("created", "pk"))
    rows = orders.select_related("listing__item__product").prefetch_related(parcels)
    rows = rows.order_by("sold_at", "pk")
    piece = list(rows[:_PIECE])
    while piece:
        yield piece
        last = piece[-1]
        later = Q(sold_at__gt=last.sold_at) | Q(sold_at=last.sold_at, pk__gt=last.pk)
        piece = list(rows.filter(later)[:_PIECE])


def table(report: str, orders: Any) -> Iterator[list[Cell]]:
    """Yield a report's header, then a row for each order."""
    columns = REPORTS[report]
    yield [name for name, _ in columns]
    for piece in _pieces(orders):
        for order in piece:
            yield [fill(order) for _, fill in columns]
