"""Edits spoilt on the disk at random: each is sent as it was made, or held and said."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.store.spoiling import WAYS, Wrong, played


def _played(home: Path, seeds: range) -> Counter[str]:
    wrong: list[str] = []
    outcomes: Counter[str] = Counter()
    for seed in seeds:
        folder = home / f"account-{seed}"
        try:
            outcomes[played(folder, seed)] += 1
        except Wrong as error:
            wrong.append(f"seed {seed}, {WAYS[seed % len(WAYS)].__name__}: {error}")
        shutil.rmtree(folder)
    assert not wrong, f"{len(wrong)} of {len(seeds)}:\n" + "\n".join(wrong)
    return outcomes


def test_no_spoilt_edit_is_sent_altered_or_gone_without_a_word(tmp_path: Path) -> None:
    outcomes = _played(tmp_path, range(63))
    assert outcomes["held"] > 10  # the play must reach what it is about
    assert outcomes["restored"] > 10


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_thousand_spoilt_files(tmp_path: Path) -> None:
    _played(tmp_path, range(63, 1063))
