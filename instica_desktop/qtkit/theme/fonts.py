"""Which letters the program uses: the system's, or the bundled ones where the system has no proper UI font.

Sizes and weights have names; nothing else in the program makes a QFont.
"""

from functools import cache
from typing import Final, Literal

from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QApplication

from instica_desktop.system.resources import resource

Role = Literal[
    "h1",
    "h2",
    "h3",
    "h4",
    "large",
    "large_strong",
    "body",
    "medium",
    "strong",
    "caption",
    "caption_medium",
    "caption_strong",
    "caption_bold",
    "micro",
    "micro_medium",
    "key",
    "avatar",
]

SIZES: Final[dict[Role, tuple[int, int, float]]] = {
    "h1": (28, 650, -0.56),
    "h2": (20, 650, -0.3),
    "h3": (16, 650, -0.16),
    "h4": (13, 600, 0),
    "large": (14, 500, 0),
    "large_strong": (14, 600, 0),
    "body": (13, 400, 0),
    "medium": (13, 500, 0),
    "strong": (13, 600, 0),
    "caption": (12, 400, 0),
    "caption_medium": (12, 500, 0),
    "caption_strong": (12, 600, 0),
    "caption_bold": (12, 700, 0),
    "micro": (11, 600, 0),
    "micro_medium": (11, 500, 0),
    "key": (10, 500, 0),
    "avatar": (10, 700, 0),
}
"""Role → size in px, weight, letter spacing in px."""

GENERIC: Final = frozenset(
    {"", "sans", "sans serif", "sans-serif", "dejavu sans", "bitstream vera sans", "helvetica"}
)
"""Families that mean “the system has no UI font of its own”."""

FALLBACKS: Final = (
    "Noto Sans CJK JP",
    "Yu Gothic UI",
    "Hiragino Sans",
    "Noto Sans",
    "DejaVu Sans",
    "Noto Color Emoji",
    "Segoe UI Emoji",
    "Apple Color Emoji",
)
BUNDLED: Final = ("InterVariable.ttf",)


class _Chosen:
    families: list[str] = []
    bundled: bool = False


def _bundled_families() -> list[str]:
    """Load the bundled fonts and return their family names; empty when the files are not there."""
    found: list[str] = []
    for file in BUNDLED:
        path = resource("fonts", file)
        if path.is_file():
            added = QFontDatabase.addApplicationFont(str(path))
            found += QFontDatabase.applicationFontFamilies(added) if added >= 0 else []
    return found[:1]


def is_generic(family: str) -> bool:
    """Tell whether a system font's family is only a stand-in for a missing UI font."""
    return family.strip().lower() in GENERIC


def install(app: QApplication) -> str:
    """Choose the families, set the application's font and return the first family."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    bundled = _bundled_families() if is_generic(system) else []
    first = bundled or [system or "sans-serif"]
    _Chosen.bundled = bool(bundled)
    _Chosen.families = [*first, *(family for family in FALLBACKS if family != first[0])]
    for cached in (font, metrics):
        cached.cache_clear()
    app.setFont(font("body"))
    return first[0]


@cache
def font(role: Role = "body", tabular: bool = False) -> QFont:
    """Return the font of a role. `tabular` gives figures of one width. Shared: copy before changing it."""
    size, weight, spacing = SIZES[role]
    made = QFont(_Chosen.families or ["sans-serif"])
    made.setPixelSize(size)
    made.setWeight(_weight(weight))
    if _Chosen.bundled:
        # A variable font added by the application gets no weight from QFont.Weight alone.
        made.setVariableAxis(QFont.Tag("wght"), weight)
    if spacing:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def _weight(weight: int) -> QFont.Weight:
    """Return an in-between weight where the enumeration takes it, else the next named one."""
    try:
        return QFont.Weight(weight)
    except ValueError:
        return QFont.Weight(round(weight / 100 + 0.01) * 100)


@cache
def metrics(role: Role = "body", tabular: bool = False) -> QFontMetrics:
    """Return the metrics of a role's font."""
    return QFontMetrics(font(role, tabular))
