"""Copies joined in one offer in a server's database, as an import joins them: no request does."""

from collections.abc import Sequence
from pathlib import Path

from tests.server.databases import connect

_JOIN = """
    INSERT INTO shop_listingcopy(listing_id, item_id, is_out)
    SELECT l.id, i.id, FALSE FROM shop_listing AS l CROSS JOIN shop_item AS i
    WHERE l.uid = '{offer}' AND i.uid = '{item}'"""
_COUNT = "UPDATE shop_listing SET quantity = {number} WHERE uid = '{offer}'"


def join(data_dir: Path, offer: str, items: Sequence[str]) -> None:
    """Let further copies stand in an offer, which has one."""
    database = connect(data_dir)
    for item in items:
        database.execute(_JOIN.format(offer=offer, item=item))
    database.execute(_COUNT.format(number=1 + len(items), offer=offer))
    database.close()
