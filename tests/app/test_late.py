"""The first rows do not wait for code that only acts: none of it is read before the first paint."""

import subprocess
import sys

from tests.server.fixture import ROOT

BEFORE_THE_FIRST_ROWS = ("instica_desktop.app.application", "instica_desktop.features.inventory.view")
LATER = (
    "httpx",
    "django",
    "instica_desktop.app.leaving",
    "instica_desktop.app.local_server",
    "instica_desktop.core.merge3",
    "instica_desktop.features.activity",
    "instica_desktop.features.orders",
    "instica_desktop.features.products",
    "instica_desktop.features.signin",
    "instica_desktop.features.storage",
    "instica_desktop.qtkit.dialogs",
    "instica_desktop.store.care",
    "instica_desktop.store.checking",
    "instica_desktop.sync.courier",
    "instica_desktop.sync.delivery",
    "instica_desktop.sync.desk",
    "instica_desktop.sync.export",
    "instica_desktop.sync.mirror.scan",
    "instica_desktop.sync.push",
)


def test_what_acts_is_read_after_the_first_rows() -> None:
    read = f"""
import importlib, sys
for module in {BEFORE_THE_FIRST_ROWS}:
    importlib.import_module(module)
print(*sorted(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", read], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = done.stdout.split()
    assert "instica_desktop.sync.shop" in modules
    assert [name for name in LATER if name in modules] == []
