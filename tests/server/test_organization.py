"""The organization: its own fields, its logo, its addresses."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.shop import HOST, Shop, picture
from tests.server.team import join, place_of

ADDRESS = {
    "full_name": "Anna Berg",
    "line1": "Hauptstraße 5",
    "line2": "",
    "city": "Köln",
    "state": "",
    "postal_code": "50667",
    "country": "DE",
    "phone": "+49 221 1234",
}


def _root(shop: Shop) -> str:
    return f"organization/{shop.organization.uid}/"


def _logo(shop: Shop, content: bytes, **fields: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

    body = encode_multipart(BOUNDARY, {"logo": SimpleUploadedFile("logo.png", content), **fields})
    return shop.client.patch(f"/api/v1/{_root(shop)}", body, MULTIPART_CONTENT)


def _address(shop: Shop, **fields: Any) -> dict[str, Any]:
    made = shop.post(f"{_root(shop)}addresses/", {**ADDRESS, **fields})
    assert made.status_code == 201, made.content
    return made.json()


def _primary(shop: Shop) -> list[str]:
    rows = shop.get(f"{_root(shop)}addresses/").json()["results"]
    return [row["uid"] for row in rows if row["is_primary"]]


def test_it_has_the_published_fields(shop: Shop) -> None:
    record = shop.get(_root(shop)).json()
    assert set(record) == {
        "uid",
        "display_name",
        "slug",
        "logo",
        "default_barcode_type",
        "created",
        "owner",
        "member_count",
        "primary_address",
    }
    assert record["owner"]["username"] == shop.user.username
    assert record["member_count"] == 1
    assert record["logo"] is None
    assert record["primary_address"] is None


def test_its_fields_change_and_are_seen_elsewhere(shop: Shop) -> None:
    slug = f"{shop.organization.slug}-new"
    body = {"display_name": " Blue Note ", "slug": slug, "default_barcode_type": "qr", "created": "x"}
    record = shop.patch(_root(shop), body).json()
    assert (record["display_name"], record["slug"]) == ("Blue Note", slug)
    assert shop.get("user/me/").json()["organization"]["default_barcode_type"] == "qr"
    assert shop.get(_root(shop)).json() == record


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "Big"),
        ("slug", "a--b"),
        ("slug", "-a"),
        ("slug", "a_b"),
        ("slug", "é"),
        ("slug", "a\n"),
        ("slug", ""),
        ("slug", None),
        ("slug", "a" * 64),
        ("slug", 7),
        ("display_name", "  "),
        ("display_name", "x" * 256),
        ("display_name", "a\x00"),
        ("display_name", []),
        ("default_barcode_type", "code39"),
        ("default_barcode_type", None),
        ("logo", "logo.png"),
        ("logo", 5),
    ],
)
def test_bad_values_are_named(shop: Shop, field: str, value: Any) -> None:
    if (field, value) == ("slug", "a\n"):
        assert shop.patch(_root(shop), {field: value}).json()["slug"] == "a"  # white space around is dropped
        return
    assert list(shop.errors(shop.patch(_root(shop), {field: value}))) == [field]


@pytest.mark.parametrize("body", [[], "x", None, 5])
def test_a_body_that_is_no_object_is_refused(shop: Shop, body: Any) -> None:
    assert shop.errors(shop.patch(_root(shop), body))


def test_a_slug_belongs_to_one_organization(shop: Shop, other_shop: Shop) -> None:
    taken = shop.patch(_root(shop), {"slug": other_shop.organization.slug})
    assert list(shop.errors(taken)) == ["slug"]
    assert shop.patch(_root(shop), {"slug": shop.organization.slug}).status_code == 200


def test_it_is_guarded_by_its_tag(shop: Shop) -> None:
    tag = shop.get(_root(shop))["ETag"]
    assert shop.patch(_root(shop), {"display_name": "A"}, HTTP_IF_MATCH=tag).status_code == 200
    assert shop.patch(_root(shop), {"display_name": "B"}, HTTP_IF_MATCH=tag).status_code == 412


def test_a_logo_is_kept_served_replaced_and_taken_away(shop: Shop, other_shop: Shop) -> None:
    content = picture(shade=17)
    record = _logo(shop, content, display_name="With a logo").json()
    assert record["display_name"] == "With a logo"
    path = record["logo"].removeprefix(f"http://{HOST}")
    assert shop.client.get(path).content == content
    assert other_shop.client.get(path).status_code == 404
    second = _logo(shop, picture(shade=18)).json()["logo"].removeprefix(f"http://{HOST}")
    assert shop.client.get(path).status_code == 404
    assert not (shop.data_dir / "media" / path.removeprefix("/media/uploads/")).exists()
    assert shop.patch(_root(shop), {"logo": None}).json()["logo"] is None
    assert shop.client.get(second).status_code == 404


@pytest.mark.parametrize("content", [b"", b"GIF89a", picture()[:60]])
def test_what_is_no_picture_is_no_logo(shop: Shop, content: bytes) -> None:
    assert list(shop.errors(_logo(shop, content))) == ["logo"]
    assert shop.get(_root(shop)).json()["logo"] is None


def test_the_first_address_is_primary_and_only_one_is(shop: Shop) -> None:
    first = _address(shop)
    assert first["is_primary"]
    second = _address(shop, country="fr", is_primary=True)
    assert second["country"] == "FR"
    assert _primary(shop) == [second["uid"]]
    path = f"{_root(shop)}addresses/{first['uid']}/"
    assert shop.patch(path, {"is_primary": True, "city": "Bonn"}).json()["city"] == "Bonn"
    assert _primary(shop) == [first["uid"]]
    assert shop.get(_root(shop)).json()["primary_address"]["city"] == "Bonn"
    assert list(shop.errors(shop.patch(path, {"is_primary": False}))) == ["is_primary"]
    assert shop.get(path).json()["is_primary"]


def test_another_address_takes_the_place_of_a_deleted_primary_one(shop: Shop) -> None:
    first, second = _address(shop), _address(shop, city="Bonn")
    assert shop.delete(f"{_root(shop)}addresses/{first['uid']}/").status_code == 204
    assert _primary(shop) == [second["uid"]]
    assert shop.delete(f"{_root(shop)}addresses/{second['uid']}/").status_code == 204
    assert shop.get(_root(shop)).json()["primary_address"] is None
    assert shop.delete(f"{_root(shop)}addresses/{second['uid']}/").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("country", "XX"),
        ("country", "UK"),
        ("country", "Germany"),
        ("country", "ß"),
        ("country", ""),
        ("country", None),
        ("country", 49),
        ("full_name", ""),
        ("line1", "x" * 201),
        ("city", "a\x00b"),
        ("postal_code", ["1"]),
        ("is_primary", "perhaps"),
    ],
)
def test_bad_addresses_are_named(shop: Shop, field: str, value: Any) -> None:
    made = shop.post(f"{_root(shop)}addresses/", {**ADDRESS, field: value})
    assert list(shop.errors(made)) == [field]
    assert shop.get(f"{_root(shop)}addresses/").json()["count"] == 0


def test_an_address_is_not_made_twice(shop: Shop) -> None:
    answers = [
        shop.post(f"{_root(shop)}addresses/", ADDRESS, HTTP_IDEMPOTENCY_KEY="address-1") for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert shop.get(f"{_root(shop)}addresses/").json()["count"] == 1


def test_there_is_an_end_to_addresses(shop: Shop) -> None:
    from instica_desktop.server.models import Address

    for _ in range(50):
        Address.objects.create(organization=shop.organization, city="Köln")
    assert shop.errors(shop.post(f"{_root(shop)}addresses/", ADDRESS))


def test_a_member_reads_and_an_admin_edits(shop: Shop) -> None:
    member, admin = join(shop, "member"), join(shop, "admin")
    assert member.get(_root(shop)).json()["member_count"] == 3
    assert member.patch(_root(shop), {"display_name": "Mine"}).status_code == 403
    assert member.post(f"{_root(shop)}addresses/", ADDRESS).status_code == 403
    assert admin.patch(_root(shop), {"display_name": "Ours"}).json()["display_name"] == "Ours"
    assert admin.post(f"{_root(shop)}addresses/", ADDRESS).status_code == 201


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_FIELDS = ["display_name", "slug", "logo", "email", "role", "is_active", "country", "city", "price_id"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from(_FIELDS), _anything) | _anything)
def test_no_body_makes_the_server_fail(shop: Shop, body: Any) -> None:
    place = place_of(shop).uid
    for answer in (
        shop.patch(_root(shop), body),
        shop.patch(f"{_root(shop)}team/{place}/", body),
        shop.post(f"{_root(shop)}invites/", body),
        shop.post(f"{_root(shop)}addresses/", body),
        shop.post("subscriptions/checkout/", body),
        shop.post("subscriptions/apple/verify/", body),
    ):
        assert answer.status_code < 500, (body, answer.content)
        if answer.status_code == 400:
            shop.errors(answer)
