"""Every setting there is, declared once: key, default, allowed values, what it does.

Reading or writing a key that is not declared here is an error, and each is read somewhere (a test).
"""

from typing import Any

import msgspec


class Setting(msgspec.Struct, frozen=True):
    """One setting. `choices` empty = any value of the default's type.

    One with a `name` stands on the screen of settings, with its `help`; `words` are its choices there.
    """

    key: str
    default: Any
    help: str
    choices: tuple[Any, ...] = ()
    name: str = ""
    words: tuple[str, ...] = ()

    @property
    def options(self) -> list[tuple[Any, str]]:
        """Each choice with its words."""
        return list(zip(self.choices, self.words, strict=True))


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "theme",
        "system",
        "Light, dark, or as the system says.",
        ("system", "light", "dark"),
        name="Theme",
        words=("As the system", "Light", "Dark"),
    ),
    Setting(
        "density",
        "comfortable",
        "How high the rows of lists are. Compact shows more records at once.",
        ("comfortable", "compact"),
        name="Density",
        words=("Comfortable", "Compact"),
    ),
    Setting(
        "work_offline",
        False,
        "Nothing is read or sent, also after the next start, until you turn this off. What you change is "
        "kept on this computer.",
        name="Work offline",
    ),
    Setting("last_account", "", "The shop that opens at start."),
    Setting("last_screen", "inventory", "The screen that opens at start."),
    Setting("window", {}, "Where the window stood, by screen size; written on quit."),
    Setting("tables", {}, "Columns of each table: order, width, visibility, ordering; written on change."),
    Setting(
        "mirror",
        True,
        "Products, items and orders are copied in the background, so that you find and edit all of them "
        "without a connection. Turned off, what is here already stays.",
        name="Copy the whole shop to this computer",
    ),
    Setting(
        "keep_photos",
        False,
        "Every photo of an item is fetched in full and stays, whatever room that takes. Otherwise lists get "
        "their small pictures, and large ones come when you look at them.",
        name="Keep every photo",
    ),
    Setting(
        "photo_room_mb",
        500,
        "Photos you looked at longest ago make room for others. Those waiting to be sent do not count.",
        (250, 500, 1_000, 2_000, 5_000, 10_000),
        name="Room for photos",
        words=("250 MB", "500 MB", "1 GB", "2 GB", "5 GB", "10 GB"),
    ),
    Setting("link_hosts", [], "The sites that links of records may open without a question."),
    Setting("accounts", [], "The shops this computer knows. Keys are never among them."),
)

BY_KEY: dict[str, Setting] = {setting.key: setting for setting in SETTINGS}
