"""Sending CSV files to the in-process server and doing the jobs they become."""

import io
import json
from typing import Any

from tests.server.shop import Shop


def send(shop: Shop, content: bytes | str, mapping: Any = None, **fields: Any) -> Any:
    """POST a file to be imported, its amounts in dollars; fields in capitals are headers.

    With `currency=""` the file has to say itself what its amounts are in.
    """
    fields.setdefault("currency", "USD")
    headers = {key: fields.pop(key) for key in list(fields) if key.isupper()}
    file = io.BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = "table.csv"
    if mapping is not None:
        fields["mapping"] = mapping if isinstance(mapping, str) else json.dumps(mapping)
    return shop.client.post("/api/v1/inventory/import/", {"file": file, **fields}, **headers)


def work(shop: Shop, uid: str) -> dict[str, Any]:
    """Do a job here and now; returns how it stands."""
    from instica_desktop.server.jobs.run import run_ready, worker_name

    run_ready(worker_name(), uid=uid)
    return shop.get(f"inventory/import/{uid}/").json()


def imported(shop: Shop, content: bytes | str, mapping: Any = None, **fields: Any) -> dict[str, Any]:
    """Import a file to the end; returns the job as it then stands."""
    response = send(shop, content, mapping, **fields)
    assert response.status_code == 202, response.content
    assert response.json()["status"] == "queued"
    return work(shop, response.json()["uid"])


def counts(job: dict[str, Any]) -> tuple[Any, ...]:
    """Return status, rows, and rows created, updated, skipped."""
    return tuple(job[name] for name in ("status", "processed", "created", "updated", "skipped"))


def items(shop: Shop, **query: Any) -> list[dict[str, Any]]:
    """Return the shop's items, oldest first."""
    response = shop.get("inventory/", {"page_size": 100, "ordering": "created", **query})
    assert response.status_code == 200, response.content
    return response.json()["results"]


def rows_of(shop: Shop, job: dict[str, Any], result: str = "") -> list[dict[str, Any]]:
    """Return what became of a job's rows, in the order of the file."""
    found: list[dict[str, Any]] = []
    query = {"result": result} if result else {}
    for page in range(1, 1000):
        response = shop.get(f"inventory/import/{job['uid']}/rows/", {"page": page, **query})
        assert response.status_code == 200, response.content
        found += response.json()["results"]
        if response.json()["next"] is None:
            break
    return found


def results(shop: Shop, job: dict[str, Any]) -> list[str]:
    """Return the result of each row."""
    return [row["result"] for row in rows_of(shop, job)]


def table(*rows: dict[str, str]) -> str:
    """Return a table of rows, which may lack fields."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join('"' + row.get(name, "").replace('"', '""') + '"' for name in names) for row in rows]
    return "\r\n".join([",".join(names), *lines]) + "\r\n"
