"""A server of one desk does not hold libraries that nothing in it uses."""

import subprocess
import sys
from pathlib import Path

from tests.server.fixture import ROOT

ASK = """
import sys
from pathlib import Path
from instica_desktop.server.settings import configure
configure(Path(sys.argv[1]), hosts=())
import instica_desktop.server.urls
unused = [name for name in ("requests", "pygments", "psycopg") if name in sys.modules]
import pygments
print(unused, pygments.__name__)
"""


def test_what_the_framework_could_use_is_not_imported_and_can_be(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[0] == "[] pygments"
