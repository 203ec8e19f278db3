"""Links that records hold: which of them may be opened in a browser. A server may have put anything there."""

import msgspec

from instica_desktop.core.addresses import Reach, WebAddress
from instica_desktop.core.errors import AddressError

NO_PAGE = "This link does not lead to a web page, so it is not opened. Correct it where it was entered."
NAMED = (
    "This link holds a user name, which can make one site look like another, so it is not opened. "
    "Correct it where it was entered."
)
INSIDE = "This link leads into this computer or its network, where no shop may send you, so it is not opened."


LONGEST_SHOWN = 60


class Link(msgspec.Struct, frozen=True):
    """A web page: its address, and its host with the port where that is unusual."""

    host: str
    url: str
    own: bool
    """Whether it is the shop's own server."""

    @property
    def shown(self) -> str:
        """The host as people are shown it: the end of a long one, which says whose it is."""
        return self.host if len(self.host) <= LONGEST_SHOWN else f"…{self.host[-LONGEST_SHOWN:]}"


def link_of(text: str, shop: str) -> Link:
    """Return the page a link leads to, in the one spelling there is for its host.

    `shop` is the address of the shop's server; it is empty for the local shop.

    Raises:
        AddressError: it is not to be opened, in words that say why.
    """
    try:
        found = WebAddress.parse(text.strip())
    except AddressError as error:
        raise AddressError(NAMED if "@" in text.partition("//")[2].partition("/")[0] else NO_PAGE) from error
    own = WebAddress.parse(shop) if shop else None
    if own is not None and found.origin == own.origin:
        return Link(_shown(found), found.url, own=True)
    public = own is not None and own.reach is Reach.WORLD
    if found.reach is Reach.COMPUTER or (found.reach is Reach.NETWORK and public):
        raise AddressError(INSIDE)
    return Link(_shown(found), found.url, own=False)


def _shown(found: WebAddress) -> str:
    return found.origin.partition("//")[2]
