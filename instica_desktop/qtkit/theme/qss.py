"""The one style sheet, built from the tokens.

`.QPushButton` means Qt's own class only: buttons of ours paint themselves, and a `min-height` here would
overrule their fixed heights. It holds no rule for items of views (`::item` makes every paint slower) and no
fonts (they would drop the tabular figures set by `fonts.font`).
"""

from string import Template

from instica_desktop.qtkit.alpha import blends
from instica_desktop.qtkit.theme import colors
from instica_desktop.qtkit.theme.tokens import SCHEMES

_SHEET = """
QWidget { color: $text; }
QMainWindow, QDialog { background: $base; }
QDialog { background: $card; }
QLabel { background: transparent; }
QLabel[ink="text_2"] { color: $text_2; }
QLabel[ink="text_3"] { color: $text_3; }
QLabel[ink="brand"] { color: $brand; }
QLabel[ink="on_tint"] { color: $on_tint; }
QLabel[ink="error"] { color: $error_text; }
QLabel[ink="success"] { color: $success_text; }
QLabel[ink="warning"] { color: $warning_text; }
QLabel[ink="info"] { color: $info_text; }
QLabel:disabled { color: $text_3; }

QWidget[surface="base"] { background: $base; }
QWidget[surface="card"] { background: $card; }
QWidget[surface="raised"] { background: $raised; }
QWidget[surface="tint"] { background: $tint; }
QFrame[card="true"] { background: $card; border: 1px solid $border; border-radius: 12px; }
QLabel[readonly="true"] { background: $raised; border: 0; border-radius: 8px; }
QFrame[well="true"] { background: $raised; border: 0; border-radius: 8px; }
QFrame[rule="true"] { background: $border; border: 0; min-height: 1px; max-height: 1px; }
QFrame[rule_v="true"] { background: $border; border: 0; min-width: 1px; max-width: 1px; }
QWidget[edge="top"] { border-top: 1px solid $border; }
QWidget[edge="bottom"] { border-bottom: 1px solid $border; }
QWidget[edge="left"] { border-left: 1px solid $border; }
QWidget[edge="right"] { border-right: 1px solid $border; }

.QPushButton { background: $card; color: $text; border: 1px solid $control; border-radius: 8px;
  padding: 0 12px; min-height: 30px; }
.QPushButton:hover, .QPushButton:pressed { background: $raised; }
.QPushButton:focus { border: 2px solid $brand; padding: 0 11px; min-height: 28px; }
.QPushButton:default { background: $brand; border-color: $brand; color: $on_brand; }
.QPushButton:default:hover { background: $brand_hover; border-color: $brand_hover; }
.QPushButton:disabled { background: $base; border-color: $border; color: $text_3; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit, QTimeEdit,
  QComboBox {
  background: $card; color: $text; border: 1px solid $control; border-radius: 8px;
  selection-background-color: $brand; selection-color: $on_brand; }
QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit, QTimeEdit { padding: 0 9px; min-height: 30px; }
QComboBox { padding: 0 28px 0 10px; min-height: 30px; }
QPlainTextEdit, QTextEdit { padding: 3px 6px; }
QLineEdit[size="28"], QComboBox[size="28"] { min-height: 26px; }
QLineEdit[size="36"], QComboBox[size="36"] { min-height: 34px; }
QLineEdit[size="40"], QComboBox[size="40"] { min-height: 38px; }
QLineEdit:hover, QPlainTextEdit:hover, QComboBox:hover, QSpinBox:hover, QDateEdit:hover { border-color:
  $text_3; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus, QDateTimeEdit:focus, QTimeEdit:focus
  { border: 2px solid $brand; padding: 0 8px; min-height: 28px; }
QLineEdit[size="28"]:focus { min-height: 24px; }
QLineEdit[size="36"]:focus { min-height: 32px; }
QLineEdit[size="40"]:focus { min-height: 36px; }
QComboBox:focus, QComboBox:on { border: 2px solid $brand; padding: 0 27px 0 9px; min-height: 28px; }
QComboBox[size="28"]:focus { min-height: 24px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $brand; padding: 2px 5px; }
QLineEdit[invalid="true"], QSpinBox[invalid="true"] { border: 2px solid $danger; padding: 0 8px; min-height:
  28px; }
QLineEdit[invalid="true"][size="36"] { min-height: 32px; }
QLineEdit[invalid="true"][size="28"] { min-height: 24px; }
QComboBox[invalid="true"] { border: 2px solid $danger; padding: 0 27px 0 9px; min-height: 28px; }
QPlainTextEdit[invalid="true"] { border: 2px solid $danger; padding: 2px 5px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDateEdit:disabled
  { background: $base; border-color: $border; color: $text_3; }
QLineEdit:read-only { background: $raised; border-color: $raised; }
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus, QLineEdit[bare="true"]:hover
  { background: transparent; border: 0; padding: 0; min-height: 0; }
QLineEdit[cell="true"], QLineEdit[cell="true"]:focus
  { background: $card; border: 2px solid $brand; border-radius: 0; padding: 0 4px; min-height: 0; }
QLineEdit[cell="true"][invalid="true"] { border-color: $danger; }
QComboBox::drop-down { border: 0; width: 0; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: $card; border: 1px solid $edge; padding: 4px; outline: 0;
  selection-background-color: $tint; selection-color: $on_tint; }

QMenuBar { background: $base; border-bottom: 1px solid $border; padding: 2px 8px; spacing: 0; }
QMenuBar::item { padding: 3px 10px; border-radius: 6px; background: transparent; color: $text; }
QMenuBar::item:selected { background: $raised; }
QMenuBar::item:pressed { background: $tint; color: $on_tint; }
QMenuBar::item:disabled { color: $text_3; }
QMenu { background: $card; border: 1px solid $outline; border-radius: ${menu_radius}px; padding: 4px; }
QMenu::item { min-height: 28px; padding: 0 8px 0 8px; border-radius: 6px; background: transparent; color:
  $text; }
QMenu::item:selected { background: $tint; color: $on_tint; }
QMenu::item:disabled { color: $text_3; background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $border; margin: 4px 4px; }
QMenu::indicator { width: 16px; height: 16px; margin-left: 8px; }
QToolTip { background: $text; color: $base; border: 0; border-radius: ${tip_radius}px; padding: 4px 8px; }

QScrollArea { background: transparent; border: 0; }
QAbstractScrollArea[plain="true"] { background: transparent; border: 0; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; border: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; border: 0; }
QScrollBar::handle { background: $handle; border: 0; border-radius: 3px; }
QScrollBar::handle:vertical { min-height: 28px; margin: 0 3px; }
QScrollBar::handle:horizontal { min-width: 28px; margin: 3px 0; }
QScrollBar::handle:vertical:hover, QScrollBar::handle:vertical:pressed
  { background: $control; margin: 0 1px; border-radius: 5px; }
QScrollBar::handle:horizontal:hover, QScrollBar::handle:horizontal:pressed
  { background: $control; margin: 1px 0; border-radius: 5px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: 0; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }

QTableView, QListView, QTreeView { background: $card; border: 0; outline: 0;
  selection-background-color: $tint; selection-color: $on_tint; }
QHeaderView { background: $card; border: 0; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QProgressBar { background: $border; border: 0; border-radius: 2px; min-height: 4px; max-height: 4px; }
QProgressBar::chunk { background: $brand; border-radius: 2px; }
QStatusBar { background: $base; border-top: 1px solid $border; }
QStatusBar::item { border: 0; }
"""


def build() -> str:
    """Return the style sheet of the scheme in force."""
    values = {token: _css(value) for token, value in SCHEMES[colors.scheme()].items()}
    values["handle"] = _css("#8C" + colors.name("control")[1:])
    rounded = blends()  # what cannot be round has a clearer outline, since it has no shadow either
    values |= {"menu_radius": "8" if rounded else "0", "tip_radius": "6" if rounded else "0"}
    values["outline"] = values["edge" if rounded else "control"]
    return Template(_SHEET).substitute(values)


def _css(value: str) -> str:
    """Return a colour as the style sheet reads it; `#AARRGGBB` becomes `rgba()`."""
    if len(value) == 7:
        return value
    alpha, red, green, blue = (int(value[at : at + 2], 16) for at in (1, 3, 5, 7))
    return f"rgba({red}, {green}, {blue}, {alpha})"
