"""What one server offers: the kinds of path that have answered, and those it lacks, in words for a seller.

A kind that is lacking is not asked for again before a while has passed, whoever would ask.
"""

from collections.abc import Callable, Mapping

from instica_desktop.core.errors import ASK_AGAIN, NotOffered

NOT_ASKED = "It was not there a short while ago, so it was not asked for."
_API = "/api/v1/"
_WORDS: Mapping[str, str] = {
    "inventory/": "items",
    "products/": "products",
    "orders/": "orders",
    "organization/": "a list of shops",
    "platforms/": "a list of marketplaces",
    "catalog/search/": "a look-up of releases",
    "subscriptions/plans/": "plans",
    "subscriptions/status/": "plans",
    "inventory/{}/assets/": "photos",
    "inventory/{}/assets/{}/": "photos",
    "inventory/{}/listings/": "offers on marketplaces",
    "inventory/{}/listings/{}/": "offers on marketplaces",
    "orders/{}/shipments/": "shipments",
    "orders/{}/shipments/{}/": "shipments",
    "products/{}/image/": "pictures of products",
    "products/{}/presences/": "the marketplaces of a product",
}
"""What a kind of path is about, without `/api/v1/` before it."""
_ACTS: Mapping[tuple[str, str], str] = {
    ("POST", "inventory/{}/assets/reorder/"): "putting photos in order",
    ("POST", "inventory/{}/listings/{}/delist/"): "taking offers off",
    ("POST", "inventory/bulk/"): "changing many items at once",
    ("GET", "inventory/export/"): "tables of the inventory",
    ("POST", "inventory/import/"): "importing tables",
    ("GET", "inventory/analytics/"): "figures of the inventory",
    ("POST", "orders/bulk-ship/"): "shipping many orders at once",
    ("GET", "orders/stats/"): "figures of orders",
    ("GET", "orders/analytics/"): "figures of orders",
}
_VERBS: Mapping[str, str] = {"POST": "adding ", "PATCH": "changing ", "DELETE": "removing "}


class Offered:
    """What is known of one server's offer. Times are of the client's clock, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._alive: set[tuple[str, str]] = set()
        self._lacking: dict[tuple[str, str], float] = {}

    def answered(self, method: str, kind: str) -> None:
        """Take note that a kind of path has done what it is for."""
        self._alive.add((method, kind))

    def is_alive(self, method: str, kind: str) -> bool:
        """Tell whether a kind of path has ever answered."""
        return (method, kind) in self._alive

    def lacks(self, method: str, kind: str, *, status: int, details: str) -> NotOffered:
        """Take note that a kind of path is not there, and return that in words."""
        self._lacking[method, kind] = self._clock() + ASK_AGAIN
        return NotOffered(words(method, kind), status=status, details=details)

    def check(self, method: str, kind: str) -> None:
        """Let a kind of path be asked for, unless it is known to be lacking.

        Raises:
            NotOffered: it was not there a short while ago.
        """
        until = self._lacking.get((method, kind))
        if until is None:
            return
        left = until - self._clock()
        if left > 0:
            raise NotOffered(words(method, kind), again=left, details=NOT_ASKED)
        del self._lacking[method, kind]

    def ask_again(self) -> None:
        """Let everything be asked for at once: somebody wants to know, or it may be there by now."""
        self._lacking.clear()


def words(method: str, kind: str) -> str:
    """Return the sentence that says what a server does not offer."""
    what = _what(method, kind.removeprefix(_API))
    return f"This server does not offer {what}. Everything else goes on working."


def _what(method: str, kind: str) -> str:
    if (method, kind) in _ACTS:
        return _ACTS[method, kind]
    if kind in _WORDS:
        return _VERBS.get(method, "") + _WORDS[kind]
    root, _, rest = kind.partition("{}/")
    if root in _WORDS and kind.endswith("{}/") and not rest:
        return _VERBS.get(method, "single ") + _WORDS[root]
    return "that"
