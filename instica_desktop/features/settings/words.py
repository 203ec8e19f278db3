"""What stands under a setting to say how things are now, as pure functions."""

from instica_desktop.core.sizes import size_words
from instica_desktop.features import mirror_words
from instica_desktop.sync.mirror import MirrorState


def copy_note(state: MirrorState, known: int, *, wanted: bool, online: bool) -> str:
    """Return how far the copy of the shop is; empty where there is nothing to tell."""
    if state.asks:
        return f"{mirror_words.title(state)}. Decide in Activity (F8)."
    here = mirror_words.here_words(state, known)
    if not wanted:
        return f"{here}, brought up to date as you look at them." if here else ""
    if state.paused:
        return "Paused. Go on in Activity (F8)."
    if state.copying and not online:
        return f"{here}. The rest comes once there is a connection." if here else ""
    if state.message:
        return state.message
    if state.copying:
        return f"{mirror_words.share_words(state)}: {mirror_words.sentence(state)}."
    return f"{here}." if here else ""


def photos_note(used: int, *, every: bool) -> str:
    """Return what the photos take now, and that nothing limits them while every one is kept."""
    now = f"They take {size_words(used)} now"
    return f"{now}. While every photo is kept, there is no limit." if every else f"{now}."
