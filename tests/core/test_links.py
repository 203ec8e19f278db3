"""Which links of records may be opened."""

import pytest

from instica_desktop.core.errors import AddressError
from instica_desktop.core.links import INSIDE, NAMED, NO_PAGE, link_of
from tests.core.test_addresses import SPELLINGS_OF_THIS_COMPUTER

SHOP = "https://records.example/shop"


def refusal(url: str, shop: str = SHOP) -> str:
    with pytest.raises(AddressError) as caught:
        link_of(url, shop)
    return caught.value.message


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.discogs.com/sell/item/1", "www.discogs.com"),
        ("  HTTP://Tracking.Example:8080/?n=1 \n", "tracking.example:8080"),
        ("https://xn--pple-43d.example/", "xn--pple-43d.example"),
        ("https://аpple.example/", "xn--pple-43d.example"),
    ],
)
def test_a_page_is_shown_with_its_host(url: str, host: str) -> None:
    link = link_of(url, SHOP)
    assert (link.host, link.own) == (host, False)


def test_of_a_long_host_the_end_is_shown_that_says_whose_it_is() -> None:
    link = link_of(f"https://www.discogs.com.{'a.' * 60}evil.example/", SHOP)
    assert link.shown.endswith(".evil.example")
    assert "discogs" not in link.shown
    assert len(link.shown) < 70


def test_the_shops_own_server_is_known() -> None:
    assert link_of("https://RECORDS.example:443/order/7", SHOP).own
    assert link_of("http://127.0.0.1:8000/a", "http://127.0.0.1:8000").own
    assert not link_of("http://records.example/order/7", SHOP).own


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.example", "https:", "http://", "x", ""]
)
def test_what_is_no_page_is_refused(url: str) -> None:
    assert refusal(url) == NO_PAGE


@pytest.mark.parametrize(
    "url",
    ["https://www.discogs.com@evil.example/", "https://a:b@c.example", "https://discogs.com\\@evil.example"],
)
def test_a_user_name_is_refused(url: str) -> None:
    assert refusal(url) == NAMED


@pytest.mark.parametrize("shop", [SHOP, "http://127.0.0.1:8000", ""])
@pytest.mark.parametrize("host", SPELLINGS_OF_THIS_COMPUTER)
def test_no_shop_sends_anybody_into_this_computer(host: str, shop: str) -> None:
    assert refusal(f"http://{host}:631/", shop) == INSIDE


def test_only_a_shop_of_the_network_points_into_it() -> None:
    assert refusal("http://192.168.1.1/setup") == INSIDE
    assert link_of("http://192.168.1.1/", "https://192.168.1.2").host == "192.168.1.1"
    assert link_of("http://192.168.1.1/", "").host == "192.168.1.1"
