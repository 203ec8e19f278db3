"""Web addresses as browsers read them: one spelling for each server, and where its host leads."""

import ipaddress
import re
from enum import IntEnum
from urllib.parse import SplitResult, urlsplit

import msgspec

from instica_desktop.core.errors import AddressError

EXAMPLE = "Type it as it stands in a browser, for example https://app.instica.com."
PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_NAT64 = 0x0064FF9B << 64

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


class Reach(IntEnum):
    """Who can reach an address. A name in the DNS counts as the world's until it is looked up."""

    WORLD = 0
    NETWORK = 1
    """The local network, or whatever else is not open to everybody: private, link-local, reserved."""
    COMPUTER = 2
    """This computer alone."""


class WebAddress(msgspec.Struct, frozen=True):
    """An http(s) address. `origin` is scheme, host and port; `rest` is what follows it, as it was given."""

    scheme: str
    host: str
    origin: str
    path: str
    rest: str
    reach: Reach

    @classmethod
    def parse(cls, text: str) -> "WebAddress":
        """Read a whole address. Numbers and names in any spelling become the one that browsers show.

        Raises:
            AddressError: in plain words, when it is not http(s), has no host, or holds a user name.
        """
        parts = _split(text)
        host = _one_spelling((parts.hostname or "").rstrip("."))
        shown = f"[{host}]" if ":" in host else host
        port = parts.port if parts.port is not None else PORTS[parts.scheme]
        suffix = "" if port == PORTS[parts.scheme] else f":{port}"
        query = f"?{parts.query}" if parts.query else ""
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return cls(
            scheme=parts.scheme,
            host=host,
            origin=f"{parts.scheme}://{shown}{suffix}",
            path=parts.path,
            rest=f"{parts.path}{query}{fragment}",
            reach=_reach_of_host(host),
        )

    @property
    def url(self) -> str:
        """The whole address in its one spelling."""
        return self.origin + self.rest


def origin_of(address: str) -> str:
    """Return scheme, host and port of an address.

    Raises:
        AddressError: it is none.
    """
    return WebAddress.parse(address).origin


def reach_of(ip: Ip) -> Reach:
    """Return who can reach an IP address; an IPv4 address inside an IPv6 one counts as what it is."""
    if ip.is_loopback or ip.is_unspecified:  # to connect to “no address” is to connect to this computer
        return Reach.COMPUTER
    if (inner := _inside(ip)) is not None:
        return reach_of(inner)
    return Reach.WORLD if ip.is_global and not ip.is_multicast else Reach.NETWORK


def _inside(ip: Ip) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one leads to: mapped, 6to4, NAT64, or with nothing before it."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if found := ip.ipv4_mapped or ip.sixtofour:
        return found
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if int(ip) >> 32 in (0, _NAT64) else None


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise AddressError(f"This is not an address of a server. {EXAMPLE}", details=str(error)) from error
    if parts.scheme not in PORTS:
        raise AddressError(f"An address starts with https://. {EXAMPLE}")
    if "@" in parts.netloc:
        raise AddressError(f"An address holds no user name or password. {EXAMPLE}")
    return parts


def _one_spelling(host: str) -> str:
    """Return a host as the network knows it: names in punycode, numbers with dots or colons."""
    if not host.isascii():
        import idna  # comes with httpx; needed for such names only

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise AddressError(f"This is not the name of a server. {EXAMPLE}", details=str(error)) from error
    try:
        if ":" in host:
            return str(ipaddress.IPv6Address(host))
        if _NUMBER.fullmatch(host.rpartition(".")[2]):
            return str(_ipv4(host.split(".")))
    except ValueError as error:
        raise AddressError(f"This is not the name of a server. {EXAMPLE}", details=str(error)) from error
    if not _HOST.fullmatch(host):
        raise AddressError(f"The name of the server is missing or misspelt. {EXAMPLE}")
    return host


def _ipv4(labels: list[str]) -> ipaddress.IPv4Address:
    """Read an IPv4 address of one to four numbers, decimal, octal or hexadecimal (WHATWG URL, 3.5).

    Raises:
        ValueError: it is none.
    """
    *heads, last = (_number(label) for label in labels)
    if len(heads) > 3 or any(head > 255 for head in heads) or last >= 256 ** (4 - len(heads)):
        raise ValueError("not an IPv4 address")
    return ipaddress.IPv4Address(last + sum(head << 8 * (3 - at) for at, head in enumerate(heads)))


def _number(label: str) -> int:
    if not _NUMBER.fullmatch(label):
        raise ValueError("not a number")
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if label.startswith("0") else 10)


def _reach_of_host(host: str) -> Reach:
    if host == "localhost" or host.endswith(".localhost"):
        return Reach.COMPUTER
    try:
        return reach_of(ipaddress.ip_address(host))
    except ValueError:
        return Reach.WORLD
