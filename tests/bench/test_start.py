"""Start to first painted rows from the cache, against a bare PySide6 window in the same run."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.server.fixture import ROOT, start_server

RUNS = 15

BARE = """
import sys, os
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        os.write(1, b"painted"); os._exit(0)
app = QApplication(["bare"])
window = Window(); window.resize(1440, 900); window.show()
app.exec()
"""

OURS = """
import sys, os
from pathlib import Path
from instica_desktop.system.paths import Profile
from instica_desktop.app.window import run_window
from instica_desktop.qtkit.spare import spare_source_search
spare_source_search()  # as run_window does before it reads our own modules
from instica_desktop.qtkit.entity_table import EntityTableView
paint = EntityTableView.paintEvent
def painted(self, event):
    paint(self, event)
    if self.table_model.row(0) is not None:
        os.write(1, b"painted"); os._exit(0)
EntityTableView.paintEvent = painted
sys.exit(run_window(Profile.at(Path(sys.argv[1])).create(), demo=False))
"""


def seconds(code: str, *arguments: str, env: dict[str, str]) -> float:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        timeout=60,
        check=False,
    )
    taken = time.perf_counter() - started
    assert done.stdout.endswith(b"painted"), done.stderr.decode()
    return taken


def test_start_to_first_rows(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    with start_server(tmp_path / "shop", items=2000) as server:
        usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        env = {**usual, "INSTICA_BASE_URL": server.base_url, "INSTICA_API_KEY": server.api_key}
        command = [
            sys.executable,
            "-m",
            "instica_desktop",
            "--profile",
            str(profile),
            "list",
            "inventory",
            "--json",
        ]
        subprocess.run(command, cwd=ROOT, env=env, capture_output=True, timeout=60, check=True)
        pairs = [(seconds(OURS, str(profile), env=env), seconds(BARE, env=env)) for _ in range(RUNS + 1)][1:]
    ratios = [ours / bare for ours, bare in pairs]
    ours, bare = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(
        f"\nstart to first rows {ours:.2f} s, bare window {bare:.2f} s, "
        f"ratio median {statistics.median(ratios):.2f} (min {min(ratios):.2f}, max {max(ratios):.2f})"
    )
