"""What is said where rows should stand and none can be shown."""

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.qtkit.widgets.empty_state import StateSpec
from instica_desktop.sync import Kind, Results, Shop

NO_MATCH = "Nothing matches"


def nothing_matches(query: Query, base: Query) -> StateSpec:
    """Return the card of a search or of filters that find nothing of `base`, the part that is shown."""
    return StateSpec(
        icon="search",
        headline=NO_MATCH,
        sentence=f"Nothing here has {_all_of(query, base)}.",
        action="Clear the search" if query.search else "Clear the filters",
        act="clear",
    )


def _all_of(query: Query, base: Query) -> str:
    """Return what is asked for at once: words, filters, or both."""
    words = "all of these words" if len(query.sought.split()) > 1 else "this word"
    filters = len(set(query.filters) - set(base.filters))
    if not filters:
        return words
    if query.sought:
        return f"{words} and fits the filter{'s' if filters > 1 else ''} too"
    return "all that these filters ask for" if filters > 1 else "what this filter asks for"


def looking(results: Results) -> bool:
    """Tell whether the copy has nothing of what is sought, and the server is still being asked."""
    return bool(results.count == 0 and results.query.sought and results.guesses and results.error is None)


def trouble(shop: Shop, nouns: str, results: Results, base: Query) -> StateSpec | None:
    """Return the card that says why there are no rows yet; None where there are some, or all is well.

    `base` is what the screen shows unless something is searched or filtered.
    """
    entity = results.query.entity
    if results.count:
        return None
    if left := shop.leaving(entity).left:
        return _leaving(left, nouns)
    if looking(results):
        return msgspec.structs.replace(
            nothing_matches(results.query, base),
            headline="Looking on the server…",
            sentence=f"Nothing on this computer has {_all_of(results.query, base)}.",
        )
    if results.error is None:
        return _missing(shop, entity, nouns, results)
    return StateSpec(
        icon="cloud-off",
        headline="The shop cannot be reached",
        sentence=results.error.message,
        action="Try again",
        act="retry",
        action_icon="refresh-cw",
        gravity="warning",
    )


def _leaving(left: int, nouns: str) -> StateSpec:
    """Say that the rest is on its way out, rather than that the shop never had any."""
    return StateSpec(
        icon="trash-2",
        headline="Being deleted",
        sentence=f"{left:,} {nouns} are still to be deleted on the server. Undo (Ctrl+Z) brings them back.",
    )


def _missing(shop: Shop, entity: Entity, nouns: str, results: Results) -> StateSpec | None:
    """Say that rows may be missing here, rather than that the shop has none."""
    state = shop.state
    if results.count is None or state.can_read or shop.mirror.complete(entity):
        return None
    headline = f"No {nouns} on this computer yet"
    if state.manual:
        sentence = "Work offline is on. They are copied here once you go online, and then stay at hand."
        return StateSpec(
            icon="hard-drive", headline=headline, sentence=sentence, action="Go online", act="online"
        )
    return StateSpec(
        icon="hard-drive",
        headline=headline,
        sentence="They are copied here as soon as the shop can be reached, and then stay at hand.",
        action="" if state.kind is Kind.CONNECTING else "Try again",
        act="retry",
        action_icon="refresh-cw",
    )
