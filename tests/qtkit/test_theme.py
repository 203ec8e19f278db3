"""Putting a look in force, also while windows are open."""

from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontInfo, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QPushButton

from instica_desktop.qtkit import theme
from instica_desktop.qtkit.theme import fonts, icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.widgets.button import Button


def test_switching_changes_palette_sheet_and_colours(qapp: QApplication) -> None:
    light = color("card").name()
    theme.apply(qapp, "dark")
    assert color("card").name() != light
    assert qapp.palette().color(QPalette.ColorRole.Base) == color("card")
    assert color("border").name() in qapp.styleSheet().lower()


def test_an_open_widget_is_repainted_in_the_new_colours(qapp: QApplication, qtbot: Any) -> None:
    button = Button("Save", "save", variant="filled")
    qtbot.addWidget(button)
    button.show()
    before = button.grab().toImage().pixelColor(20, 4)
    theme.apply(qapp, "dark")
    after = button.grab().toImage().pixelColor(20, 4)
    assert before == color_of("light", "brand")
    assert after == color_of("dark", "brand")


def color_of(scheme: str, token: str) -> Any:
    from PySide6.QtGui import QColor

    from instica_desktop.qtkit.theme.tokens import SCHEMES

    return QColor(SCHEMES[scheme][token])  # type: ignore[index]


def test_switching_tells_which_scheme_is_in_force(qapp: QApplication, qtbot: Any) -> None:
    made = theme.apply(qapp, "light")
    with qtbot.waitSignal(made.changed) as caught:
        made.use("dark")
    assert caught.args == ["dark"]


def test_system_mode_follows_the_system(qapp: QApplication) -> None:
    made = theme.apply(qapp, "system")
    told = qapp.styleHints().colorScheme()
    assert theme.colors.scheme() == ("dark" if told == Qt.ColorScheme.Dark else "light")
    made.use("light")


def test_the_sheet_has_no_rule_for_items_of_views(qapp: QApplication) -> None:
    sheet = qapp.styleSheet()
    assert "QTableView::item" not in sheet
    assert "QAbstractItemView::item" not in sheet


def test_an_icon_takes_its_colour_when_it_is_drawn(qapp: QApplication, qtbot: Any) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    button.setIcon(icons.icon("circle", "text"))
    light = inked(button.icon())
    theme.apply(qapp, "dark")
    assert inked(button.icon()) != light


def inked(icon: QIcon) -> set[str]:
    image = icon.pixmap(QSize(24, 24)).toImage()
    points = ((x, y) for x in range(24) for y in range(24))
    return {image.pixelColor(x, y).name() for x, y in points if image.pixelColor(x, y).alpha() == 255}


def test_an_icon_that_does_not_exist_is_an_error_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")


def test_pixmaps_are_made_for_the_screen_and_kept() -> None:
    sharp = icons.pixmap("search", "text", 16, 2.0)
    assert (sharp.width(), sharp.devicePixelRatio()) == (32, 2.0)
    assert icons.pixmap("search", "text", 16, 2.0).cacheKey() == sharp.cacheKey()


@pytest.mark.parametrize(
    ("family", "generic"), [("Sans Serif", True), ("DejaVu Sans", True), ("Segoe UI", False)]
)
def test_which_system_fonts_are_only_stand_ins(family: str, generic: bool) -> None:
    assert fonts.is_generic(family) is generic


def test_weights_differ_and_figures_have_one_width() -> None:
    assert QFontInfo(fonts.font("strong")).weight() > QFontInfo(fonts.font("body")).weight()
    metrics = fonts.metrics("body", True)
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1
