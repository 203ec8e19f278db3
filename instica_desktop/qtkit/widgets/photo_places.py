"""Where the photos of a strip stand: a large first one, small ones beside and below it."""

from PySide6.QtCore import QPoint, QRect

GAP = 8


BESIDE = 3
WIDEST_TILE = 84


def sizes(width: int) -> tuple[int, int]:
    """Return the sizes of the first photo and the others that use the width; two rows are as high as it."""
    columns = BESIDE
    while (tile := (width - (columns + 1) * GAP) // (columns + 2)) > WIDEST_TILE:
        columns += 1
    return 2 * max(tile, 1) + GAP, max(tile, 1)


def places(width: int, count: int, hero: int, tile: int) -> list[QRect]:
    """Return `count` places for a strip of `width` px: the hero, then tiles in rows beside and below it."""
    if count == 0:
        return []
    found = [QRect(0, 0, hero, hero)]
    beside = max(0, (width - hero - GAP + GAP) // (tile + GAP))
    rows_beside = max(1, (hero + GAP) // (tile + GAP))
    below = max(1, (width + GAP) // (tile + GAP))
    for at in range(count - 1):
        if at < beside * rows_beside:
            row, column = divmod(at, beside)
            found.append(QRect(hero + GAP + column * (tile + GAP), row * (tile + GAP), tile, tile))
        else:
            row, column = divmod(at - beside * rows_beside, below)
            found.append(QRect(column * (tile + GAP), hero + GAP + row * (tile + GAP), tile, tile))
    return found


def height(found: list[QRect]) -> int:
    """Return how high a strip with these places is."""
    return max((place.bottom() + 1 for place in found), default=0)


def slot(found: list[QRect], where: QPoint) -> int:
    """Return before which place a photo dropped at `where` belongs; `len(found)` is the end."""
    for at, place in enumerate(found):
        same_row = place.top() - GAP // 2 <= where.y() <= place.bottom() + GAP // 2
        if same_row and where.x() < place.center().x():
            return at
        if where.y() < place.top() - GAP // 2 and at:
            return at
    return len(found)


def mark(found: list[QRect], at: int) -> QRect:
    """Return the line that shows a photo would be put before place `at`."""
    if not found:
        return QRect(0, 0, 3, 48)
    if at < len(found):
        place = found[at]
        return QRect(max(0, place.left() - GAP // 2 - 1), place.top(), 3, place.height())
    place = found[-1]
    return QRect(place.right() + GAP // 2, place.top(), 3, place.height())
