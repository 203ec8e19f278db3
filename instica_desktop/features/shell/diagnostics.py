"""What support needs to know about this installation and its shop. Holds no key and no record."""

import platform

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from instica_desktop import __version__
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.qtkit.theme import colors
from instica_desktop.system.logs import redact
from instica_desktop.system.versions import versions_of_parts

WORDS = "This is what is copied. Keys, names and records are left out."


def versions() -> list[tuple[str, str]]:
    """Return the program's version and those of what it stands on."""
    found = [
        ("Instica Desktop", __version__),
        ("Python", platform.python_version()),
        ("Qt", qVersion()),
        ("System", platform.platform()),
    ]
    return [*found, *versions_of_parts().items()]


def report(context: Context | None) -> str:
    """Return the diagnostics as lines of text."""
    lines = [f"{name}: {value}" for name, value in versions()]
    lines += ["", *_display(), ""]
    lines += _shop(context) if context else ["Shop: none open"]
    return redact("\n".join(lines))


def _display() -> list[str]:
    screen = QGuiApplication.primaryScreen()
    size = screen.size()
    return [
        f"Display: {QGuiApplication.platformName()}, {size.width()} × {size.height()}, "
        f"scale {screen.devicePixelRatio():g}",
        f"Look: {colors.scheme()}",
    ]


def _shop(context: Context) -> list[str]:
    shop, state = context.shop, context.shop.state
    counts = shop.counts()
    lines = [
        f"Shop: {context.account.kind.value} {context.account.base_url}".rstrip(),
        f"Connection: {state.kind.value} since {state.since.isoformat(timespec='seconds')}",
        f"Details: {state.details or 'none'}",
        f"Edits: {counts.waiting} waiting, {counts.sending} being sent, {counts.needs_user} need a decision",
    ]
    for entity in Entity:
        as_of = shop.as_of(entity)
        read = as_of.isoformat(timespec="seconds") if as_of else "never"
        lines.append(f"{entity.value}: {shop.known(entity)} on this computer, last read {read}")
    return lines
