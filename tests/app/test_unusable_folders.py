"""A profile, home or shop folder that cannot be used: each command says so, without a traceback.

A file in a folder's place and a folder of the kernel refuse root as well; rights alone would not.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

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

HOMES = (("list", "inventory"), ("doctor",), ("doctor", "--check"), ())
SHOPS = (
    ("serve", "--data"),
    ("serve", "--demo", "--data"),
    ("seed", "--items", "3", "--data"),
    ("simulate", "--orders", "1", "--data"),
    ("tour", "--out"),
)
END = "— end of the command —"
IN_TURN = f"""
import json, sys, traceback
from instica_desktop.app.cli import main

for arguments in json.loads(sys.argv[1]):
    try:
        code = main(arguments)
    except SystemExit as error:
        code = error.code
    except BaseException:
        traceback.print_exc()
        code = None
    print(json.dumps(code), {END!r}, sep="\\n", flush=True)
    print({END!r}, file=sys.stderr, flush=True)
"""
"""Runs command lines one after the other: starting the program anew for each costs most of the time."""

Arguments = tuple[str, ...]
Broken = Callable[[Path], Path]


class Said(NamedTuple):
    """What a command ended with, and its words on both streams."""

    code: int | None
    out: str
    err: str


def a_file(folder: Path) -> Path:
    (folder / "profile").write_text("not a folder")
    return folder / "profile"


def below_a_file(folder: Path) -> Path:
    return a_file(folder) / "deeper"


def of_the_kernel(folder: Path) -> Path:
    return Path("/proc/self/profile") if sys.platform == "linux" else below_a_file(folder)


BROKEN = (a_file, below_a_file, of_the_kernel)


def run_in_turn(commands: Sequence[Arguments], **env: str) -> dict[Arguments, Said]:
    """Run commands whose words go to a terminal, as a person's do: nobody there needs a window for them."""
    terminal, end = pty.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as screen:
        done = subprocess.run(
            [sys.executable, "-c", IN_TURN, json.dumps(commands)],
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
    outs, errs = (text.split(END)[:-1] for text in (done.stdout, said.decode("utf-8")))
    found: dict[Arguments, Said] = {}
    for command, out, err in zip(commands, outs, errs, strict=True):
        words, _, code = out.strip().rpartition("\n")
        found[command] = Said(json.loads(code), words, err.strip())
    return found


def sentence(said: Said) -> str:
    """Return the one sentence that was said instead of anything else."""
    assert said.code not in (0, None), said
    assert "Traceback" not in said.err + said.out
    assert said.err.endswith("."), said
    assert "[Errno" not in said.err
    return said.err


def in_profile(profile: Path, *command: str) -> Arguments:
    return ("--profile", str(profile), *command)


class Tried(NamedTuple):
    """Where nothing can be, and what commands said there."""

    folder: Path
    broken: dict[Broken, Path]
    said: dict[Arguments, Said]
    homeless: dict[Arguments, Said]


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    broken = {one: one(tmp_path_factory.mktemp("broken")) for one in BROKEN}
    folder = broken[below_a_file]
    commands = [
        *(in_profile(folder, *command) for command in (*COMMANDS, *WINDOWS)),
        *(in_profile(profile, "doctor", "--check") for profile in broken.values()),
        *((*command, str(folder)) for command in SHOPS),
        *(("serve", "--data", str(profile)) for profile in broken.values()),
    ]
    unset = {f"XDG_{name}_HOME": "" for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    homeless = run_in_turn(HOMES, HOME=str(folder), **unset)
    return Tried(folder, broken, run_in_turn(list(dict.fromkeys(commands))), homeless)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_profile_that_cannot_be_is_said(tried: Tried, broken: Broken) -> None:
    assert sentence(tried.said[in_profile(tried.broken[broken], "doctor", "--check")])


@pytest.mark.parametrize("command", [*COMMANDS, *WINDOWS], ids=" ".join)
def test_every_command_says_it(tried: Tried, command: Arguments) -> None:
    assert sentence(tried.said[in_profile(tried.folder, *command)])


@pytest.mark.parametrize("command", HOMES, ids=" ".join)
def test_a_home_that_cannot_be_used_is_said(tried: Tried, command: Arguments) -> None:
    assert sentence(tried.homeless[command])


@pytest.mark.parametrize("command", SHOPS, ids=" ".join)
def test_a_folder_of_a_shop_or_of_pictures_that_cannot_be_is_said(tried: Tried, command: Arguments) -> None:
    assert str(tried.folder.parent) in sentence(tried.said[(*command, str(tried.folder))])


@pytest.mark.parametrize("broken", BROKEN)
def test_a_folder_to_serve_that_cannot_be_is_said(tried: Tried, broken: Broken) -> None:
    assert sentence(tried.said[("serve", "--data", str(tried.broken[broken]))])


def test_a_backup_that_cannot_be_written_or_taken_back_is_said(tmp_path: Path) -> None:
    blocked, shop, kept = below_a_file(tmp_path), str(tmp_path / "shop"), str(tmp_path / "shop.tar")
    seeded, unwritten, written, unplaced, unread = run_in_turn(
        [
            ("seed", "--items", "1", "--data", shop),
            ("backup", "--data", shop, "--to", str(blocked / "shop.tar")),
            ("backup", "--data", shop, "--to", kept),
            ("restore", "--from", kept, "--data", str(blocked)),
            ("restore", "--from", str(blocked), "--data", str(tmp_path / "other")),
        ]
    ).values()
    assert (seeded.code, written.code) == (0, 0)
    assert sentence(unwritten)
    assert sentence(unplaced)
    assert sentence(unread)


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
    (said,) = run_in_turn([in_profile(tmp_path / "profile", "list", "inventory")]).values()
    assert "local shop could not be opened" in sentence(said)
