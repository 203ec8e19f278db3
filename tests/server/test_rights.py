"""Rights on every address there is: who may, and that another organization's objects are absent.

Both tests read the addresses themselves, so a new endpoint is in them before anybody thinks of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.server.shop import Shop, picture
from tests.server.team import join

PUBLIC = ("api/health/", "api/schema/", "accounts/")
"""What needs no key, as the contract has it; and the pages, whose addresses carry their own proof."""
PUBLIC_AUTH = {
    "api/auth/register/email/",
    "api/auth/email/verify/",
    "api/auth/login/",
    "api/auth/apple/",
    "api/auth/<str:provider>/",
    "api/auth/password/reset/",
    "api/auth/password/reset/confirm/",
    "api/auth/email-recovery/",
}
STOCK = ("api/v1/products/", "api/v1/inventory/", "media/")
"""Where a request that its view does not declare means what its HTTP method says."""
DENIED = {"detail": "You do not have permission to perform this action."}


@dataclass(frozen=True)
class Endpoint:
    """One method of one address, with the class that answers it."""

    route: str
    method: str
    handler: str | None
    view: Any

    @property
    def is_public(self) -> bool:
        """Whether the contract lets everybody in."""
        return self.route.startswith(PUBLIC) or self.route in PUBLIC_AUTH


def endpoints() -> Iterator[Endpoint]:
    """Yield every method of every address."""
    from instica_desktop.server.urls import urlpatterns

    for pattern in urlpatterns:
        callback = pattern.callback
        view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
        actions = getattr(callback, "actions", None)
        if actions is None:
            names = getattr(view, "http_method_names", [])
            actions = {
                name: None for name in names if hasattr(view, name) and name not in ("options", "head")
            }
        for method, handler in dict(actions).items() if view else ():
            if method != "head":  # the framework adds it as it answers
                yield Endpoint(str(pattern.pattern), method, handler, view)


def test_every_address_asks_for_rights_or_is_public_by_contract(data_dir: Any) -> None:
    from instica_desktop.server.web.rights import RoleAllows

    found = list(endpoints())
    assert len(found) > 60
    for endpoint in found:
        guarded = RoleAllows in getattr(endpoint.view, "permission_classes", [])
        assert guarded != endpoint.is_public, endpoint


def test_what_is_no_endpoint_of_the_api_is_a_page(data_dir: Any) -> None:
    from instica_desktop.server.urls import urlpatterns

    for pattern in urlpatterns:
        if not hasattr(pattern.callback, "cls"):
            assert str(pattern.pattern).startswith("accounts/"), pattern


def test_every_address_that_writes_says_what_it_does(data_dir: Any) -> None:
    from instica_desktop.server.domain.roles import Action
    from instica_desktop.server.web.rights import declared

    for endpoint in endpoints():
        if endpoint.is_public:
            continue
        needs = endpoint.view.needs if hasattr(endpoint.view, "needs") else {}
        said = {endpoint.handler, endpoint.method, "*"} & set(needs)
        reads = endpoint.method == "get"
        assert said or reads or endpoint.route.startswith(STOCK), f"{endpoint} has no action in `needs`"
        assert declared(endpoint.view, endpoint.method, endpoint.handler) in Action
        assert set(needs.values()) <= set(Action), endpoint


def test_what_a_view_declares_is_a_handler_of_its_own(data_dir: Any) -> None:
    known: dict[Any, set[str | None]] = {}
    for endpoint in endpoints():
        known.setdefault(endpoint.view, {"*"}).update({endpoint.method, endpoint.handler})
    for view, names in known.items():
        assert set(getattr(view, "needs", {})) <= names, view


def test_nobody_may_more_than_an_owner_and_a_member_less_than_an_admin(data_dir: Any) -> None:
    from instica_desktop.server.domain.roles import ALLOWED, Action, may

    assert ALLOWED["member"] < ALLOWED["admin"] < ALLOWED["owner"] == set(Action)
    always = [Action.OWN_ACCOUNT, Action.LEAVE_TEAM]
    assert [action for action in Action if may(None, action)] == always
    assert [action for action in Action if may("stranger", action)] == always


def test_an_open_question_is_answered_by_the_method(data_dir: Any) -> None:
    from instica_desktop.server.domain.roles import Action, action_of

    assert action_of({}, "GET", "list") is Action.READ
    assert action_of({}, "PATCH", "partial_update") is Action.EDIT_STOCK
    assert action_of({}, "DELETE", "destroy") is Action.DELETE_STOCK
    assert action_of({"*": Action.SELL}, "GET", "list") is Action.SELL
    assert action_of({"get": Action.SELL, "list": Action.READ}, "GET", "list") is Action.READ


# ------------------------------------------------------------------ each role, on every address


def _filled(route: str, values: dict[str, str]) -> str:
    """Return a route with its parameters filled in."""
    import re

    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "1"), route)


def _send(shop: Shop, endpoint: Endpoint, path: str) -> Any:
    """Send a request of the kind the endpoint reads, with nothing in it."""
    from rest_framework.parsers import MultiPartParser

    send = getattr(shop.client, endpoint.method)
    if endpoint.method in ("get", "delete"):
        return send(f"/{path}")
    parsers = endpoint.view.parser_classes
    uploads = parsers == [MultiPartParser] or (endpoint.handler, endpoint.route[-7:]) == ("create", "assets/")
    if uploads:
        import io

        file = io.BytesIO(picture())
        file.name = "photo.png"
        return send(f"/{path}", {"image": file})
    return send(f"/{path}", "{}", "application/json")


@pytest.mark.parametrize("role", ["admin", "member"])
def test_each_role_is_refused_exactly_what_its_row_does_not_name(shop: Shop, role: str) -> None:
    from instica_desktop.server.domain.roles import may
    from instica_desktop.server.web.rights import declared

    person = join(shop, role)
    for endpoint in endpoints():
        if endpoint.is_public or endpoint.route.startswith("api/auth/"):
            continue
        allowed = may(role, declared(endpoint.view, endpoint.method, endpoint.handler))
        answer = _send(person, endpoint, _filled(endpoint.route, {"uid": "none"}))
        assert answer.status_code < 500, endpoint
        refused = answer.status_code == 403 and answer.json() == DENIED
        assert refused is not allowed, (endpoint, answer.status_code, answer.content)


def test_without_an_organization_only_the_account_is_left(shop: Shop) -> None:
    from instica_desktop.server.domain.roles import ALWAYS
    from instica_desktop.server.models import ApiKey, Membership, User
    from instica_desktop.server.web.rights import declared

    Membership.objects.filter(user=shop.user).delete()
    ApiKey.objects.filter(user=shop.user).update(organization=None)
    User.objects.filter(pk=shop.user.pk).update(organization=None)
    for endpoint in endpoints():
        action = declared(endpoint.view, endpoint.method, endpoint.handler)
        if endpoint.is_public or action in ALWAYS:
            continue
        answer = _send(shop, endpoint, _filled(endpoint.route, {"uid": "none"}))
        assert answer.status_code == 403, (endpoint, answer.status_code)


# ------------------------------------------------------------------ another organization's objects


def _item(shop: Shop) -> dict[str, str]:
    uid = shop.item()["uid"]
    return {
        "uid": uid,
        "asset": shop.upload(f"inventory/{uid}/assets/", picture(shade=3)).json()["uid"],
        "listing": _listing(uid),
    }


def _listing(item: str) -> str:
    from instica_desktop.server.models import Item, Listing

    return Listing.objects.create(item=Item.objects.get(uid=item), platform="redbubble", status="listed").uid


def _connection(shop: Shop) -> dict[str, str]:
    from instica_desktop.server.models import Connection

    return {"uid": Connection.objects.create(organization=shop.organization, platform="ebay").uid}


def _job(kind: str, name: str) -> Callable[[Shop], dict[str, str]]:
    def make(shop: Shop) -> dict[str, str]:
        from instica_desktop.server.models import Job

        payload = {"platform": "ebay", "mode": "create", "dry_run": False, "mapping": {}}
        job = Job.objects.create(organization=shop.organization, kind=kind, payload=payload)
        return {name: job.uid}

    return make


def _order(shop: Shop) -> dict[str, str]:
    uid = shop.order().uid
    return {
        "uid": uid,
        "shipment": shop.post(f"orders/{uid}/shipments/", {"carrier": "ups"}).json()["uid"],
    }


def _organization(shop: Shop) -> dict[str, str]:
    from instica_desktop.server.models import Address, Invite
    from tests.server.team import place_of

    organization = shop.organization
    invite = Invite.objects.create(
        organization=organization, email="a@example.com", digest=shop.key, expires="2099-01-01T00:00Z"
    )
    return {
        "uid": organization.uid,
        "member": place_of(shop).uid,
        "address": Address.objects.create(organization=organization).uid,
        "invite": invite.uid,
    }


def _card(shop: Shop) -> dict[str, str]:
    from instica_desktop.server.models import PaymentMethod

    return {"uid": PaymentMethod.objects.create(organization=shop.organization).uid}


def _device(shop: Shop) -> dict[str, str]:
    from instica_desktop.server.models import DeviceToken

    return {"uid": DeviceToken.objects.create(user=shop.user, token=shop.key).uid}


def _key(shop: Shop) -> dict[str, str]:
    return {"pk": str(shop.post("api-keys/", {"name": "Theirs"}).json()["id"])}


def _files(shop: Shop) -> dict[str, str]:
    uid = shop.item()["uid"]
    image = shop.upload(f"inventory/{uid}/assets/", picture(shade=4)).json()["image"]
    shard, _, name = image.partition("/media/uploads/")[2].partition("/")
    return {"shard": shard, "name": name}


def _sleeve(shop: Shop) -> dict[str, str]:
    from instica_desktop.server.models import Product

    product = Product.objects.get(uid=shop.product()["uid"])
    Product.objects.filter(pk=product.pk).update(sleeve=product.uid)
    return {"name": f"{product.uid}.png"}


def _product(shop: Shop) -> dict[str, str]:
    return {"uid": shop.product()["uid"]}


THEIRS: dict[str, Callable[[Shop], dict[str, str]]] = {
    "api/v1/products/": _product,
    "api/v1/inventory/import/": _job("csv_import", "job"),
    "api/v1/inventory/": _item,
    "api/v1/marketplace/connections/": _connection,
    "api/v1/marketplace/import-jobs/": _job("marketplace_import", "uid"),
    "api/v1/orders/": _order,
    "api/v1/organization/": _organization,
    "api/v1/subscriptions/payment-methods/": _card,
    "api/v1/api-keys/": _key,
    "api/v1/user/device-tokens/": _device,
    "media/uploads/": _files,
    "media/sleeves/": _sleeve,
}
"""How to make one object of each kind: the parameters of its addresses by their names."""
NOBODYS = ("api/v1/invites/", "api/auth/", "api/v1/orders/reports/")
"""Addresses whose parameter is a secret or a name, not an object of an organization."""


def _made(route: str, shop: Shop, kept: dict[str, dict[str, str]]) -> dict[str, str]:
    prefix = next((prefix for prefix in THEIRS if route.startswith(prefix)), None)
    assert prefix, f"say in THEIRS how to make an object of {route}"
    if prefix not in kept:
        kept[prefix] = THEIRS[prefix](shop)
    return kept[prefix]


def _with_objects() -> list[Endpoint]:
    return [
        endpoint
        for endpoint in endpoints()
        if "<" in endpoint.route and not endpoint.is_public and not endpoint.route.startswith(NOBODYS)
    ]


def test_anothers_object_is_absent_everywhere(shop: Shop, other_shop: Shop) -> None:
    kept: dict[str, dict[str, str]] = {}
    for endpoint in _with_objects():
        values = _made(endpoint.route, other_shop, kept)
        answer = _send(shop, endpoint, _filled(endpoint.route, values))
        assert answer.status_code == 404, (endpoint, answer.status_code, answer.content)


def test_anothers_part_is_absent_below_ones_own_object(shop: Shop, other_shop: Shop) -> None:
    theirs: dict[str, dict[str, str]] = {}
    ours: dict[str, dict[str, str]] = {}
    for endpoint in _with_objects():
        if endpoint.route.count("<") == 2 and "<str:uid>" in endpoint.route:
            values = _made(endpoint.route, other_shop, theirs)
            values = {**values, "uid": _made(endpoint.route, shop, ours)["uid"]}
            answer = _send(shop, endpoint, _filled(endpoint.route, values))
            assert answer.status_code == 404, (endpoint, answer.status_code, answer.content)


def test_ones_own_objects_are_there(shop: Shop) -> None:
    kept: dict[str, dict[str, str]] = {}
    for endpoint in _with_objects():
        if endpoint.method == "get":
            path = _filled(endpoint.route, _made(endpoint.route, shop, kept))
            assert shop.client.get(f"/{path}").status_code == 200, endpoint
