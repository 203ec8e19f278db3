"""The truth: what the server holds, read and changed through its API, as a colleague would."""

from pathlib import Path
from typing import Any

import httpx

from tests.server.fixture import RunningServer

Wire = dict[str, Any]


class Truth:
    """The shop on its server."""

    def __init__(self, server: RunningServer) -> None:
        self._client = httpx.Client(
            base_url=f"{server.base_url}/api/v1/", headers={"X-API-Key": server.api_key}, trust_env=False
        )

    def close(self) -> None:
        """Let go of the server."""
        self._client.close()

    def newest(self, section: str, count: int, **query: str) -> list[Wire]:
        """Return the records of a section that a table shows first."""
        return self._send("GET", f"{section}/", params={"page_size": str(count), **query})["results"]

    def get(self, section: str, uid: str) -> Wire | None:
        """Return a record, None when the server has it no more."""
        answer = self._client.get(f"{section}/{uid}/")
        return None if answer.status_code == 404 else answer.raise_for_status().json()

    def item(self, uid: str) -> Wire:
        """Return an item that must be there."""
        found = self.get("inventory", uid)
        assert found is not None, f"the server has no item {uid}"
        return found

    def make(self, section: str, **fields: Any) -> Wire:
        """Make a record."""
        return self._send("POST", f"{section}/", json=fields)

    def change(self, section: str, uid: str, **fields: Any) -> Wire:
        """Change a record."""
        return self._send("PATCH", f"{section}/{uid}/", json=fields)

    def photograph(self, item: str, photo: Path) -> None:
        """Add a photo to an item."""
        self._send("POST", f"inventory/{item}/assets/", files={"image": (photo.name, photo.read_bytes())})

    def prices_and_shelves(self) -> dict[str, tuple[str, str, str]]:
        """Return name, price and shelf of each item, to see what changed."""
        items = [item for page in ("1", "2") for item in self.newest("inventory", 100, page=page)]
        return {item["uid"]: (item["name"], item["price_item_usd"], item["location"]) for item in items}

    def ship(self, order: str, number: str) -> Wire:
        """Ship an order, whatever other orders have the number."""
        fields = {"carrier": "usps", "tracking_number": number, "confirm": True}
        return self._send("POST", f"orders/{order}/shipments/", json=fields)

    def parcels(self, order: str) -> list[str]:
        """Return the tracking numbers of an order's parcels."""
        found = self.get("orders", order)
        return [one["tracking_number"] for one in (found or {}).get("shipments", ())]

    def _send(self, method: str, path: str, **more: Any) -> Any:
        answer = self._client.request(method, path, **more)
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None


def told(item: Wire) -> Wire:
    """Return what a seller has written about an item, and the widths of its photos in their order."""
    fields = {name: item[name] for name in WRITTEN}
    photos = sorted(item["assets"], key=lambda photo: photo["position"])
    return {**fields, "product": item["product"]["uid"], "photos": [photo["width"] for photo in photos]}


WRITTEN = (
    "name",
    "condition_item",
    "condition_container",
    "status",
    "price_item_usd",
    "price_shipping_usd",
    "cost_usd",
    "manual_sku",
    "condition_notes",
    "location",
    "tags",
)
