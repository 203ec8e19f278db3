"""The colours of the scheme in force, as QColor. Painters ask here at paint time, so a switch needs no
wiring."""

from PySide6.QtGui import QColor

from instica_desktop.qtkit.theme.tokens import SCHEMES, TONES, Scheme, Token, Tone


class _Active:
    """What is in force. One per process, like the application's palette."""

    scheme: Scheme = "light"
    colors: dict[Token, QColor] = {}


def use(scheme: Scheme) -> None:
    """Put a scheme in force. Called by `theme.apply`; widgets repaint when the style sheet changes."""
    _Active.scheme = scheme
    _Active.colors = {token: QColor(value) for token, value in SCHEMES[scheme].items()}


def scheme() -> Scheme:
    """Return the scheme in force."""
    return _Active.scheme


def color(token: Token) -> QColor:
    """Return a token's colour. Shared: do not change the object."""
    return _Active.colors[token]


def name(token: Token) -> str:
    """Return a token's colour as `#RRGGBB` or `#AARRGGBB`."""
    return SCHEMES[_Active.scheme][token]


def tone(which: Tone) -> tuple[QColor, QColor]:
    """Return a tone's background and text."""
    ground, ink = TONES[which]
    return _Active.colors[ground], _Active.colors[ink]


use("light")
