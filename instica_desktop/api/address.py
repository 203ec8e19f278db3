"""The address of a server as a person types it, and which addresses we speak to at all."""

import re
from urllib.parse import urljoin

import msgspec

from instica_desktop.core.addresses import Reach, WebAddress
from instica_desktop.core.errors import AddressError

NOT_HERE = "This file is said to lie on this computer or in its network, where no shop may send us."
_API_TAIL = re.compile(r"(/+api(/+v1)?)?/*$")


class Address(msgspec.Struct, frozen=True):
    """A server. `base` has no slash at its end; `origin` is scheme, host and port as browsers write it."""

    base: str
    origin: str
    host: str
    reach: Reach

    @classmethod
    def parse(cls, typed: str) -> "Address":
        """Read what a person typed or pasted: the scheme may be missing, `/api/v1/` may hang at the end.

        Raises:
            AddressError: in plain words, when it is no web address, holds a password, or is not encrypted
                although it leads to another machine.
        """
        text = typed.strip()
        found = WebAddress.parse(text if "://" in text else _with_scheme(text))
        if found.scheme == "http" and found.reach is not Reach.COMPUTER:
            raise AddressError(
                "This address starts with http, so your key would cross the network unprotected. "
                "Use the https address of the server; plain http is only for a server on this computer."
            )
        path = _API_TAIL.sub("", found.path)
        return cls(base=found.origin + path, origin=found.origin, host=found.host, reach=found.reach)

    @property
    def loopback(self) -> bool:
        """Whether the server runs on this computer."""
        return self.reach is Reach.COMPUTER

    def resolve(self, url: str) -> WebAddress:
        """Return the address of a file, absolute and in the one spelling there is for its host.

        Raises:
            AddressError: when it is not http(s), not encrypted although it leads to another machine, or
                leads from a distant server into this computer or its network.
        """
        found = WebAddress.parse(urljoin(f"{self.base}/", url.strip()))
        if found.reach > self.nearest(found.origin):
            raise AddressError(NOT_HERE)
        if found.scheme == "http" and found.reach is not Reach.COMPUTER:
            raise AddressError("This file has an address without encryption, so it is not opened.")
        return found

    def nearest(self, origin: str) -> Reach:
        """Return how near to this computer a request may end: anywhere for the server itself.

        Others it points to are no nearer than it is.
        """
        return Reach.COMPUTER if origin == self.origin else self.reach


def _with_scheme(text: str) -> str:
    """Put the scheme before an address that has none: https, but http for this computer."""
    here = WebAddress.parse(f"https://{text}").reach is Reach.COMPUTER
    return f"{'http' if here else 'https'}://{text}"
