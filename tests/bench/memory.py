"""What the program and its local server hold in memory: idle, after use, and while use goes on.

Run by hand: `python -m tests.bench.memory [ITEMS] [--rounds 5] [--minutes N] [--profile DIR]`. Needs Xvfb,
openbox and xdotool, and Linux: the figures are those of `/proc/PID/smaps_rollup`, Pss (its own and its
share of what several processes have) and Rss. The program is started on a local shop whose copy is whole (a
profile that holds one is used and worked on). One round of use scrolls, searches, goes from record to
record in the pane, changes the grade of some, and visits the other screens, by the keyboard. `--minutes 60`
goes on for an hour. Wanted: idle at most 120 MiB for the program and 90 for the server, and no growth from
round to round.
"""

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.local_copy import ITEMS, fill_profile
from tests.e2e.display import Display, wait_for

ROUNDS = 5
CALM = 15.0
"""Seconds in which what was begun ends before memory is looked at."""
USE = (
    *(("Next",) * 8, ("End",), ("Prior",) * 8, ("Home",)),  # scroll
    *(("Down",) * 12,),  # from record to record
    *(("F4", "Right", "Escape"), ("Down", "F4", "Left", "Escape")),  # edit
    *(("ctrl+2",), ("Down",) * 5, ("ctrl+3",), ("Down",) * 5, ("ctrl+1",)),
)
SEARCHES = ("blue", "john col", "listed", "a-03", "love")


def held(pid: int) -> tuple[float, float]:
    """Return Pss and Rss of a process in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text()
    pss, rss = (int(re.findall(rf"^{name}:\s+(\d+)", lines, re.MULTILINE)[0]) for name in ("Pss", "Rss"))
    return pss / 1024, rss / 1024


def server_of(pid: int) -> int:
    """Return the process of the local server, once there is one."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    wait_for(lambda: children.read_text().split(), "the local server")
    return int(children.read_text().split()[0])


def show(when: str, pid: int) -> None:
    """Print a line of figures, once what was begun has ended."""
    time.sleep(CALM)
    (app, app_rss), (server, server_rss) = held(pid), held(server_of(pid))
    print(
        f"{when:14} program {app:4.0f} ({app_rss:4.0f})   server {server:4.0f} ({server_rss:4.0f})",
        flush=True,
    )


def use(display: Display) -> None:
    """Use the window once, as a person does in some minutes."""
    for keys in USE:
        display.xdotool("key", "--delay", "120", *keys)
        time.sleep(0.3)
    for words in SEARCHES:
        display.xdotool("key", "ctrl+f")
        display.xdotool("type", "--delay", "80", words)
        time.sleep(0.5)
        display.xdotool("key", "--delay", "120", *("Down",) * 6)
    display.xdotool("key", "ctrl+f", "ctrl+a", "BackSpace", "Down")


def measure(profile: Path, folder: Path, rounds: int, minutes: float) -> None:
    """Start the program, and print what it holds before, between and after rounds of use."""
    display = Display(folder)
    try:
        command = [sys.executable, "-m", "instica_desktop", "--profile", str(profile), "run"]
        program = display.start(command, "ours")
        wait_for(display.window, "the window")
        print("MiB: Pss (Rss)")
        show("idle", program.pid)
        display.xdotool("windowfocus", "--sync", display.window())
        began, number = time.monotonic(), 0
        while number < rounds or time.monotonic() - began < minutes * 60:
            number += 1
            use(display)
            show(f"after round {number}", program.pid)
    finally:
        display.close()


def main() -> None:
    """Make what is missing and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("items", type=int, nargs="?", default=ITEMS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--minutes", type=float, default=0, help="go on for at least so long")
    parser.add_argument("--profile", type=Path, help="a local shop's profile, made if it is not there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="instica-bench-") as temporary:
        folder = Path(temporary)
        profile: Path = asked.profile or folder / "profile"
        fill_profile(profile, asked.items)
        measure(profile, folder, asked.rounds, asked.minutes)


if __name__ == "__main__":
    main()
