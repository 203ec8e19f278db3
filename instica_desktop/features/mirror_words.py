"""What the copying of the shop to this computer is called on screen; no widgets."""

from instica_desktop.core.models.common import Entity
from instica_desktop.sync.mirror import MirrorState

NOUNS: dict[Entity, tuple[str, str]] = {
    Entity.ITEM: ("item", "items"),
    Entity.PRODUCT: ("product", "products"),
    Entity.ORDER: ("order", "orders"),
}


def counted(entity: Entity, number: int) -> str:
    """Return `1 item` or `12,408 items`."""
    return f"{number:,} {NOUNS[entity][number != 1]}"


def share_words(state: MirrorState) -> str:
    """Return `Copying 48 %` while a copy is being made; empty otherwise."""
    if not state.copying:
        return ""
    # What has not been counted yet is not in the share: it is all there only when nothing is copied any more.
    return "Copying" if state.share is None else f"Copying {min(99, int(state.share * 100))} %"


def here_words(state: MirrorState, known: int) -> str:
    """Return `12,408 items on this computer`, or how many of them while it is not all; empty for none.

    `known` is how many items are here by now: the copy counted them when it was made.
    """
    part = state.parts[Entity.ITEM]
    if not part.done:
        return ""
    if part.complete:
        return f"{counted(Entity.ITEM, known)} on this computer"
    return f"{part.done:,} of {counted(Entity.ITEM, part.of)} on this computer"


def title(state: MirrorState) -> str:
    """Return what is going on in a few words; empty when there is nothing to say."""
    if state.asks:
        nouns = " and ".join(NOUNS[entity][1] for entity in state.asks)
        return f"The server has no {nouns} any more"
    if state.paused:
        return "Copying to this computer is paused"
    return "Copying the shop to this computer" if state.copying else ""


def sentence(state: MirrorState) -> str:
    """Return how far it is, why it waits, or what the user has to decide."""
    if state.asks:
        here = " and ".join(counted(entity, state.parts[entity].of) for entity in state.asks)
        return f"This computer still has {here}. Remove them only if you emptied the shop yourself."
    if state.message:
        return state.message
    if state.paused:
        return "What is here stays. What is not is read from the server when you look at it."
    under_way = [(entity, part) for entity, part in state.parts.items() if part.of and part.to_come]
    found = ", ".join(f"{part.done:,} of {counted(entity, part.of)}" for entity, part in under_way)
    return found or "The rest is being counted"
