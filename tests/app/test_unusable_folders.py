"""A profile, home or shop folder that cannot be used: each command says so, without a traceback.

A file in a folder's place and a folder of the kernel refuse root as well; rights alone would not.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from instica_desktop.system.paths import Profile
from tests.server.fixture import ROOT

if sys.platform == "win32":
    pytest.skip("there are no terminals of this kind on Windows", allow_module_level=True)
else:
    import pty

COMMANDS = (
    ("list", "inventory"),
    ("list", "inventory", "--offline"),
    ("doctor",),
    ("doctor", "--json"),
    ("doctor", "--check"),
    ("doctor", "--repair"),
    ("doctor", "--back-up"),
    ("doctor", "--backups"),
    ("doctor", "--reset-copy"),
    ("doctor", "--restore", "newest"),
)
WINDOWS = ((), ("run",), ("run", "--demo"))

Broken = Callable[[Path], Path]


def a_file(folder: Path) -> Path:
    (folder / "profile").write_text("not a folder")
    return folder / "profile"


def below_a_file(folder: Path) -> Path:
    return a_file(folder) / "deeper"


def of_the_kernel(folder: Path) -> Path:
    return Path("/proc/self/profile") if sys.platform == "linux" else below_a_file(folder)


BROKEN = (a_file, below_a_file, of_the_kernel)


def run(*arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run a command whose words go to a terminal, as a person's do: nobody there needs a window for them."""
    terminal, end = pty.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as screen:
        done = subprocess.run(
            [sys.executable, "-m", "instica_desktop", *arguments],
            cwd=ROOT,
            env={**os.environ, **env},
            stdout=subprocess.PIPE,
            stderr=end,
            encoding="utf-8",
            timeout=50,
            check=False,
        )
        os.close(end)
        said = b""
        try:
            while chunk := screen.read(4096):
                said += chunk
        except OSError:
            pass  # how a terminal says that the other end is closed
    done.stderr = said.decode("utf-8")
    return done


def sentence(result: "subprocess.CompletedProcess[str]") -> str:
    """Return the one sentence that was said instead of anything else."""
    assert result.returncode not in (0, None)
    assert "Traceback" not in result.stderr + result.stdout
    words = result.stderr.strip()
    assert words.endswith("."), words
    assert "[Errno" not in words
    return words


@pytest.mark.parametrize("broken", BROKEN)
def test_a_profile_that_cannot_be_is_said(tmp_path: Path, broken: Broken) -> None:
    profile = broken(tmp_path)
    assert sentence(run("--profile", str(profile), "doctor", "--check"))


@pytest.mark.parametrize("command", [*COMMANDS, *WINDOWS], ids=" ".join)
def test_every_command_says_it(tmp_path: Path, command: tuple[str, ...]) -> None:
    result = run("--profile", str(below_a_file(tmp_path)), *command)
    assert sentence(result)


@pytest.mark.parametrize(
    "command", [("list", "inventory"), ("doctor",), ("doctor", "--check"), ()], ids=" ".join
)
def test_a_home_that_cannot_be_used_is_said(tmp_path: Path, command: tuple[str, ...]) -> None:
    unset = {f"XDG_{name}_HOME": "" for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    assert sentence(run(*command, HOME=str(below_a_file(tmp_path)), **unset))


@pytest.mark.parametrize(
    "command",
    [
        ("serve", "--data"),
        ("serve", "--demo", "--data"),
        ("seed", "--items", "3", "--data"),
        ("simulate", "--orders", "1", "--data"),
        ("tour", "--out"),
    ],
    ids=" ".join,
)
def test_a_folder_of_a_shop_or_of_pictures_that_cannot_be_is_said(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    folder = below_a_file(tmp_path)
    assert str(folder.parent) in sentence(run(*command, str(folder)))


@pytest.mark.parametrize("broken", BROKEN)
def test_a_folder_to_serve_that_cannot_be_is_said(tmp_path: Path, broken: Broken) -> None:
    assert sentence(run("serve", "--data", str(broken(tmp_path))))


def test_a_backup_that_cannot_be_written_or_taken_back_is_said(tmp_path: Path) -> None:
    blocked = below_a_file(tmp_path)
    shop = tmp_path / "shop"
    assert run("seed", "--items", "1", "--data", str(shop)).returncode == 0
    assert sentence(run("backup", "--data", str(shop), "--to", str(blocked / "shop.tar")))
    assert run("backup", "--data", str(shop), "--to", str(tmp_path / "shop.tar")).returncode == 0
    assert sentence(run("restore", "--from", str(tmp_path / "shop.tar"), "--data", str(blocked)))
    assert sentence(run("restore", "--from", str(blocked), "--data", str(tmp_path / "other")))


@pytest.mark.parametrize("name", ["local-shop", "logs"])
def test_a_local_shop_that_cannot_be_opened_is_said(tmp_path: Path, name: str) -> None:
    profile = Profile.at(tmp_path / "profile").create()
    profile.settings_file.write_text(
        '{"last_account": "local", "accounts": [{"id": "local", "base_url": "", "kind": "local"}]}'
    )
    if name == "logs":
        (profile.logs / "local-server.log").mkdir()
    else:
        profile.local_shop.write_text("not a folder")
    result = run("--profile", str(tmp_path / "profile"), "list", "inventory")
    assert "local shop could not be opened" in sentence(result)
