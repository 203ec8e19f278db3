"""Every row of the contract: answered by the server, asked for by the client, proven by a contract test."""

import json
import os
import re
import urllib.request

from tests.api.coverage import by_endpoint, calls_in_tests, client_calls
from tests.api.endpoints import ENDPOINTS, Endpoint
from tests.server.fixture import ROOT, RunningServer

TABLE = ROOT / "docs" / "api-coverage.md"
FOR_TOOLS = ("GET", "/api/schema/")
"""What no method of the client is for."""
BEYOND = {
    ("GET", "/api/v1/orders/{}/shipments/{}/"),
    ("GET", "/api/v1/inventory/{}/assets/{}/"),
    ("GET", "/api/v1/inventory/{}/listings/{}/"),
    ("GET", "/api/v1/marketplace/connections/{}/"),
    ("GET", "/api/v1/organization/{}/team/{}/"),
    ("GET", "/api/v1/organization/{}/addresses/{}/"),
}
"""Single records that a list holds whole; served because a record that can be changed can be read."""
_HEAD = """# The API, endpoint by endpoint

Written by `UPDATE_COVERAGE=1 make test ARGS=tests/api/test_coverage.py`; the test fails where a cell is empty
or this page is out of date. D is published by Instica; O is ours, see [api.md](api.md).

| Section | | Method | Path | Server | Client | Contract tests |
|---|---|---|---|---|---|---|
"""


def _served(server: RunningServer) -> dict[tuple[str, str], str]:
    """Return the operations of the running server: (method, path with nameless placeholders) → its name."""
    with urllib.request.urlopen(f"{server.base_url}/api/schema/", timeout=30) as answer:
        paths = json.load(answer)["paths"]
    return {
        (method.upper(), re.sub(r"\{[^}]+\}", "{}", path)): operation["operationId"]
        for path, methods in paths.items()
        for method, operation in methods.items()
        if isinstance(operation, dict)
    }


def _nameless(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.method, re.sub(r"\{[^}]+\}", "{}", endpoint.path)


async def _rows(server: RunningServer) -> list[tuple[Endpoint, str, str, str]]:
    served, asked, tested = _served(server), by_endpoint(await client_calls(), ENDPOINTS), calls_in_tests()
    rows: list[tuple[Endpoint, str, str, str]] = []
    for endpoint in ENDPOINTS:
        methods = sorted(asked[endpoint])
        files = sorted(
            {file for name in methods for file in tested[name] | tested[f"*.{name.split('.')[1]}"]}
        )
        rows.append((endpoint, served.get(_nameless(endpoint), ""), ", ".join(methods), ", ".join(files)))
    return rows


async def test_no_cell_is_empty(shop: RunningServer) -> None:
    missing = [
        f"{endpoint.method} {endpoint.path}: no {name}"
        for endpoint, *cells in await _rows(shop)
        for name, cell in zip(("server", "client", "contract test"), cells, strict=True)
        if not cell and (endpoint.method, endpoint.path) != FOR_TOOLS
    ]
    assert missing == []


async def test_the_server_has_nothing_the_contract_does_not_name(shop: RunningServer) -> None:
    named = {_nameless(endpoint) for endpoint in ENDPOINTS} | BEYOND
    assert {operation for operation in _served(shop) if operation[1].startswith("/api/")} - named == set()


async def test_the_table_in_the_docs_is_the_true_one(shop: RunningServer) -> None:
    lines = [
        f"| {endpoint.section} | {endpoint.mark} | {endpoint.method} | `{endpoint.path}` | "
        + " | ".join(cell or "–" for cell in cells)
        + " |"
        for endpoint, *cells in await _rows(shop)
    ]
    page = _HEAD + "\n".join(lines) + "\n"
    if os.environ.get("UPDATE_COVERAGE"):
        TABLE.write_text(page, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == page
