"""Addresses as people type them, and the ones that are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.api import Address
from instica_desktop.core.errors import AddressError


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("https://app.instica.com", "https://app.instica.com"),
        ("  HTTPS://App.Instica.com// \n", "https://app.instica.com"),
        ("app.instica.com", "https://app.instica.com"),
        ("app.instica.com:8443/", "https://app.instica.com:8443"),
        ("https://app.instica.com:443/api/v1/", "https://app.instica.com"),
        ("https://app.instica.com/api/", "https://app.instica.com"),
        ("https://records.example/shop/?tab=1#top", "https://records.example/shop"),
        ("https://records.example/apiary/", "https://records.example/apiary"),
        ("https://records.example./", "https://records.example"),
        ("127.0.0.1:8123", "http://127.0.0.1:8123"),
        ("localhost:8123/", "http://localhost:8123"),
        ("[::1]:8123", "http://[::1]:8123"),
        ("http://[::1]:80/", "http://[::1]"),
        ("https://plattenläden.example", "https://xn--plattenlden-s8a.example"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://レコード.example/", "https://xn--tck1bxftc.example"),
    ],
)
def test_what_people_type_is_understood(typed: str, base: str) -> None:
    address = Address.parse(typed)
    assert address.base == base
    assert base.startswith(address.origin)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "https://",
        "https:///path",
        "ftp://app.instica.com",
        "file:///etc/passwd",
        "javascript://alert(1)",
        "https://user:secret@app.instica.com",
        "user@app.instica.com",
        "https://app.instica.com\\@evil.example",
        "https://app.instica.com:99999",
        "https://app.instica.com:abc",
        "https://two words.example",
        "https://[::1",
        "https://[fe80::zz]",
        "https://-.example-",
        "https://a\x00b.example",
    ],
)
def test_what_is_no_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(AddressError) as caught:
        Address.parse(typed)
    assert caught.value.message.endswith("https://app.instica.com.")
    assert "secret" not in caught.value.message + caught.value.details


@pytest.mark.parametrize(
    "typed",
    [
        "http://app.instica.com",
        "http://127.0.0.1.evil.example",
        "http://192.168.0.5:8000",
        "http://localhost.evil",
    ],
)
def test_plain_http_leads_to_this_computer_only(typed: str) -> None:
    with pytest.raises(AddressError) as caught:
        Address.parse(typed)
    assert "unprotected" in caught.value.message


@pytest.mark.parametrize(
    ("typed", "loopback"),
    [
        ("http://127.0.0.1", True),
        ("http://127.9.9.9", True),
        ("https://localhost", True),
        ("http://shop.localhost:1", True),
        ("https://127.0.0.1.example", False),
        ("https://10.0.0.1", False),
    ],
)
def test_loopback_is_told_from_the_world(typed: str, loopback: bool) -> None:
    assert Address.parse(typed).loopback is loopback


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_an_address_error(typed: str) -> None:
    try:
        address = Address.parse(typed)
    except AddressError:
        return
    assert address.base.startswith(("http://", "https://"))
    assert address.base.startswith("https://") or address.loopback
    assert Address.parse(address.base).origin == address.origin
