"""The folders of a profile are closed to others, and what lies beside them is left alone."""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from instica_desktop.core.errors import InputError
from instica_desktop.system.paths import Profile

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other systems give rights in another way")


def rights(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    """Make folders as a system does that opens everything to everybody."""
    usual = os.umask(0)
    yield
    os.umask(usual)


def test_every_folder_of_a_new_profile_is_private(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path / "new" / "profile").create()
    folders = [tmp_path / "new", *(path for path in (tmp_path / "new").rglob("*") if path.is_dir())]
    assert profile.accounts in folders
    assert {rights(folder) for folder in folders} == {0o700}


def test_folders_an_older_version_left_open_are_closed(tmp_path: Path) -> None:
    root = tmp_path / "profile"
    for name in ("config", "data/accounts", "cache", "logs"):
        (root / name).mkdir(parents=True)
    Profile.at(root).create()
    assert {rights(folder) for folder in (root, *root.rglob("*"))} == {0o700}


def test_a_folder_that_holds_other_things_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "home" / "music").mkdir(parents=True)
    profile = Profile.at(tmp_path / "home").create()
    assert rights(tmp_path / "home") == rights(tmp_path / "home" / "music") == 0o777
    assert {rights(folder) for folder in (profile.config, profile.data, profile.cache, profile.logs)} == {
        0o700
    }


def test_the_users_own_folders_are_private_and_those_above_only_if_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").mkdir()
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    profile = Profile.default().create()
    assert rights(tmp_path / "config") == 0o777
    assert rights(tmp_path / "data") == rights(profile.data) == rights(profile.accounts) == 0o700


def test_nobody_at_home_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)  # a user the system knows no home of
    with pytest.raises(InputError) as caught:
        Profile.default()
    assert "--profile" in caught.value.message


def test_the_home_of_somebody_unknown_is_said() -> None:
    with pytest.raises(InputError):
        Profile.at(Path("~nobody-of-that-name/profile"))
