"""When the waiting edits go out, and why not now; no widgets."""

from datetime import datetime
from typing import Literal

import msgspec

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.ages import clock
from instica_desktop.sync import Connection, Kind


class Outlook(msgspec.Struct, frozen=True):
    """`when` ends the sentence “3 edits are kept on this computer and go out …”.

    `step` is what can be done about it here; what the connection needs is offered beside its state.
    """

    when: str
    step: Literal["", "send", "confirm"] = ""


FREE = Outlook("by themselves", "send")
STUCK = Outlook("once you have decided on what needs you")
RESTORED = Outlook("once you have looked through them and say so", "confirm")
LABELS = {"": "", "send": "Send now", "confirm": "Send them"}
"""The words of the button for each step."""
_WHENS: dict[Kind, str] = {
    Kind.SIGNED_OUT: "once you connect with a valid key",
    Kind.PLAN_LAPSED: "once the plan covers changes again",
    Kind.CAPTIVE: "once you have signed in to this network",
    Kind.CONNECTING: "as soon as the server answers",
}
_LATER = "when the server answers again"


def outlook(
    state: Connection,
    account: Account,
    *,
    restored: bool = False,
    stuck: bool = False,
    pause: datetime | None = None,
    full: datetime | None = None,
) -> Outlook:
    """Return what holds the edits back.

    `stuck`: all of them build on others that need the user. `pause`: until when the server wants none;
    `full`: when a server that has no room for them is asked again.
    """
    if restored:
        return RESTORED
    if state.manual:
        return Outlook("once you go online again")
    paused = Outlook(f"at {clock(pause)}: the server asked for a pause") if pause else None
    local = account.kind is AccountKind.LOCAL
    match state.kind:
        case Kind.ONLINE if stuck:
            return STUCK
        case Kind.ONLINE if full and not paused:
            return Outlook(f"once the server has room for them: it is asked again at {clock(full)}", "send")
        case Kind.ONLINE:
            return paused or FREE
        case Kind.OTHER_ACCOUNT if not local:
            return Outlook(f"once you connect with the key of {account.label or 'this shop'}")
        case Kind.CONNECTING:
            return paused or Outlook(_WHENS[Kind.CONNECTING])
        case kind:
            return Outlook(_LATER if local else _WHENS.get(kind, _LATER))
