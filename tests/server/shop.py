"""A client for the in-process server, and pictures to send to it."""

import io
import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.server.databases import database_for

HOST = "127.0.0.1:8000"
_numbers = itertools.count(1)


def open_shop_folder(data_dir: Path) -> Path:
    """Configure Django for a folder and open its database; returns the folder."""
    from instica_desktop.server.settings import configure
    from instica_desktop.server.storage.database import open_database
    from instica_desktop.server.storage.folder import ShopFolder

    folder = ShopFolder(data_dir)
    folder.prepare()
    own = {"SHOP_SEND_IN_BACKGROUND": False, "SHOP_SIGN_INS_PER_MINUTE": 0}  # all come from one address
    configure(data_dir, hosts={HOST, "localhost:8000"}, database=database_for(data_dir), **own)
    open_database(folder)
    _hash_quickly()
    return data_dir


def _hash_quickly() -> None:
    """Hash passwords as ever, in fewer rounds: they are slow by intent, and tests hash hundreds of them."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1_000


def picture(kind: str = "PNG", size: tuple[int, int] = (320, 240), shade: int = 90, **options: Any) -> bytes:
    """Return a picture file; another shade is another file."""
    from PIL import Image

    output = io.BytesIO()
    Image.new("RGB", size, (shade, 40, 160)).save(output, kind, **options)
    return output.getvalue()


@dataclass
class Shop:
    """One organization and its client; every call answers Django's test response."""

    organization: Any
    user: Any
    key: str
    client: Any
    data_dir: Path

    @classmethod
    def new(cls, data_dir: Path) -> "Shop":
        """Make an organization with a user and a key."""
        from django.test import Client

        from instica_desktop.server.models import Organization, User
        from instica_desktop.server.web.key_form import new_key
        from instica_desktop.server.web.keys import store_key

        number, key = next(_numbers), new_key()
        organization = Organization.objects.create(display_name=f"Shop {number}", slug=f"shop-{number}")
        user = User.objects.create(organization=organization, username=f"user{number}")
        store_key(user, "Test", key)
        client = Client(raise_request_exception=False, HTTP_HOST=HOST, HTTP_X_API_KEY=key)
        return cls(organization, user, key, client, data_dir)

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        """GET below /api/v1/."""
        return self.client.get(f"/api/v1/{path}", query or {}, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST JSON below /api/v1/."""
        return self.client.post(f"/api/v1/{path}", json.dumps(body), "application/json", **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        """PATCH JSON below /api/v1/."""
        return self.client.patch(f"/api/v1/{path}", json.dumps(body), "application/json", **headers)

    def delete(self, path: str, **headers: str) -> Any:
        """DELETE below /api/v1/."""
        return self.client.delete(f"/api/v1/{path}", **headers)

    def upload(self, path: str, content: bytes, name: str = "photo.png", **fields: Any) -> Any:
        """POST a picture as multipart below /api/v1/; fields in capitals are headers."""
        headers = {key: fields.pop(key) for key in list(fields) if key.isupper()}
        file = io.BytesIO(content)
        file.name = name
        return self.client.post(f"/api/v1/{path}", {"image": file, **fields}, **headers)

    def product(self, **fields: Any) -> dict[str, Any]:
        """Make a product; returns its record."""
        response = self.post("products/", {"title": "Kind of Blue", **fields})
        assert response.status_code == 201, response.content
        return response.json()

    def item(self, product: str | None = None, **fields: Any) -> dict[str, Any]:
        """Make an item (of a fresh product unless one is given); returns its record."""
        response = self.post("inventory/", {"product": product or self.product()["uid"], **fields})
        assert response.status_code == 201, response.content
        return response.json()

    def order(self, **fields: Any) -> Any:
        """Make an order for a sold item straight in the database; returns the row."""
        from django.utils import timezone

        from instica_desktop.server.models import Item, Listing, Order
        from instica_desktop.server.operations.derived import order_changed
        from instica_desktop.server.operations.items import move_by_server

        record = self.item(status="listed", price_item_usd="20.00", manual_sku="IN-000001")
        item = Item.objects.get(uid=record["uid"])
        move_by_server(item, "sold", "sale")
        listing = Listing.objects.create(item=item, platform="discogs", status="sold", price_cents=2000)
        values = {"platform": "discogs", "sold_at": timezone.now(), "order_id": "4711-1", **fields}
        order = Order(organization=self.organization, listing=listing, **values)
        order_changed(order)
        return order

    def titles(self, path: str, **query: Any) -> list[str]:
        """Return the titles of a list, in its order."""
        response = self.get(path, {"page_size": 100, **query})
        assert response.status_code == 200, response.content
        return [row["title"] for row in response.json()["results"]]

    def errors(self, response: Any) -> dict[str, list[str]]:
        """Return the body of a 400, whose shape is checked."""
        assert response.status_code == 400, (response.status_code, response.content)
        body = response.json()
        assert isinstance(body, dict)
        assert all(isinstance(messages, list) and messages for messages in body.values())
        return body
