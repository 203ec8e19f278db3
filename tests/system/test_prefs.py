"""Settings survive restarts, bad files and full disks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from instica_desktop.core.accounts import Account, account_id, key_digest
from instica_desktop.core.settings_spec import SETTINGS
from instica_desktop.system import files
from instica_desktop.system.accounts import Accounts
from instica_desktop.system.files import write_atomically
from instica_desktop.system.paths import Profile
from instica_desktop.system.prefs import Prefs


def test_a_setting_is_there_at_the_next_start(tmp_path: Path) -> None:
    Prefs(tmp_path / "settings.json")["theme"] = "dark"

    assert Prefs(tmp_path / "settings.json")["theme"] == "dark"


def test_an_undeclared_setting_is_an_error(tmp_path: Path) -> None:
    prefs = Prefs(tmp_path / "settings.json")

    with pytest.raises(KeyError):
        prefs["colour_of_the_moon"] = "blue"
    with pytest.raises(ValueError, match="theme"):
        prefs["theme"] = "sepia"


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", "\x00\x01"])
def test_an_unreadable_file_is_kept_aside_and_defaults_hold(tmp_path: Path, content: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(content)

    prefs = Prefs(path)

    assert prefs["theme"] == "system"
    assert (tmp_path / "settings.unreadable.json").read_text() == content


def test_a_value_of_the_wrong_type_is_the_default(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": 7, "density": "huge", "window": []}')

    prefs = Prefs(path)

    assert (prefs["theme"], prefs["density"], prefs["window"]) == ("system", "comfortable", {})


def test_what_another_window_saved_meanwhile_stays(tmp_path: Path) -> None:
    one, other = Prefs(tmp_path / "settings.json"), Prefs(tmp_path / "settings.json")
    one["theme"] = "dark"
    other["density"] = "compact"

    again = Prefs(tmp_path / "settings.json")

    assert (again["theme"], again["density"]) == ("dark", "compact")
    assert one.fresh("density") == "compact"


def test_settings_that_cannot_be_read_just_now_stay_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.json"
    prefs = Prefs(path)
    prefs["theme"] = "dark"
    before = path.read_bytes()

    def held(_: Path) -> bytes:
        raise PermissionError("another program has this file open")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Path, "read_bytes", held)
        assert prefs.fresh("theme") == "dark"
        prefs["density"] = "compact"
        assert (prefs["theme"], prefs["density"]) == ("dark", "compact")
    assert path.read_bytes() == before

    prefs.change("theme", lambda theme: theme)
    again = Prefs(path)
    assert (again["theme"], again["density"]) == ("dark", "compact")


def test_a_lock_that_is_never_given_back_costs_seconds_not_the_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_PATIENCE", 0.05)
    path = tmp_path / "settings.json"
    prefs = Prefs(path)
    with files.alone_with(path):
        prefs["theme"] = "dark"
    assert (prefs["theme"], path.exists()) == ("dark", False)

    prefs["density"] = "compact"
    assert Prefs(path)["theme"] == "dark"


def test_shops_added_in_two_windows_are_both_known(tmp_path: Path) -> None:
    windows = [Accounts(Prefs(tmp_path / "settings.json")) for _ in range(2)]
    for number, accounts in enumerate(windows):
        accounts.remember(Account(id=f"shop-{number}", base_url="https://a.test"))

    assert {account.id for account in windows[0].all()} == {"shop-0", "shop-1"}
    windows[1].forget("shop-0")
    assert {account.id for account in windows[0].all()} == {"shop-1"}


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    script = (
        "import sys; from pathlib import Path; from instica_desktop.core.accounts import Account; "
        "from instica_desktop.system.accounts import Accounts; "
        "from instica_desktop.system.prefs import Prefs; "
        "accounts = Accounts(Prefs(Path(sys.argv[1]))); "
        "[accounts.remember(Account(id=f'{sys.argv[2]}-{n}', base_url='https://a.test')) for n in range(8)]"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in "abc"]

    assert [process.wait(30) for process in running] == [0, 0, 0]
    assert len(Accounts(Prefs(path)).all()) == 24


def test_a_disk_that_takes_nothing_keeps_settings_for_this_session(tmp_path: Path) -> None:
    prefs = Prefs(Path("/dev/full/settings.json"))
    prefs["theme"] = "dark"

    assert prefs["theme"] == "dark"
    assert prefs.fresh("theme") == "dark"


def test_a_shop_signed_out_of_stays_known_and_does_not_open_at_start(tmp_path: Path) -> None:
    accounts = Accounts(Prefs(tmp_path / "settings.json"))
    shop = Account(id="s", base_url="https://a.test", key_digest=key_digest("k1"))
    accounts.remember(shop)
    accounts.sign_out(shop)

    (known,) = accounts.all()
    assert known.signed_out
    assert accounts.last() is None
    assert accounts.find("https://a.test", key_digest("k1")) is None


def test_every_setting_is_documented_and_its_default_is_allowed() -> None:
    for setting in SETTINGS:
        assert setting.help.endswith(".")
        assert not setting.choices or setting.default in setting.choices


def test_settings_are_private(tmp_path: Path) -> None:
    prefs = Prefs(tmp_path / "settings.json")
    prefs["density"] = "compact"

    assert (tmp_path / "settings.json").stat().st_mode & 0o777 == 0o600


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    full = Path("/dev/full/cannot/be/a/folder")

    with pytest.raises(NotADirectoryError):
        write_atomically(full, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_profile_folder_is_private_and_whole(tmp_path: Path) -> None:
    profile = Profile.at(tmp_path / "shop").create()

    for folder in (profile.config, profile.data, profile.cache, profile.logs):
        assert folder.is_dir()
        assert os.stat(folder).st_mode & 0o777 == 0o700


def test_known_shops_are_found_by_address_and_key(tmp_path: Path) -> None:
    accounts = Accounts(Prefs(tmp_path / "settings.json"))
    shop = Account(
        id=account_id("https://a.test", "u1"), base_url="https://a.test", key_digest=key_digest("k1")
    )
    accounts.remember(shop)
    accounts.remember(Account(id="other", base_url="https://b.test"), make_last=False)

    again = Accounts(Prefs(tmp_path / "settings.json"))

    assert again.last() == shop
    assert again.find("https://a.test", key_digest("k1")) == shop
    assert again.find("https://a.test", key_digest("k2")) is None
    assert b"k1" not in (tmp_path / "settings.json").read_bytes()
    again.forget(shop.id)
    assert again.last() is None
    assert [account.id for account in again.all()] == ["other"]
