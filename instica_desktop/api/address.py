"""The address of a server as a person types it, and which addresses we speak to at all."""

import ipaddress
import re
from urllib.parse import SplitResult, urljoin, urlsplit

import msgspec

from instica_desktop.core.errors import AddressError

EXAMPLE = "Type it as it stands in a browser, for example https://app.instica.com."
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_API_TAIL = re.compile(r"(/+api(/+v1)?)?/*$")
_PORTS = {"http": 80, "https": 443}


class Address(msgspec.Struct, frozen=True):
    """A server. `base` has no slash at its end; `origin` is scheme, host and port as browsers write it."""

    base: str
    origin: str
    host: str
    loopback: bool

    @classmethod
    def parse(cls, typed: str) -> "Address":
        """Read what a person typed or pasted: the scheme may be missing, `/api/v1/` may hang at the end.

        Raises:
            AddressError: in plain words, when it is no web address, holds a password, or is not encrypted
                although it leads to another machine.
        """
        text = typed.strip()
        if "://" not in text:
            text = _with_scheme(text)
        parts = _split(text)
        origin, host, loopback = _origin(parts)
        if parts.scheme == "http" and not loopback:
            raise AddressError(
                "This address starts with http, so your key would cross the network unprotected. "
                "Use the https address of the server; plain http is only for a server on this computer."
            )
        path = _API_TAIL.sub("", parts.path)
        return cls(base=origin + path, origin=origin, host=host, loopback=loopback)

    def resolve(self, url: str) -> tuple[str, str, bool]:
        """Return a URL made absolute, its origin, and whether it leads to this computer.

        Raises:
            AddressError: when it is not http(s), not encrypted although it leads to another machine, or
                leads from a distant server back into this computer.
        """
        absolute = urljoin(f"{self.base}/", url.strip())
        parts = _split(absolute)
        origin, _, loopback = _origin(parts)
        if loopback and not self.loopback:
            raise AddressError("This file is said to lie on this computer, where no shop may send us.")
        if parts.scheme == "http" and not loopback:
            raise AddressError("This file has an address without encryption, so it is not opened.")
        return absolute, origin, loopback


def _with_scheme(text: str) -> str:
    """Put the scheme before an address that has none: https, but http for this computer."""
    _, _, loopback = _origin(_split(f"https://{text}"))
    return f"{'http' if loopback else 'https'}://{text}"


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise AddressError(f"This is not an address of a server. {EXAMPLE}", details=str(error)) from error
    if parts.scheme not in _PORTS:
        raise AddressError(f"An address starts with https://. {EXAMPLE}")
    if "@" in parts.netloc:
        raise AddressError(f"An address holds no user name or password. {EXAMPLE}")
    return parts


def _origin(parts: SplitResult) -> tuple[str, str, bool]:
    """Return origin, host and whether the host is this computer."""
    host = _ascii_host((parts.hostname or "").rstrip("."))
    shown = f"[{host}]" if ":" in host else host
    port = parts.port if parts.port is not None else _PORTS[parts.scheme]
    suffix = "" if port == _PORTS[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{shown}{suffix}", host, _is_loopback(host)


def _ascii_host(host: str) -> str:
    """Return a host name in the form the network uses; international names become punycode."""
    if not host.isascii():
        import idna  # comes with httpx; needed for such names only

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise AddressError(f"This is not the name of a server. {EXAMPLE}", details=str(error)) from error
    if not _HOST.fullmatch(host) and not _is_ipv6(host):
        raise AddressError(f"The name of the server is missing or misspelt. {EXAMPLE}")
    return host


def _is_ipv6(host: str) -> bool:
    try:
        return bool(ipaddress.IPv6Address(host))
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
