"""An answer leaves nothing in memory that only the garbage collector can take away."""

import gc

import pytest

from tests.server.shop import Shop


@pytest.fixture
def listed(shop: Shop) -> None:
    """An item that is offered, with a photo, and an order, so that each list reads all it reads along."""
    from instica_desktop.server.models import Asset

    Asset.objects.create(item=shop.order().listing.item)


@pytest.mark.parametrize("path", ["inventory/", "products/", "orders/"])
def test_a_list_goes_from_memory_with_its_answer(shop: Shop, listed: None, path: str) -> None:
    from django.db.models import Model
    from rest_framework.request import Request
    from rest_framework.views import APIView

    assert shop.get(path).json()["count"]  # what is made once is there
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        shop.get(path)
        gc.collect()
        left = [type(one).__name__ for one in gc.garbage if isinstance(one, (Model, Request, APIView))]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert left == []
