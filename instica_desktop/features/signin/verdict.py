"""Where an error belongs on the form, and what it says there."""

import re
from typing import Literal

from instica_desktop.core.addresses import Reach, WebAddress
from instica_desktop.core.errors import (
    AddressError,
    Forbidden,
    InsticaError,
    NetworkError,
    NotFound,
    NotInstica,
    NotOffered,
    PlanLapsed,
    ServerTrouble,
    SignedOut,
    Throttled,
    ValidationFailed,
)
from instica_desktop.features.signin.connector import Checked

Place = Literal["address", "key", "form"]

WRONG_KEY = (
    "This key is not accepted. Copy it again from Settings, API keys; it is shown once, when it is made."
)
NOT_INSTICA = (
    "No Instica server answers at this address, only a web page. Check the address, "
    "or sign in to this network first."
)
_HEADER = re.compile(r"^(?:X-API-Key:|Authorization:\s*Api-Key)\s*", re.IGNORECASE)


def place_of(error: InsticaError) -> Place:
    """Return the field an error is about; `form` when it is about none."""
    match error:
        case SignedOut() | Forbidden() | PlanLapsed() | ValidationFailed():
            return "key"
        case AddressError() | NetworkError() | ServerTrouble() | NotFound() | NotOffered() | Throttled():
            return "address"
        case _:
            return "form"


def words_of(error: InsticaError) -> str:
    """Return what is wrong, in the words of someone who is connecting for the first time."""
    match error:
        case SignedOut():
            return WRONG_KEY
        case NotInstica() | NotFound():
            return NOT_INSTICA
        case Throttled():  # nothing goes on by itself here, as it does in a shop
            seconds = error.retry_after
            wait = f"{round(seconds)} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
            return f"The server asks for a pause. Connect again in about {wait}."
        case _:
            return error.message


def accepted_words(checked: Checked) -> str:
    """Return whose key it is: `Key accepted: Northside Records, 12,408 items`."""
    items = f"{checked.items:,} item{'' if checked.items == 1 else 's'}"
    return f"Key accepted: {checked.account.label or checked.base_url}, {items}"


def is_whole(typed: str) -> bool:
    """Tell whether an address can be meant as it stands, and is not just the beginning of one.

    What is no address at all counts: whoever checks it says so, and sends nothing.
    """
    if typed.rstrip("/").endswith("."):
        return False
    try:
        found = WebAddress.parse(typed if "://" in typed else f"https://{typed}")
    except AddressError:
        return True
    place, dot, ending = found.host.rpartition(".")
    return found.reach is not Reach.WORLD or bool(place and dot and len(ending) > 1)


def clean_key(pasted: str) -> str:
    """Return a key without what came along when it was copied: blanks, quotes, the header's name."""
    text = _HEADER.sub("", pasted.strip().strip("\"'"))
    return re.sub(r"\s+", "", text)
