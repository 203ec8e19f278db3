"""One spelling for each server, and who can reach it."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instica_desktop.core.addresses import Reach, WebAddress, origin_of, reach_of
from instica_desktop.core.errors import AddressError

SPELLINGS_OF_THIS_COMPUTER = (
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7F.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "１２７.0.0.1",
    "127。0。0。1",
    "127.9.9.9",
    "0",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::FFFF:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "localhost",
    "LOCALHOST.",
    "shop.localhost",
)


@pytest.mark.parametrize("host", SPELLINGS_OF_THIS_COMPUTER)
def test_this_computer_is_known_in_every_spelling(host: str) -> None:
    assert WebAddress.parse(f"https://{host}/x").reach is Reach.COMPUTER


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1",
        "192.168.1",
        "172.16.0.1",
        "169.254.169.254",
        "0xA9FEA9FE",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "[::ffff:10.0.0.1]",
    ],
)
def test_what_is_not_open_to_everybody_is_the_network(host: str) -> None:
    assert WebAddress.parse(f"https://{host}/").reach is Reach.NETWORK


@pytest.mark.parametrize(
    "host", ["app.instica.com", "127.0.0.1.example", "8.8.8.8", "134744072", "[2606:4700::1111]", "1e100.net"]
)
def test_names_and_public_numbers_are_the_worlds(host: str) -> None:
    assert WebAddress.parse(f"https://{host}/").reach is Reach.WORLD


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("HTTPS://Records.Example:443/a?b=1#c", "https://records.example/a?b=1#c"),
        ("http://127.1:8000/x", "http://127.0.0.1:8000/x"),
        ("https://[::FFFF:1.2.3.4]", "https://[::ffff:102:304]"),
        ("https://plattenläden.example/ä", "https://xn--plattenlden-s8a.example/ä"),
    ],
)
def test_there_is_one_spelling_for_each_address(text: str, url: str) -> None:
    found = WebAddress.parse(text)
    assert found.url == url
    assert WebAddress.parse(found.url) == found
    assert found.origin == origin_of(url)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "records.example",
        "https:records.example",
        "https:/records.example",
        "https:///x",
        "//records.example",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://user@records.example",
        "https://records.example\\@evil.example",
        "https://1.2.3.4.5",
        "https://256.0.0.1",
        "https://1.2.3.08",
        "https://records.0x7",
        "https://%31%32%37.0.0.1",
    ],
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(AddressError):
        WebAddress.parse(text)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.data())
def test_any_spelling_of_an_ipv4_address_is_that_address(value: int, parts: int, data: st.DataObject) -> None:
    heads = [value >> 8 * (3 - at) & 0xFF for at in range(parts - 1)]
    numbers = [*heads, value & (1 << 8 * (5 - parts)) - 1]
    ways = st.sampled_from(("{}", "{:#x}", "0{:o}", "0X{:X}"))
    host = ".".join(data.draw(ways).format(number) for number in numbers)
    meant = ipaddress.IPv4Address(value)
    found = WebAddress.parse(f"https://{host}/")
    assert found.host == str(meant)
    assert found.reach is reach_of(meant)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_one_counts_as_what_it_is(inner: ipaddress.IPv4Address) -> None:
    assert reach_of(ipaddress.IPv6Address(f"::ffff:{inner}")) is reach_of(inner)
    assert reach_of(ipaddress.IPv6Address(f"64:ff9b::{inner}")) is reach_of(inner)
