"""The program as it is installed, on a real display: find a record, grade it, quit, come back."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.display import Display, missing, program, wait_for

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(240),
    pytest.mark.skipif(
        bool(missing()) and not os.environ.get("CI"), reason=f"not installed here: {', '.join(missing())}"
    ),
]


@pytest.fixture
def display(tmp_path: Path) -> Iterator[Display]:
    shown = Display(tmp_path)
    try:
        yield shown
    finally:
        shown.close()


def colours(picture: Path) -> int:
    """Return how many colours a picture has; a window that paints nothing has few."""
    with Image.open(picture) as image:
        return len(image.convert("RGB").getcolors(1 << 24) or ())


def open_window(display: Display, *arguments: str) -> subprocess.Popen[bytes]:
    app = display.app(*arguments)
    wait_for(display.window, "the window")
    return app


def listed(profile: Path, *more: str) -> list[dict[str, object]]:
    """Return the copies that the command line finds in a profile."""
    wanted = ("list", "inventory", "--json", "--search", "kind of blue", *more)
    command = [program(), "--profile", str(profile), *wanted]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    return json.loads(ended.stdout) if ended.returncode == 0 else []


def test_a_record_is_found_graded_and_still_there_at_the_next_start(display: Display, tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    app = open_window(display, "--profile", str(profile), "run", "--demo")
    wait_for(lambda: colours(display.picture("open")) > 2000, "rows with pictures")
    window = display.window()
    display.xdotool("windowfocus", "--sync", window)
    display.xdotool("key", "ctrl+f")
    display.xdotool("type", "--delay", "30", "kind of blue")
    wait_for(lambda: listed(profile, "--offline"), "what is searched is in the copy")
    display.xdotool("key", "Return")
    display.xdotool("key", "--delay", "400", "Return", "3")
    display.xdotool("key", "ctrl+q")
    assert app.wait(30) == 0

    log = (display.folder / "app.log").read_text()
    assert "Traceback" not in log
    records = listed(profile)
    assert records
    assert "ex" in {record["condition_item"] for record in records}

    again = open_window(display, "--profile", str(profile))
    wait_for(lambda: colours(display.picture("again")) > 2000, "rows at the next start")
    display.xdotool("windowfocus", "--sync", display.window())
    display.xdotool("key", "ctrl+q")
    assert again.wait(30) == 0


def test_the_tour_passes_on_a_real_display(display: Display, tmp_path: Path) -> None:
    out = tmp_path / "tour"
    tour = display.start([program(), "tour", "--out", str(out)], "tour")

    code = tour.wait(200)

    log = (display.folder / "tour.log").read_text()
    assert code == 0, log
    steps = json.loads((out / "tour.json").read_text())["steps"]
    assert {step["theme"] for step in steps} == {"light", "dark"}
    for step in steps:
        assert all(check["ok"] for check in step["checks"]), step
        assert colours(out / step["picture"]) > 500, step["picture"]
