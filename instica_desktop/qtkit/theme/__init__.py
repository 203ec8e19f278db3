"""How everything looks: tokens, style sheet, palette, letters, icons. Imports Qt and `system.resources` only.

`apply(app, mode)` puts a look in force, also while windows are open; `colors.color(token)` is what painters
ask.
"""

from instica_desktop.qtkit.theme import colors, fonts, icons
from instica_desktop.qtkit.theme.applying import Mode, Theme, apply, theme

__all__ = ["Mode", "Theme", "apply", "colors", "fonts", "icons", "theme"]
