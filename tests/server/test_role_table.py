"""Who may do what, address by address: as which role, by a sign-in or by an API key.

The table is the contract. An address that is not in it fails, and so does a line that leads nowhere.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from tests.server.shop import Shop, picture
from tests.server.team import join, place_of, signed_in
from tests.server.test_rights import Endpoint, endpoints

ROLES = {"O": "owner", "A": "admin", "M": "member", "S": "suspended", "X": "stranger"}
"""A stranger has an account and works nowhere."""
SIGNED_IN = "signed in"

TABLE = """
GET    api/health/                                                OAMSX 200
GET    api/schema/                                                OAMSX 200
GET    media/uploads/<str:shard>/<str:name>                       OAM   404
GET    media/sleeves/<str:name>                                   OAM   404
GET    api/v1/api-keys/                                           OAM   200
POST   api/v1/api-keys/                                           OAM   400
GET    api/v1/api-keys/current/                                   OAMSX 404/200
GET    api/v1/api-keys/<int:pk>/                                  OAM   404
DELETE api/v1/api-keys/<int:pk>/                                  OAM   404
POST   api/v1/api-keys/<int:pk>/rotate/                           OAM   404
GET    api/v1/api-usage/                                          OAM   200
POST   api/auth/register/email/                                   OAMSX 400
POST   api/auth/email/verify/                                     OAMSX 400
POST   api/auth/email/verify/resend/                              OAMSX 400
POST   api/auth/login/                                            OAMSX 400
POST   api/auth/logout/                                           OAMSX 204/400
POST   api/auth/validate/                                         OAMSX 200
POST   api/auth/password/reset/                                   OAMSX 400
POST   api/auth/password/reset/confirm/                           OAMSX 400
POST   api/auth/email-recovery/                                   OAMSX 400
GET    api/auth/social/                                           OAMSX 200
POST   api/auth/social/                                           OAMSX 400
DELETE api/auth/social/<str:provider>/                            OAMSX 404
POST   api/auth/apple/                                            OAMSX 400
POST   api/auth/<str:provider>/                                   OA    400
GET    accounts/<str:provider>/login/                             OAMSX 400
POST   accounts/<str:provider>/login/                             OAMSX 415
GET    accounts/<str:provider>/keys/                              OAMSX 404
GET    api/v1/user/me/                                            OAMSX 200
PATCH  api/v1/user/me/                                            OAMSX 200
POST   api/v1/user/password/                                      OAMSX 400
GET    api/v1/user/listing-eligibility/                           OAMSX 200
POST   api/v1/user/support/                                       OAMSX 400
GET    api/v1/user/device-tokens/                                 OAMSX 200
POST   api/v1/user/device-tokens/                                 OAMSX 400
DELETE api/v1/user/device-tokens/<str:uid>/                       OAMSX 404
GET    api/v1/products/                                           OAM   200
POST   api/v1/products/                                           OAM   400
GET    api/v1/products/<str:uid>/                                 OAM   404
PATCH  api/v1/products/<str:uid>/                                 OAM   404
DELETE api/v1/products/<str:uid>/                                 OA    404
POST   api/v1/products/<str:uid>/image/                           OAM   404
DELETE api/v1/products/<str:uid>/image/                           OAM   404
GET    api/v1/products/<str:uid>/presences/                       OAM   404
GET    api/v1/catalog/search/                                     OAM   400
GET    api/v1/inventory/                                          OAM   200
POST   api/v1/inventory/                                          OAM   400
GET    api/v1/inventory/analytics/                                OAM   200
POST   api/v1/inventory/bulk/                                     OAM   400
GET    api/v1/inventory/export/                                   OAM   200
POST   api/v1/inventory/import/                                   OA    415
GET    api/v1/inventory/import/<str:job>/                         OAM   404
GET    api/v1/inventory/import/<str:job>/rows/                    OAM   404
POST   api/v1/inventory/import/<str:job>/cancel/                  OA    404
GET    api/v1/inventory/<str:uid>/                                OAM   404
PATCH  api/v1/inventory/<str:uid>/                                OAM   404
DELETE api/v1/inventory/<str:uid>/                                OA    404
GET    api/v1/inventory/<str:uid>/assets/                         OAM   404
POST   api/v1/inventory/<str:uid>/assets/                         OAM   404
POST   api/v1/inventory/<str:uid>/assets/reorder/                 OAM   404
GET    api/v1/inventory/<str:uid>/assets/<str:asset>/             OAM   404
PATCH  api/v1/inventory/<str:uid>/assets/<str:asset>/             OAM   404
DELETE api/v1/inventory/<str:uid>/assets/<str:asset>/             OAM   404
GET    api/v1/inventory/<str:uid>/listings/                       OAM   404
POST   api/v1/inventory/<str:uid>/listings/                       OAM   404
GET    api/v1/inventory/<str:uid>/listings/<str:listing>/         OAM   404
PATCH  api/v1/inventory/<str:uid>/listings/<str:listing>/         OAM   404
POST   api/v1/inventory/<str:uid>/listings/<str:listing>/delist/  OAM   404
GET    api/v1/orders/                                             OAM   200
GET    api/v1/orders/stats/                                       OAM   200
GET    api/v1/orders/analytics/                                   OAM   200
GET    api/v1/orders/reports/<str:report>/                        OAM   200
POST   api/v1/orders/bulk-ship/                                   OAM   400
GET    api/v1/orders/<str:uid>/                                   OAM   404
PATCH  api/v1/orders/<str:uid>/                                   OAM   404
GET    api/v1/orders/<str:uid>/shipments/                         OAM   404
POST   api/v1/orders/<str:uid>/shipments/                         OAM   404
GET    api/v1/orders/<str:uid>/shipments/<str:shipment>/          OAM   404
PATCH  api/v1/orders/<str:uid>/shipments/<str:shipment>/          OAM   404
DELETE api/v1/orders/<str:uid>/shipments/<str:shipment>/          OAM   404
GET    api/v1/platforms/                                          OAM   200
GET    api/v1/marketplace/connections/                            OAM   200
GET    api/v1/marketplace/connections/<str:uid>/                  OAM   404
DELETE api/v1/marketplace/connections/<str:uid>/                  OA    404
POST   api/v1/marketplace/connections/<str:uid>/sync/             OAM   404
GET    api/v1/marketplace/import-jobs/                            OAM   200
POST   api/v1/marketplace/import-jobs/                            OA    400
GET    api/v1/marketplace/import-jobs/<str:uid>/                  OAM   404
POST   api/v1/marketplace/import-jobs/<str:uid>/cancel/           OA    404
GET    api/v1/organization/                                       OAMSX 200
POST   api/v1/organization/switch/                                OAMSX 400
GET    api/v1/organization/<str:uid>/                             OAM   200
PATCH  api/v1/organization/<str:uid>/                             OA    200
GET    api/v1/organization/<str:uid>/team/                        OAM   200
GET    api/v1/organization/<str:uid>/team/<str:member>/           OAM   404
PATCH  api/v1/organization/<str:uid>/team/<str:member>/           OA    404
DELETE api/v1/organization/<str:uid>/team/<str:member>/           OA    404 X=404/403
GET    api/v1/organization/<str:uid>/invites/                     OA    200
POST   api/v1/organization/<str:uid>/invites/                     OA    400
DELETE api/v1/organization/<str:uid>/invites/<str:invite>/        OA    404
POST   api/v1/organization/<str:uid>/invites/<str:invite>/resend/ OA    404
GET    api/v1/organization/<str:uid>/addresses/                   OAM   200
POST   api/v1/organization/<str:uid>/addresses/                   OA    400
GET    api/v1/organization/<str:uid>/addresses/<str:address>/     OAM   404
PATCH  api/v1/organization/<str:uid>/addresses/<str:address>/     OA    404
DELETE api/v1/organization/<str:uid>/addresses/<str:address>/     OA    404
POST   api/v1/invites/<str:token>/accept/                         OAMSX 404
GET    api/v1/subscriptions/plans/                                OAM   200
GET    api/v1/subscriptions/status/                               OAM   200
POST   api/v1/subscriptions/checkout/                             O     400
POST   api/v1/subscriptions/portal/                               O     200
POST   api/v1/subscriptions/cancel/                               O     409
POST   api/v1/subscriptions/resume/                               O     409
POST   api/v1/subscriptions/apple/verify/                         O     400
GET    api/v1/subscriptions/invoices/                             OA    200
GET    api/v1/subscriptions/payment-methods/                      OA    200
DELETE api/v1/subscriptions/payment-methods/<str:uid>/            O     404
POST   api/v1/subscriptions/payment-methods/<str:uid>/default/    O     404
"""
"""Method, address, who may, and what they are answered for an empty request about nothing there is.

Where a key is answered otherwise than a sign-in, that stands behind a slash. Whoever may not is answered 403,
unless the end of a line says otherwise for one role.
"""


class Answers(NamedTuple):
    """What one role is answered."""

    signed_in: int
    by_key: int


def answers_of(text: str) -> Answers:
    """Read `200`, or `204/400`."""
    plain, _, by_key = text.partition("/")
    return Answers(int(plain), int(by_key or plain))


def lines() -> dict[tuple[str, str], dict[str, Answers]]:
    """Return the table: what each role, by its letter, is answered at (method, address)."""
    found: dict[tuple[str, str], dict[str, Answers]] = {}
    for line in TABLE.strip().splitlines():
        method, route, may, answer, *others = line.split()
        found[method, route] = {
            letter: answers_of(answer) if letter in may else Answers(403, 403) for letter in ROLES
        }
        for letter, _, other in (text.partition("=") for text in others):
            found[method, route][letter] = answers_of(other)
    return found


def listed() -> dict[tuple[str, str], Endpoint]:
    """Return every endpoint there is by (method, address)."""
    return {(endpoint.method.upper(), endpoint.route): endpoint for endpoint in endpoints()}


def path_of(route: str, shop: Shop) -> str:
    """Return an address: of the shop's own organization, of a marketplace, else of nothing there is."""
    values = {"provider": "ebay", "report": "sales", "name": "0.png"}
    if "/organization/<str:uid>/" in route:
        values["uid"] = shop.organization.uid
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "0"), route)


def send(person: Shop, endpoint: Endpoint, path: str) -> Any:
    """Send a request of the kind the endpoint reads, with nothing in it."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from rest_framework.parsers import MultiPartParser

    call = getattr(person.client, endpoint.method)
    if endpoint.method in ("get", "delete"):
        return call(f"/{path}")
    parsers = getattr(endpoint.view, "parser_classes", [])
    if parsers == [MultiPartParser] or (endpoint.handler, path.endswith("assets/")) == ("create", True):
        return call(f"/{path}", {"image": SimpleUploadedFile("photo.png", picture())})
    return call(f"/{path}", "{}", "application/json")


def as_role(shop: Shop, role: str) -> Shop:
    """Return the shop as somebody new sees it who has a role in it, with a key made for it."""
    from instica_desktop.server.models import Membership, User

    person = join(shop, role if role in ("owner", "admin", "member") else "member")
    if role == "suspended":
        Membership.objects.filter(pk=place_of(person).pk).update(is_active=False)
    if role == "stranger":
        place_of(person).delete()
        User.objects.filter(pk=person.user.pk).update(organization=None)
        person.user.refresh_from_db()
    return person


def answers(people: dict[str, Shop], endpoint: Endpoint, path: str) -> Iterator[tuple[str, Any]]:
    """Yield (how, answer) for one role, signed in and by a key."""
    for how, person in people.items():
        last = endpoint.route.endswith("logout/") and how == SIGNED_IN
        yield how, send(signed_in(person) if last else person, endpoint, path)


def test_every_address_has_its_line(data_dir: Any) -> None:
    assert lines().keys() == listed().keys()


@pytest.mark.parametrize("letter", ROLES)
def test_each_role_is_answered_as_the_table_says(shop: Shop, letter: str) -> None:
    person, wrong = as_role(shop, ROLES[letter]), list[str]()
    people = {SIGNED_IN: signed_in(person), "by key": person}
    for key, line in lines().items():
        endpoint = listed()[key]
        for how, answer in answers(people, endpoint, path_of(endpoint.route, shop)):
            wanted = line[letter].signed_in if how == SIGNED_IN else line[letter].by_key
            if answer.status_code != wanted or (wanted == 403 and not answer.json()["detail"]):
                wrong.append(f"{key} as {ROLES[letter]} {how}: {answer.status_code} for {wanted}")
    assert wrong == []


def test_without_a_credential_only_what_is_public_answers(shop: Shop) -> None:
    from django.test import Client

    nobody = replace(
        shop, client=Client(raise_request_exception=False, HTTP_HOST=shop.client.defaults["HTTP_HOST"])
    )
    wrong: list[str] = []
    for key, endpoint in listed().items():
        answer = send(nobody, endpoint, path_of(endpoint.route, shop))
        if (answer.status_code == 401) == endpoint.is_public and endpoint.route != "api/auth/<str:provider>/":
            wrong.append(f"{key}: {answer.status_code}")
    assert wrong == []
    assert nobody.client.post("/api/auth/ebay/", "{}", "application/json").status_code == 401
