"""A server that lacks an endpoint: told from a gone record and from a portal, and asked again rarely."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from instica_desktop.api.offered import words
from instica_desktop.core import errors
from instica_desktop.core.errors import ASK_AGAIN
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from tests.api.coverage import arguments, by_endpoint, client_calls, drive, pattern
from tests.api.endpoints import ENDPOINTS, Endpoint
from tests.api.scripted import Got, Scripted, Step, Wired, reply

STATUSES = (404, 405, 501)
OURS = tuple(endpoint for endpoint in ENDPOINTS if endpoint.mark == "O" and endpoint.path != "/api/schema/")
NAMED_ONLY = {
    "/api/auth/social/{provider}/",
    "/api/v1/inventory/import/{job}/",
    "/api/v1/inventory/import/{job}/cancel/",
    "/api/v1/inventory/import/{job}/rows/",
    "/api/v1/invites/{token}/accept/",
    "/api/v1/marketplace/connections/{uid}/",
    "/api/v1/marketplace/connections/{uid}/sync/",
    "/api/v1/marketplace/import-jobs/{uid}/",
    "/api/v1/marketplace/import-jobs/{uid}/cancel/",
    "/api/v1/organization/switch/",
    "/api/v1/subscriptions/payment-methods/{uid}/",
    "/api/v1/subscriptions/payment-methods/{uid}/default/",
    "/api/v1/user/device-tokens/{uid}/",
}
"""Where nothing else tells whether what was named is there: Instica's own 404 is taken for that."""
PAGE = b"<html><h1>Not Found</h1></html>"
RECORD = re.compile(r"^/api/v1/(products|inventory|orders|organization)/([^/?]+)/$")
RECORDS = ("/api/v1/products/{uid}/", "/api/v1/orders/{uid}/")
"""Before one record counts as lacking, two others are asked for."""


class Foreign:
    """A server of which some endpoints answer otherwise. Its records are `x`, `y` and `z`."""

    def __init__(self) -> None:
        self.answers: list[tuple[Callable[[Got], bool], Step]] = []
        self.got: list[str] = []

    def lack(self, method: str, path: str, step: Step) -> None:
        """Answer an endpoint like this."""
        found = pattern(path)
        self.answers.append(
            (lambda got: got.method == method and bool(found.match(got.target.partition("?")[0])), step)
        )

    async def __call__(self, got: Got, writer: asyncio.StreamWriter) -> None:
        self.got.append(f"{got.method} {got.target.partition('?')[0]}")
        for fits, step in self.answers:
            if fits(got):
                return await step(got, writer)
        uids: list[dict[str, Any]] = [{"uid": "x"}, {"uid": "y"}, {"uid": "z"}]
        record = RECORD.match(got.target.partition("?")[0])
        body: Any = {"count": 3, "next": None, "previous": None, "results": uids}
        if record or got.target == "/api/v1/user/me/":
            body = {"uid": record[2] if record else "me"}
        return await reply(200, body)(got, writer)


def own(status: int) -> Step:
    return reply(status, {"detail": "Not found."})


async def _called(wired: Wired, name: str) -> None:
    section, _, method = name.partition(".")
    bound = getattr(getattr(wired.client, section), method)
    await drive(bound(**arguments(bound)))


async def _methods() -> list[tuple[Endpoint, str]]:
    found = by_endpoint(await client_calls(), ENDPOINTS)
    return [(one, name) for one in OURS for name in sorted(found[one]) if not name.startswith("job.")]


@pytest.mark.parametrize("status", STATUSES)
async def test_each_endpoint_of_ours_that_is_lacking_is_said_to_be_and_asked_for_once(status: int) -> None:
    methods = await _methods()
    assert len(methods) > 60
    for endpoint, name in methods:
        foreign = Foreign()
        foreign.lack(endpoint.method, endpoint.path, own(status))
        async with Scripted(foreign) as server, Wired(server.url) as wired:
            gone = status == 404 and endpoint.path in NAMED_ONLY
            kind = errors.NotFound if gone else errors.NotOffered
            for _ in range(3):
                with pytest.raises(kind) as caught:
                    await _called(wired, name)
                assert caught.value.message.endswith(".")
            asked = [line for line in foreign.got if line.startswith(f"{endpoint.method} ")]
            asked = [line for line in asked if pattern(endpoint.path).match(line.split()[1])]
            tried = status == 404 and endpoint.method == "GET" and endpoint.path in RECORDS
            assert len(asked) == (3 if gone or tried else 1), (name, foreign.got)


async def _of(wired: Wired, act: str) -> Any:
    orders, inventory = wired.client.orders, wired.client.inventory
    acts: dict[str, Callable[[], Awaitable[Any]]] = {
        "order": lambda: orders.get("x"),
        "parcels": lambda: orders.list_shipments("x"),
        "parcel": lambda: orders.delete_shipment("x", "p"),
        "photo": lambda: inventory.delete_asset("x", "p"),
        "delete": lambda: wired.client.products.delete("x"),
        "orders": lambda: orders.page(Query(Entity.ORDER)),
        "more orders": lambda: orders.page(Query(Entity.ORDER), 2),
        "platforms": lambda: wired.client.platforms.list(),
    }
    return await acts[act]()


async def _told(foreign: Foreign, act: str, *before: str) -> type[BaseException]:
    async with Scripted(foreign) as server, Wired(server.url) as wired:
        for one in before:
            await _of(wired, one)
        with pytest.raises(errors.InsticaError) as caught:
            await _of(wired, act)
        return type(caught.value)


async def test_it_is_asked_for_again_after_a_while_and_works_at_once() -> None:
    foreign = Foreign()
    foreign.lack("GET", "/api/v1/platforms/", own(404))
    async with Scripted(foreign) as server, Wired(server.url) as wired:
        with pytest.raises(errors.NotOffered) as caught:
            await wired.client.platforms.list()
        assert caught.value.again == ASK_AGAIN
        foreign.answers.clear()
        wired.time.now += ASK_AGAIN - 10
        with pytest.raises(errors.NotOffered) as caught:
            await wired.client.platforms.list()
        assert caught.value.again == pytest.approx(10)
        assert foreign.got == ["GET /api/v1/platforms/"]
        wired.time.now += 10
        assert len(await wired.client.platforms.list()) == 3


async def test_who_wants_to_know_has_it_asked_for_at_once() -> None:
    foreign = Foreign()
    foreign.lack("GET", "/api/v1/platforms/", own(501))
    async with Scripted(foreign) as server, Wired(server.url) as wired:
        with pytest.raises(errors.NotOffered):
            await wired.client.platforms.list()
        foreign.answers.clear()
        wired.client.ask_again()
        assert await wired.client.platforms.list()


async def test_a_record_is_gone_once_another_could_be_asked_for() -> None:
    foreign = Foreign()
    foreign.lack("GET", "/api/v1/orders/x/", own(404))
    assert await _told(foreign, "order") is errors.NotFound
    assert foreign.got == [
        "GET /api/v1/orders/x/",
        "GET /api/v1/orders/",
        "GET /api/v1/orders/y/",
    ]


async def test_no_record_is_gone_where_none_can_be_asked_for() -> None:
    foreign = Foreign()
    foreign.lack("GET", "/api/v1/orders/{uid}/", own(404))
    for act in ("order", "parcels", "order"):
        foreign.lack("GET", "/api/v1/orders/{uid}/shipments/", own(404))
        assert await _told(foreign, act) is errors.NotOffered


async def test_the_only_record_of_a_list_proves_nothing() -> None:
    foreign = Foreign()
    foreign.lack("GET", "/api/v1/orders/{uid}/", own(404))
    one = {"count": 1, "next": None, "previous": None, "results": [{"uid": "x"}]}
    foreign.lack("GET", "/api/v1/orders/", reply(200, one))
    assert await _told(foreign, "order") is errors.NotOffered


@pytest.mark.parametrize(
    ("act", "before", "path", "kind"),
    [
        ("parcel", (), "/api/v1/orders/{uid}/shipments/{shipment}/", errors.NotFound),  # the order names none
        ("photo", (), "/api/v1/inventory/{uid}/assets/{asset}/", errors.NotFound),
        ("delete", (), "/api/v1/products/{uid}/", errors.NotOffered),  # the product is there
        ("delete", ("delete",), "/api/v1/products/{uid}/", errors.NotOffered),
    ],
)
async def test_what_changes_a_record_is_judged_by_the_record(
    act: str, before: tuple[str, ...], path: str, kind: type[Exception]
) -> None:
    foreign = Foreign()
    if not before:
        foreign.lack("DELETE", path, own(404))
    async with Scripted(foreign) as server, Wired(server.url) as wired:
        for one in before:
            await _of(wired, one)
            foreign.lack("DELETE", path, own(404))
        with pytest.raises(kind) as caught:
            await _of(wired, act)
        if isinstance(caught.value, errors.NotFound):
            assert caught.value.part


async def test_a_part_the_record_still_names_is_not_gone() -> None:
    foreign = Foreign()
    foreign.lack("DELETE", "/api/v1/orders/{uid}/shipments/{shipment}/", own(404))
    foreign.lack("GET", "/api/v1/orders/{uid}/", reply(200, {"uid": "x", "shipments": [{"uid": "p"}]}))
    assert await _told(foreign, "parcel") is errors.NotOffered


async def test_a_part_is_gone_with_its_record() -> None:
    foreign = Foreign()
    foreign.lack("DELETE", "/api/v1/orders/{uid}/shipments/{shipment}/", own(404))
    foreign.lack("GET", "/api/v1/orders/x/", own(404))
    async with Scripted(foreign) as server, Wired(server.url) as wired:
        with pytest.raises(errors.NotFound) as caught:
            await _of(wired, "parcel")
        assert not caught.value.part


PORTAL = reply(200, b"<html>Sign in</html>", "text/html")


@pytest.mark.parametrize(
    "step", [PORTAL, reply(302, b"", Location="http://portal.example/"), reply(404, PAGE, "text/html")]
)
@pytest.mark.parametrize("act", ["orders", "platforms", "order", "parcels"])
async def test_a_portal_is_told_by_who_else_answers(step: Step, act: str) -> None:
    everywhere = Foreign()
    everywhere.answers.append((lambda _got: True, step))
    assert await _told(everywhere, act) is errors.NotInstica


@pytest.mark.parametrize("step", [PORTAL, reply(404, PAGE, "text/html"), reply(405, PAGE, "text/html")])
async def test_a_page_in_place_of_what_the_app_can_do_without_is_no_portal(step: Step) -> None:
    foreign = Foreign()
    foreign.lack("GET", "/api/v1/platforms/", step)
    assert await _told(foreign, "platforms") is errors.NotOffered


async def test_a_page_in_place_of_a_record_proves_nothing() -> None:
    foreign = Foreign()
    foreign.lack("GET", "/api/v1/orders/x/", reply(404, PAGE, "text/html"))
    assert await _told(foreign, "order") is errors.NotOffered
    assert foreign.got[-1] == "GET /api/v1/user/me/"  # nobody stands in the way
    foreign.lack("GET", "/api/v1/orders/{uid}/", reply(404, PAGE, "text/html"))
    assert await _told(foreign, "order") is errors.NotOffered


async def test_a_list_may_be_lacking_too_and_its_end_is_no_lack() -> None:
    foreign = Foreign()
    foreign.lack("GET", "/api/v1/orders/", own(404))
    assert await _told(foreign, "orders") is errors.NotOffered
    assert await _told(foreign, "more orders") is errors.NotFound


async def test_the_words_name_what_is_lacking() -> None:
    said = [
        words(endpoint.method, re.sub(r"\{[^}]+\}", "{}", endpoint.path))
        for endpoint in ENDPOINTS
        if re.match(r"^/api/v1/(products|inventory|orders)/", endpoint.path)
        and "import/{" not in endpoint.path
        and "reports" not in endpoint.path
    ]
    assert all(
        re.match(r"^This server does not offer [\w -]+\. Everything else goes on working\.$", one)
        for one in said
    )
    assert [one for one in said if "offer that." in one] == []
    assert words("GET", "/api/v1/orders/{}/shipments/").startswith("This server does not offer shipments.")
