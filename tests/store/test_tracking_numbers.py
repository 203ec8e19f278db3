"""A parcel's number is kept as the carrier knows it, and an order found by it however it is pasted."""

import pytest

from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.store.store import Store
from instica_desktop.sync.shipping import ShipmentDraft
from tests.store.support import found, query, record, run

NUMBER = "9400111899560000000014"


@pytest.mark.parametrize(
    "brought", [f'="{NUMBER}"', f"\u200b{NUMBER}", f"https://example.com/track?n={NUMBER}", f"USPS {NUMBER}"]
)
def test_a_draft_is_cleaned_and_the_copy_finds_it(store: Store, brought: str) -> None:
    fields = ShipmentDraft(carrier="usps", tracking_number=brought).wire()
    assert fields["tracking_number"] == NUMBER
    shipment = {"uid": "s", "carrier": "usps", "tracking_number": NUMBER}
    run(store.cache.upsert(Entity.ORDER, [record(Entity.ORDER, "a", shipments=[shipment])]))
    run(store.cache.upsert(Entity.ORDER, [record(Entity.ORDER, "b", buyer_name="USPS")]))
    assert found(store, query(Entity.ORDER, search=brought)) == ["a"]
    assert found(store, query(Entity.ORDER, search="usps")) == ["b"]


def test_a_damaged_number_is_refused_at_its_field() -> None:
    with pytest.raises(InputError, match="damaged by a spreadsheet") as refused:
        ShipmentDraft(carrier="usps", tracking_number="9.40011E+21").wire()
    assert refused.value.field == "tracking_number"
