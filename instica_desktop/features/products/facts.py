"""What a product tells of its copies, in words: price range, grades, where to find them."""

from decimal import Decimal

from instica_desktop.core.grading import grade_label
from instica_desktop.core.models import Product, ProductItem
from instica_desktop.core.money import format_money


def price_range(lowest: Decimal | None, highest: Decimal | None) -> str:
    """Return `16.00`, or `16.00–42.00` when the copies differ; nothing without a priced copy."""
    if lowest is None or highest is None or lowest == highest:
        return format_money(lowest if highest is None else highest, unknown="")
    return f"{format_money(lowest)}–{format_money(highest)}"


def copy_grades(copy: ProductItem) -> str:
    """Return `VG+ / VG`, the grade of the record and of its sleeve."""
    grades = (
        grade_label(copy.condition_item, copy.condition_item_display),
        grade_label(copy.condition_container, copy.condition_container_display),
    )
    return " / ".join(grade for grade in grades if grade) or "Not graded"


def copies_search(product: Product) -> str:
    """Return the words that find a product's copies in the inventory."""
    return " ".join(part for part in (product.title, product.catalog_number or "") if part)
