"""The step of Undo that photos leave that were dropped, pasted or chosen together."""

from instica_desktop.core.acts import Act, Step
from instica_desktop.sync import Shop
from instica_desktop.sync.desk import title_of
from instica_desktop.sync.intake import Added

NOT_BACK = " Undo will not bring back the one before: its file was not to be had."


async def added_step(shop: Shop, added: Added) -> tuple[Step, str] | None:
    """Return the step, and the words that say what was done; None when nothing is there any more."""
    row = shop.row(added.entity, added.uid)
    title = title_of(row.data) if row is not None else ""
    if added.cover is not None:
        return Step(words=f"picture of {title}", acts=(added.cover,)), cover_words(title, added.cover)
    act = await shop.gallery.added(added.uid, added.photos)
    if act is None:
        return None
    count = len(act.after["photos"])
    return Step(words=f"{'photo' if count == 1 else f'{count} photos'} of {title}", acts=(act,)), ""


def cover_words(title: str, act: Act) -> str:
    """Say what was done to the picture of a product."""
    lost = act.before["product_image"] and not act.before["blob"]
    done = f"The picture of {title} is {'changed' if act.after['blob'] else 'removed'}"
    return f"{done}.{NOT_BACK}" if lost else done
