"""The window around the screens: menu bar, rail, status bar, toasts."""
