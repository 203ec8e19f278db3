"""The project's own files agree with each other: versions, bounds, the lock, and what the README promises."""

import plistlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import instica_desktop

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-lint.lock", "requirements-package.lock")


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def _project() -> dict[str, Any]:
    return tomllib.loads(_text("pyproject.toml"))["project"]


def _name(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def _locked(name: str) -> dict[str, str]:
    """Return package → version of a lock file."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", _text(name), re.MULTILINE))


def test_the_version_is_written_once_and_again_the_same() -> None:
    assert instica_desktop.__version__ == _project()["version"]


def test_the_packages_carry_the_version() -> None:
    version = _project()["version"]
    plist = plistlib.loads((ROOT / "packaging/macos/Info.plist").read_bytes())
    assert {plist["CFBundleShortVersionString"], plist["CFBundleVersion"]} == {version}
    block = _text("packaging/windows/version_info.txt")
    numbers = ", ".join(version.split("."))
    assert re.findall(r"(?:filevers|prodvers)=\((.*?), 0\)", block) == [numbers, numbers]
    assert re.findall(r'"(?:File|Product)Version", "(.*?)"', block) == [version, version]


def test_the_menu_entry_is_the_one_the_window_names() -> None:
    # Wayland shows the icon of the desktop file whose name the window gives.
    named = re.search(r'setDesktopFileName\("(.+?)"\)', _text("instica_desktop/app/window.py"))
    assert named
    assert (ROOT / f"packaging/linux/{named[1]}.desktop").is_file()
    assert f"{named[1]}.desktop" in _text("packaging/linux/com.instica.Desktop.metainfo.xml")


def test_qt_stays_below_the_release_that_aborts_on_python_3_11() -> None:
    # PySide6 6.12 miscounts references to None on Python 3.11. Lift both together.
    bound = next(d for d in _project()["dependencies"] if d.startswith("PySide6-Essentials"))
    assert _project()["requires-python"] == ">=3.11"
    assert "<6.12" in bound
    assert tuple(map(int, _locked("requirements.lock")["pyside6-essentials"].split(".")[:2])) < (6, 12)


def test_sqlite_is_past_the_race_in_its_write_ahead_log() -> None:
    assert tuple(map(int, _locked("requirements.lock")["apsw"].split(".")[:3])) >= (3, 51, 3)


def test_everything_asked_for_is_locked() -> None:
    extras = _project()["optional-dependencies"]
    wanted = [*_project()["dependencies"], *extras["test"], "hatchling", "editables"]
    assert {_name(w) for w in wanted} <= _locked("requirements.lock").keys()


@pytest.mark.parametrize("lock", LOCKS)
def test_each_locked_package_has_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", _text(lock))
    pinned = [entry for entry in entries if "==" in entry]
    assert len(pinned) == len(_locked(lock)) > 5
    assert not [entry.split()[0] for entry in pinned if "--hash=sha256:" not in entry]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_download_from(lock: str) -> None:
    assert not re.findall(r"\S*(?:://|--index|--extra-index|--find-links|file:)\S*", _text(lock))


def test_the_server_and_the_window_share_one_entry_point() -> None:
    assert _project()["scripts"] == {"instica-desktop": "instica_desktop.app.cli:main"}


def test_the_package_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "instica_desktop", "--version"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert instica_desktop.__version__ in answer.stdout


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(page: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", _text(page))
    assert targets
    assert not [target for target in targets if not (ROOT / target).is_file()]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_commands_in_the_pages_exist(page: str) -> None:
    offered = set(re.findall(r"^([a-z-]+):", _text("Makefile"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", _text(page), re.MULTILINE))
    assert named
    assert named <= offered


def test_every_offered_command_is_explained() -> None:
    makefile = _text("Makefile")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == set(re.findall(r"^([a-z-]+):.*## \w", makefile, re.MULTILINE))
