"""Sizes as people read them."""

import pytest

from instica_desktop.core.sizes import size_words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (8_412_000, "8.4 MB"), (48_000_000_000, "48 GB")],
)
def test_sizes_read_well(size: int, words: str) -> None:
    assert size_words(size) == words
