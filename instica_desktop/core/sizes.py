"""How much room something takes, as people read it."""

_UNITS = ("B", "kB", "MB", "GB", "TB")


def size_words(size: int) -> str:
    """Return a size in bytes as `340 kB`, `8.4 MB` or `48 GB`."""
    value, unit = float(size), 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    figures = f"{value:.1f}" if unit and value < 9.95 else f"{value:.0f}"
    return f"{figures.removesuffix('.0')} {_UNITS[unit]}"
