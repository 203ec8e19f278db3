"""Every setting there is, declared once: key, default, allowed values, what it does.

Reading or writing a key that is not declared here is an error, and a test demands that each is used.
"""

from typing import Any

import msgspec


class Setting(msgspec.Struct, frozen=True):
    """One setting. `choices` empty = any value of the default's type."""

    key: str
    default: Any
    help: str
    choices: tuple[Any, ...] = ()


SETTINGS: tuple[Setting, ...] = (
    Setting("theme", "system", "Light, dark, or as the system says.", ("system", "light", "dark")),
    Setting("density", "comfortable", "Height of table rows.", ("comfortable", "compact")),
    Setting("work_offline", False, "Leave the network alone until told otherwise; kept over a restart."),
    Setting("last_account", "", "The shop that opens at start."),
    Setting("last_screen", "inventory", "The screen that opens at start."),
    Setting("window", {}, "Where the window stood, by screen size; written on quit."),
    Setting("tables", {}, "Columns of each table: order, width, visibility, ordering; written on change."),
    Setting("mirror", True, "Whether the whole shop is copied to this computer in the background."),
    Setting("keep_photos", False, "Whether every photo is kept on this computer, whatever room that takes."),
    Setting("accounts", [], "The shops this computer knows. Keys are never among them."),
)

BY_KEY: dict[str, Setting] = {setting.key: setting for setting in SETTINGS}
