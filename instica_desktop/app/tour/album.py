"""What a tour leaves behind: a picture of each step in both themes, and `tour.json` with what was checked."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from instica_desktop.app.tour.hands import settle
from instica_desktop.qtkit import theme

THEMES = ("light", "dark")


class Check(msgspec.Struct):
    """One thing that must be so."""

    name: str
    ok: bool


class Step(msgspec.Struct):
    """One step in one theme: file name of its picture, and what was checked."""

    name: str
    theme: str
    picture: str
    checks: list[Check]


class Album:
    """Collects steps; `failed` tells whether any check did not hold."""

    def __init__(self, folder: Path, app: QApplication) -> None:
        self.folder = folder
        self.steps: list[Step] = []
        self._app = app
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def failed(self) -> list[str]:
        """The checks that did not hold, as `step: check`."""
        return [f"{step.name}: {check.name}" for step in self.steps for check in step.checks if not check.ok]

    async def take(self, name: str, window: QWidget, checks: dict[str, bool]) -> None:
        """Take the window's picture in both themes and note what was checked."""
        number = len({step.name for step in self.steps}) + 1
        for mode in THEMES:
            theme.apply(self._app, mode)
            await settle()
            picture = f"{number:02d}-{name}-{mode}.png"
            saved = as_seen(window).save(str(self.folder / picture))
            found = [Check(words, ok) for words, ok in checks.items()]
            self.steps.append(Step(name, mode, picture, [*found, Check("the picture was saved", saved)]))
        theme.apply(self._app, THEMES[0])
        await settle()
        self._write()

    def _write(self) -> None:
        content = msgspec.json.format(msgspec.json.encode({"steps": self.steps}), indent=2)
        (self.folder / "tour.json").write_bytes(content)


def as_seen(window: QWidget) -> QPixmap:
    """Return the window's picture with the panels and menus that are open above it."""
    picture = window.grab()
    painter = QPainter(picture)
    for above in QApplication.topLevelWidgets():
        if above is not window and above.isVisible() and above.parentWidget() is not None:
            painter.drawPixmap(window.mapFromGlobal(above.mapToGlobal(QPoint())), above.grab())
    painter.end()
    return picture
