"""What is said where rows should stand and none can be shown."""

from instica_desktop.core.models.common import Entity
from instica_desktop.qtkit.widgets.empty_state import StateSpec
from instica_desktop.sync import Kind, Results, Shop

LOOKING = StateSpec(
    icon="search",
    headline="Looking on the server…",
    sentence="Nothing on this computer has all of these words and filters at once.",
    action="Clear the search",
    act="clear",
)


def looking(results: Results) -> bool:
    """Tell whether the copy has nothing of what is sought, and the server is still being asked."""
    return bool(results.count == 0 and results.query.sought and results.guesses and results.error is None)


def trouble(shop: Shop, entity: Entity, nouns: str, results: Results) -> StateSpec | None:
    """Return the card that says why there are no rows yet; None where there are some, or all is well."""
    if results.count:
        return None
    if left := shop.leaving(entity).left:
        return _leaving(left, nouns)
    if looking(results):
        return LOOKING
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
