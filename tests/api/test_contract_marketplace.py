"""The contract against the real server: listings, connections, imports, the catalogue."""

import asyncio
import base64
import hashlib
import re
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest

from instica_desktop.api import InsticaClient
from instica_desktop.core import errors
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from tests.api.test_contract_writes import connected, new_item
from tests.server.fixture import RunningServer

REDIRECT = "http://127.0.0.1:53682/callback"


async def for_sale(client: InsticaClient) -> str:
    return (await new_item(client, status="ready-to-sell", price_item_usd=Decimal("20.00"))).uid


async def test_the_sample_shop_is_connected(shop: RunningServer) -> None:
    async with connected(shop) as client:
        accounts = {account.platform: account for account in await client.marketplace.connections()}
        assert set(accounts) == {"ebay", "discogs", "etsy", "shopify"}
        assert {account.status for account in accounts.values()} == {"connected"}
        assert accounts["ebay"].is_simulated
        platforms = {platform.slug: platform for platform in await client.platforms.list()}
        assert platforms["ebay"].connection_url == f"{shop.base_url}/accounts/ebay/login/"
        assert platforms["society6"].connection_url is None


async def test_a_listing_from_offer_to_end(shop: RunningServer) -> None:
    async with connected(shop) as client:
        uid, key = await for_sale(client), str(uuid4())
        fields = {"platform": "ebay", "price_usd": Decimal("18.00")}
        made = await client.inventory.add_listing(uid, fields, key)
        assert (made.status, made.price_usd, made.error) == ("listed", Decimal("18.00"), None)
        assert await client.inventory.add_listing(uid, fields, key) == made
        assert (await client.inventory.get(uid)).record.data.status == "listed"
        changed = await client.inventory.update_listing(uid, made.uid, {"title": "A better title"})
        assert await client.inventory.list_listings(uid) == (changed,)
        assert (await client.inventory.delist(uid, made.uid)).status == "inactive"
        assert (await client.inventory.get(uid)).record.data.status == "ready-to-sell"


async def test_what_a_marketplace_refuses_comes_back_failed(shop: RunningServer) -> None:
    async with connected(shop) as client:
        uid = await for_sale(client)
        fields = {"platform": "etsy", "title": "[simulate: photo_required]"}
        failed = await client.inventory.add_listing(uid, fields)
        assert failed.status == "failed"
        assert failed.error is not None
        assert failed.error.code == "photo_required"


async def test_a_listing_is_refused_at_its_field(shop: RunningServer) -> None:
    async with connected(shop) as client:
        draft, ready = (await new_item(client)).uid, await for_sale(client)
        for uid, fields, named in (
            (draft, {"platform": "ebay"}, "status"),
            (ready, {"platform": "myspace"}, "platform"),
            (ready, {"platform": "ebay", "price_usd": "0"}, "price_usd"),
        ):
            with pytest.raises(errors.ValidationFailed) as caught:
                await client.inventory.add_listing(uid, fields)
            assert named in caught.value.fields
        for gone in (
            client.inventory.list_listings("nobody"),
            client.inventory.add_listing("nobody", {"platform": "ebay"}),
            client.inventory.delist(ready, "nobody"),
            client.marketplace.sync("nobody"),
            client.marketplace.disconnect("nobody"),
            client.marketplace.import_job("nobody"),
        ):
            with pytest.raises(errors.NotFound):
                await gone


async def test_a_sale_comes_with_a_synchronization(shop: RunningServer) -> None:
    async with connected(shop) as client:
        uid = await for_sale(client)
        await client.inventory.add_listing(uid, {"platform": "ebay", "title": "Rare [simulate: sold]"})
        await client.inventory.add_listing(uid, {"platform": "discogs"})
        accounts = {account.platform: account for account in await client.marketplace.connections()}
        synced = await client.marketplace.sync(accounts["ebay"].uid, str(uuid4()))
        assert synced.last_synced is not None
        states = {row.platform: row for row in await client.inventory.list_listings(uid)}
        assert (states["ebay"].status, states["discogs"].status) == ("sold", "inactive")
        with pytest.raises(errors.Clash):
            await client.inventory.delist(uid, states["ebay"].uid)
        with pytest.raises(errors.Clash):
            await client.inventory.update_listing(uid, states["ebay"].uid, {"title": "x"})
        order = (await client.orders.page(Query(Entity.ORDER))).records[0].data
        assert order.inventory_item_listing is not None
        assert order.inventory_item_listing.uid == states["ebay"].uid


async def test_an_import_runs_to_its_end(shop: RunningServer) -> None:
    async with connected(shop) as client:
        handle = await client.marketplace.start_import("shopify", str(uuid4()))
        ended = await handle.finished()
        assert (ended.status, ended.created, ended.errors) == ("succeeded", 12, ())
        assert ended.processed == ended.total == 12
        again = await client.marketplace.start_import("shopify")
        assert ((await again.finished()).created, again.state.skipped) == (0, 12)
        page = await client.marketplace.import_jobs()
        assert [record.data.uid for record in page.records][:2] == [again.uid, ended.uid]
        assert page.records[0].data.platform == "shopify"
        job = await client.marketplace.import_job(ended.uid)
        assert (await job.cancel()).status == "succeeded"
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.marketplace.start_import("redbubble")
        assert "platform" in caught.value.fields


def agreed(server: RunningServer, platform: str, verifier: str) -> str:
    """Agree at a marketplace's page, as a person in a browser would; returns the code."""
    digest = hashlib.sha256(verifier.encode()).digest()
    query = {
        "redirect_uri": REDIRECT,
        "state": "s",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    with httpx.Client(base_url=server.base_url, params=query, trust_env=False) as browser:
        path = f"/accounts/{platform}/login/"
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(path).text)
        assert token is not None
        form = {"csrfmiddlewaretoken": token[1], "answer": "agree", "account_name": "Northside"}
        answer = browser.post(path, data=form, headers={"Origin": server.base_url})
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


async def test_an_account_is_connected_through_the_browser(shop: RunningServer) -> None:
    async with connected(shop) as client:
        verifier = "v" * 43
        code = await asyncio.to_thread(agreed, shop, "etsy", verifier)
        made = await client.marketplace.connect("etsy", code, verifier, REDIRECT)
        assert (made.platform, made.status) == ("etsy", "connected")
        assert made in await client.marketplace.connections()
        with pytest.raises(errors.ValidationFailed) as caught:
            await client.marketplace.connect("etsy", code, verifier, REDIRECT)
        assert "code" in caught.value.fields


async def test_an_ended_connection_is_gone(shop: RunningServer) -> None:
    async with connected(shop) as client:
        accounts = {account.platform: account for account in await client.marketplace.connections()}
        await client.marketplace.disconnect(accounts["shopify"].uid)
        left = await client.marketplace.connections()
        assert "shopify" not in {account.platform for account in left}
        with pytest.raises(errors.ValidationFailed):
            await client.marketplace.start_import("shopify")


async def test_the_catalogue_is_searched(shop: RunningServer) -> None:
    async with connected(shop) as client:
        (one,) = await client.products.look_up(barcode="0-74646-49352-6")
        assert (one.artist, one.title, one.year) == ("Miles Davis", "Kind of Blue", 1997)
        assert one.thumb is not None
        assert (await client.fetch(one.thumb)).content_type == "image/png"
        assert len(await client.products.look_up(artist="miles davis")) > 1
        assert await client.products.look_up(q="no such record anywhere") == ()
        with pytest.raises(errors.ValidationFailed):
            await client.products.look_up(q="")
