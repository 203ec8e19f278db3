"""What may reach the server: hosts, origins, keys, bodies."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.shop import HOST, Shop


def test_health_and_schema_need_no_key(shop: Shop) -> None:
    del shop.client.defaults["HTTP_X_API_KEY"]
    assert shop.client.get("/api/health/").json() == {"status": "ok"}
    schema = shop.client.get("/api/schema/").json()
    assert schema["openapi"].startswith("3.1")
    assert "/api/v1/inventory/{uid}/assets/reorder/" in schema["paths"]


@pytest.mark.parametrize(
    "path", ["/api/v1/inventory/", "/api/v1/user/me/", "/api/v1/platforms/", "/media/sleeves/0.png"]
)
def test_everything_else_needs_a_key(shop: Shop, path: str) -> None:
    del shop.client.defaults["HTTP_X_API_KEY"]
    response = shop.client.get(path)
    assert response.status_code == 401
    assert response.json() == {"detail": "Authentication credentials were not provided."}
    assert shop.client.get(path, HTTP_X_API_KEY=shop.key + "x").status_code == 401
    assert shop.client.get(path, HTTP_X_API_KEY="").status_code == 401


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8001", "evil.example:8000", "evil.example", ""])
def test_only_the_exact_host_with_port_is_answered(shop: Shop, host: str) -> None:
    assert shop.client.get("/api/health/", HTTP_HOST=host).status_code == 400
    assert shop.client.get("/api/health/", HTTP_HOST="localhost:8000").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "http://127.0.0.1:8001"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
    ],
)
def test_a_foreign_page_is_refused(shop: Shop, headers: dict[str, str]) -> None:
    response = shop.get("inventory/", None, **headers)
    assert response.status_code == 403
    assert "detail" in response.json()
    assert not [name for name in response.headers if name.startswith("Access-Control")]


def test_our_own_origin_is_not_foreign(shop: Shop) -> None:
    own = {"HTTP_ORIGIN": f"http://{HOST}", "HTTP_SEC_FETCH_SITE": "same-origin"}
    assert shop.get("inventory/", None, **own).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_only_json_and_multipart_bodies_are_read(shop: Shop, kind: str) -> None:
    response = shop.client.post("/api/v1/products/", "title=x", content_type=kind)
    assert response.status_code == 415


def test_json_where_a_picture_is_expected_is_415(shop: Shop) -> None:
    uid = shop.item()["uid"]
    assert shop.post(f"inventory/{uid}/assets/", {"image": "x"}).status_code == 415


@pytest.mark.parametrize(
    "body",
    ["{", "", '{"title": NaN}', '{"title": "\\', "\xff", "[" * 100_000, '{"title": ' + "1" * 5000 + "}"],
)
def test_a_body_that_is_no_json_is_400(shop: Shop, body: str) -> None:
    raw = body.encode("latin-1")
    response = shop.client.post("/api/v1/products/", raw, content_type="application/json")
    assert list(shop.errors(response)) in (["non_field_errors"], ["title"])


def test_a_huge_body_is_413(shop: Shop) -> None:
    body = json.dumps({"title": "x" * 10_000_000})
    response = shop.client.post("/api/v1/products/", body, content_type="application/json")
    assert response.status_code == 413


@pytest.mark.parametrize("body", [[], ["a"], "text", 5, None])
def test_a_body_that_is_no_object_is_400(shop: Shop, body: Any) -> None:
    assert shop.errors(shop.post("products/", body))


def test_answers_carry_the_safety_headers(shop: Shop) -> None:
    response = shop.get("inventory/")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert int(response["Content-Length"]) == len(response.content)


def test_unknown_addresses_and_methods_answer_json(shop: Shop) -> None:
    assert shop.get("nothing/").json() == {"detail": "Not found."}
    response = shop.client.put("/api/v1/products/", "{}", content_type="application/json")
    assert response.status_code == 405
    assert "detail" in response.json()


def test_keys_are_stored_as_hashes_only(shop: Shop) -> None:
    from instica_desktop.server.models import ApiKey

    row = ApiKey.objects.get(user=shop.user)
    stored = " ".join(str(value) for value in vars(row).values())
    assert shop.key not in stored
    assert shop.key[len(row.prefix) :] not in stored


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_FIELDS = [
    "title",
    "artist",
    "tags",
    "year",
    "price_item_usd",
    "status",
    "acquired_at",
    "weight_grams",
    "order",
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(st.sampled_from(_FIELDS), _anything) | _anything)
def test_no_body_makes_the_server_fail(shop: Shop, body: Any) -> None:
    uid = next(iter(shop.get("inventory/").json()["results"]), None) or shop.item()
    for answer in (
        shop.post("products/", body),
        shop.patch(f"inventory/{uid['uid']}/", body),
        shop.post(f"inventory/{uid['uid']}/assets/reorder/", body),
    ):
        assert answer.status_code < 500, (body, answer.content)
        if answer.status_code == 400:
            shop.errors(answer)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.text(max_size=20),
    name=st.sampled_from(["search", "page", "page_size", "tags", "location", "ordering"]),
)
def test_no_query_makes_the_server_fail(shop: Shop, name: str, value: str) -> None:
    assert shop.get("inventory/", {name: value}).status_code in (200, 400, 404)
