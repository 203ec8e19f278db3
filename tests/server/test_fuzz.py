"""Invented requests against the live server: schemathesis makes them from the OpenAPI schema.

Every answer must be one that the schema describes, never a 500, and what violates the schema must be refused.
More examples: `FUZZ_EXAMPLES=200 make test ARGS=tests/server/test_fuzz.py`.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.fixture import CATALOGUE, RunningServer

EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "4")
PHASES = {
    # The coverage phase takes optional lists for required ones (seen with 4.32): it may not judge refusals.
    "coverage": ("coverage", "positive_data_acceptance,negative_data_rejection"),
    "fuzzing": ("examples,fuzzing", "positive_data_acceptance"),
}
OWN_KEY = r"api-keys/\{|auth/logout|user/password"
"""Operations that would take away the credential the requests are made with."""


class Unlimited(RunningServer):
    """A server that answers however often it is asked."""

    module = "tests.support.unlimited_server"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """Run a server on a small shop."""
    with Unlimited(tmp_path / "shop") as running:
        running.start("--demo", "--items", "40", "--catalogue", str(CATALOGUE))
        yield running


@pytest.mark.timeout(600)
@pytest.mark.parametrize("phase", PHASES)
def test_no_invented_request_breaks_the_schema(phase: str, server: RunningServer, tmp_path: Path) -> None:
    phases, excluded = PHASES[phase]
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{server.base_url}/api/schema/"),
        *("--header", f"X-API-Key: {server.api_key}"),
        *("--phases", phases, "--max-examples", EXAMPLES, "--seed", "1", "--workers", "1"),
        *("--exclude-checks", excluded, "--exclude-path-regex", OWN_KEY),
        *("--no-color", "--generation-database", "none"),
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=540, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    log = (server.data_dir.parent / f"{server.data_dir.name}.log").read_text(encoding="utf-8")
    assert "Traceback" not in log
