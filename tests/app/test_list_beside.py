"""`list` reads the copy beside whoever has the shop open, and never says that nothing is there when it is."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.store.store import Store
from instica_desktop.system.accounts import Accounts
from instica_desktop.system.paths import Profile
from instica_desktop.system.prefs import Prefs
from tests.app.store_worker import ITEMS
from tests.e2e.display import wait_for
from tests.server.fixture import ROOT, start_server

HELD = """
import sys
from pathlib import Path
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.glance import glance
with glance(Path(sys.argv[1])) as copy:
    ids = copy.ids(Query(Entity.ITEM))
    print("looking", flush=True)
    sys.stdin.readline()
    assert len(list(copy.raws(Entity.ITEM, ids))) == len(ids) > 0
"""
"""A look at the copy that goes on for as long as the test wants."""

Result = subprocess.CompletedProcess[str]
NO_ROOT = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
"""Root may write anywhere, also where nobody may; without these rights it is as any owner is."""


def listed(profile: Path, *arguments: str, env: dict[str, str] | None = None, owner: bool = False) -> Result:
    before = NO_ROOT if owner and os.geteuid() == 0 else []
    return subprocess.run(
        [*before, sys.executable, "-m", "instica_desktop", "--profile", str(profile), "list", *arguments],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def offline(profile: Path, what: str = "inventory", *, owner: bool = False) -> list[dict[str, Any]]:
    """Return what the copy answers; it must answer whole and without a word."""
    result = listed(profile, what, "--json", "--offline", owner=owner)
    assert (result.returncode, result.stderr) == (0, "")
    return json.loads(result.stdout)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A profile that knows one shop, which was open last."""
    made = Profile.at(tmp_path / "profile").create()
    Accounts(Prefs(made.settings_file)).remember(Account(id="shop", base_url="https://shop.example"))
    return made


@contextmanager
def working(profile: Profile, what: str = "") -> Iterator[subprocess.Popen[str]]:
    """A process that has the shop's folder open."""
    folder = profile.account_folder("shop")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.app.store_worker", str(folder), what],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def window(profile: Path, *arguments: str, env: dict[str, str] | None = None) -> Iterator[None]:
    """The program with its window, drawn nowhere, once it has its shop open."""
    process = subprocess.Popen(
        [sys.executable, "-m", "instica_desktop", "--profile", str(profile), "run", *arguments],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
    )
    try:
        wait_for(lambda: has_opened(Profile.at(profile)), "the window opens its shop")
        yield
        assert process.poll() is None, "the window has ended by itself"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def has_opened(profile: Profile) -> bool:
    """Tell whether a window has its shop open, and has started that shop's server if it is the local one."""
    shop = Accounts(Prefs(profile.settings_file)).last()
    port = profile.local_shop.with_name(f"{profile.local_shop.name}.port")
    return shop is not None and (shop.kind is not AccountKind.LOCAL or port.exists())


def until(listing: Callable[[], Result], code: int) -> Result:
    """Wait until a listing ends with a code; return it."""
    result = listing()

    def ends_so() -> bool:
        nonlocal result
        result = listing()
        return result.returncode == code

    wait_for(ends_so, f"an end with {code}, not {result.returncode}: {result.stderr}")
    return result


# ---------------------------------------------------------------- the window


def test_a_shop_that_the_window_has_open_is_listed_online_offline_and_without_its_server(
    tmp_path: Path,
) -> None:
    profile = tmp_path / "profile"
    with start_server(tmp_path / "data", items=120) as server:
        env = {"INSTICA_BASE_URL": server.base_url, "INSTICA_API_KEY": server.api_key}
        with window(profile, env=env):
            wanted = json.loads(until(lambda: listed(profile, "inventory", "--json", env=env), 0).stdout)
            assert len(wanted) == 120

            def whole() -> Result:
                found = listed(profile, "inventory", "--json", "--offline", env=env)
                assert "Nothing" not in found.stderr or not found.stdout
                enough = found.returncode == 0 and len(json.loads(found.stdout)) == 120
                return found if enough else subprocess.CompletedProcess([], -1, found.stdout, found.stderr)

            assert json.loads(until(whole, 0).stdout) == wanted
            server.kill()
            result = listed(profile, "inventory", "--json", env=env)
            assert result.returncode == 4
            assert "Warning" in result.stderr
            assert json.loads(result.stdout) == wanted


def test_the_local_shop_in_the_window_is_listed_from_the_copy(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with window(profile, "--demo"):
        result = until(lambda: listed(profile, "inventory", "--limit", "7", "--json"), 4)
        assert "Warning" in result.stderr
        assert len(json.loads(result.stdout)) == 7
        assert len(offline(profile)) >= 7


def test_the_address_may_be_written_otherwise_and_another_key_is_told(tmp_path: Path) -> None:
    with start_server(tmp_path / "data", items=10) as server:
        env = {"INSTICA_BASE_URL": server.base_url, "INSTICA_API_KEY": server.api_key}
        assert listed(tmp_path, "inventory", env=env).returncode == 0
    other = {**env, "INSTICA_BASE_URL": f" {server.base_url.replace('http', 'HTTP')}/api/v1/ "}

    same = listed(tmp_path, "inventory", "--offline", env=other)
    keyless = listed(tmp_path, "inventory", "--offline", env={**env, "INSTICA_API_KEY": "ik_another"})

    assert (same.returncode, len(same.stdout.splitlines())) == (0, 10)
    assert keyless.returncode == 3
    assert "another key" in keyless.stderr


# ---------------------------------------------------------------- the folder


def test_a_listing_beside_a_writer_is_of_one_moment(profile: Profile, tmp_path: Path) -> None:
    seen: set[str] = set()
    with working(profile, "write") as writer:
        for _ in range(6):
            records = offline(tmp_path / "profile")
            generations = {record["location"] for record in records}
            assert len(records) == ITEMS
            assert len(generations) == 1
            seen |= generations
        assert writer.poll() is None
    assert len(seen) > 1, "nothing was written meanwhile"


def test_a_window_may_open_while_a_listing_is_printed(profile: Profile, tmp_path: Path) -> None:
    with working(profile):
        pass
    folder = profile.account_folder("shop")
    with subprocess.Popen(
        [sys.executable, "-c", HELD, str(folder)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as listing:
        assert listing.stdout is not None
        assert listing.stdout.readline() == b"looking\n"
        Store.open(folder).let_go()
        listing.communicate(b"go on\n")
    assert listing.returncode == 0


@pytest.mark.skipif(
    sys.platform == "win32" or (os.geteuid() == 0 and shutil.which(NO_ROOT[0]) is None),
    reason="root may write everywhere here",
)
@pytest.mark.parametrize("end", ["closed", "die"])
def test_a_folder_that_may_only_be_read_is_listed(profile: Profile, tmp_path: Path, end: str) -> None:
    """`die`: what was written last lies in the log beside the file still."""
    with working(profile, end) as process:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)
    folder = profile.account_folder("shop")
    assert (folder / "cache.db-wal").exists() == (end == "die")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for path in folder.iterdir():
        path.chmod(0o500 if path.is_dir() else 0o400)
    for path in (folder, folder.parent, profile.data, profile.config, tmp_path / "profile"):
        path.chmod(0o500)
    try:
        assert len(offline(tmp_path / "profile", owner=True)) == ITEMS
        assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    finally:
        for path in (tmp_path / "profile", profile.config, profile.data, folder.parent, folder):
            path.chmod(0o700)


def test_what_waits_to_be_sent_is_told_and_other_kinds_are_named(profile: Profile, tmp_path: Path) -> None:
    with working(profile, "made") as process:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)

    items = listed(tmp_path / "profile", "inventory", "--json", "--offline")
    orders = listed(tmp_path / "profile", "orders", "--json", "--offline")

    assert (items.returncode, len(json.loads(items.stdout))) == (0, ITEMS)
    assert "One more was made here" in items.stderr
    assert (orders.returncode, orders.stdout) == (3, "")
    assert "Nothing" not in orders.stderr
    assert "items are" in orders.stderr


def test_a_damaged_copy_is_called_damaged_and_left_alone(profile: Profile, tmp_path: Path) -> None:
    with working(profile):
        pass
    file = profile.account_folder("shop") / "cache.db"
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    file.write_bytes(spoilt := b"no database " * 1000)

    result = listed(tmp_path / "profile", "inventory", "--offline")

    assert result.returncode == 1
    assert "damaged" in result.stderr
    assert file.read_bytes() == spoilt


def test_a_window_that_opens_while_pages_are_kept_waits_a_moment(profile: Profile, tmp_path: Path) -> None:
    """Whoever holds the folder for a page only does not keep the window out."""
    with working(profile) as holder:
        assert holder.stdin is not None
        holder.stdin.close()  # it lets go in a moment
        Store.open(profile.account_folder("shop")).let_go()


def test_an_empty_kind_that_was_copied_whole_is_an_empty_list(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with start_server(tmp_path / "data") as server:
        env = {"INSTICA_BASE_URL": server.base_url, "INSTICA_API_KEY": server.api_key}
        with window(profile, env=env):
            result = until(lambda: listed(profile, "orders", "--json", "--offline", env=env), 0)
    assert json.loads(result.stdout) == []
