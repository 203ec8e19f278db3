"""What was typed, left and not saved: the words for it, at the start and in the list of what waits."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from instica_desktop.core.describe import field_name
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.sync.desk import title_of

if TYPE_CHECKING:
    from instica_desktop.store.drafts import Draft

SCREENS = {Entity.ITEM: "inventory", Entity.PRODUCT: "products", Entity.ORDER: "orders"}
PARCEL = "parcel"
"""What a new parcel is kept under while it is typed, and begins what a change of one is; no words."""
CELLS = {"price_total_usd": "price_item_usd"}
"""The field a cell edits, by the key its text is kept under."""
NAMED = 3
OF = "made_of"
"""The field of a draft that tells what a new copy is of; no field of a record is called so."""
NEW = ("newCopy", "newCopyProduct")
"""Where a copy, and the product made along with it, are written down while they are typed."""
NEW_COPY = "A new copy"
DELETED = "A record that is not here any more"
"""What a record is called that is not here any more, where nobody noted its title."""


class Unsaved(msgspec.Struct, frozen=True):
    """One text: whose it is, what it says, and the field it is kept for.

    `gone`: its record is deleted elsewhere or not here any more, so no field shows it; `text` is what was
    typed, where it can be copied.
    """

    entity: Entity
    uid: str
    title: str
    words: str
    field: str
    gone: bool = False
    text: str = ""


def unsaved(context: Context) -> list[Unsaved]:
    """Return the texts of records, and of a copy to be made, which were left and are not saved."""
    found: list[Unsaved] = []
    for draft in context.shop.drafts.aside():
        if draft.field == OF:
            of = "" if draft.uid in NEW else draft.uid
            copy = Unsaved(Entity.PRODUCT if of else Entity.ITEM, of, draft.text, NEW_COPY, OF)
            found += [copy] if copy not in found else []
            continue
        if draft.uid and draft.uid not in NEW and " " not in draft.uid:  # else a form of its own has it
            found.append(_of_record(context, draft))
    return found


def _of_record(context: Context, draft: "Draft") -> Unsaved:
    row, field = context.shop.row(draft.entity, draft.uid), CELLS.get(draft.field, draft.field)
    parcel = is_parcel(field)
    words = "A parcel" if parcel else f"{field_name(field)} “{draft.text}”"
    uid, title = (row.uid, title_of(row.data)) if row is not None else (draft.uid, draft.title or DELETED)
    gone = row is None or row.mark.gone
    return Unsaved(draft.entity, uid, title, words, draft.field, gone, "" if parcel else draft.text)


def give_up(context: Context, text: Unsaved) -> list["Draft"]:
    """Drop a text, of a copy to be made all that was typed of it. Returns what was dropped."""
    drafts = context.shop.drafts
    if text.field != OF:
        places = [(text.entity, text.uid, text.field)]
    else:
        of = NEW if not text.uid else (text.uid,)
        places = [(Entity.ITEM, uid, field) for uid in of for field in drafts.of(Entity.ITEM, uid)]
    dropped = [drafts.give_up(*place) for place in places]
    return [draft for draft in dropped if draft is not None]


def take_up(context: Context, dropped: Iterable["Draft"]) -> None:
    """Keep texts again that were dropped."""
    for draft in dropped:
        context.shop.drafts.take_up(draft)


def is_parcel(field: str) -> bool:
    """Tell whether a text of an order is about a parcel: a new one, or one that is changed."""
    return field.partition(":")[0] == PARCEL


def count_words(number: int) -> str:
    """Return `1 text was typed and not saved.`"""
    return f"{number:,} text{' was' if number == 1 else 's were'} typed and not saved."


def earlier_words(texts: Iterable[Unsaved]) -> str:
    """Return what is said of them at the start; nothing when there are none."""
    named = [f"{one.words} for {one.title}" for one in texts]
    if not named:
        return ""
    more = f" and {len(named) - NAMED:,} more" if len(named) > NAMED else ""
    return f"Typed earlier and not saved: {'; '.join(named[:NAMED])}{more}. Activity (F8) leads to them."


def spoilt_words(number: int) -> str:
    """Return what is said of texts that were spoilt on the disk before they were saved."""
    what = "1 text" if number == 1 else f"{number:,} texts"
    were = "was" if number == 1 else "were"
    return (
        f"{what} that you had typed and not saved {were} damaged on this computer’s disk. "
        "Look whether something has to be typed again."
    )


def say_earlier(context: Context) -> None:
    """Say once, at the start, what was typed in an earlier run and is not saved, or was spoilt since."""
    if words := earlier_words(unsaved(context)):
        context.ui.say(words)
    if number := context.shop.drafts.spoilt:
        context.ui.say(spoilt_words(number))
