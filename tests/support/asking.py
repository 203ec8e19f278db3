"""Whether a search finds a record, straight from the rule."""

from instica_desktop.core.search_words import alternatives


def finds(typed: str, words: str) -> bool:
    """Tell whether a typed text finds a record of such words, each behind a space. A blank one finds all."""
    asked = alternatives(typed)
    return not asked or any(all(f" {word}" in f"{words} " for word in some) for some in asked)
