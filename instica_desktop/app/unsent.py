"""Unsent edits as a file a person can read and keep: JSON, with the photos that wait inside it."""

import asyncio
import base64
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.core.ages import utc_now
from instica_desktop.core.describe import describe
from instica_desktop.core.errors import StoreError
from instica_desktop.core.operations import Operation
from instica_desktop.store.blobs import Blobs
from instica_desktop.store.store import Store
from instica_desktop.system.files import write_atomically

NAME = "unsent edits.json"
FILTER = "JSON (*.json)"


async def export_unsent(store: Store, path: Path) -> None:
    """Write every unsent edit of a shop into one file, readable by this user only.

    Raises:
        StoreError: it cannot be written; nothing of it is there then.
    """
    operations = store.outbox.all()
    try:
        await asyncio.to_thread(_write, operations, store.blobs, path)
    except OSError as error:
        raise StoreError(
            "The file could not be written. Choose another place, or make room there.", details=str(error)
        ) from error


def _write(operations: list[Operation], photos: Blobs, path: Path) -> None:
    content = {
        "what": "Edits made in Instica Desktop that have not been sent",
        "written": utc_now(),
        "edits": [_entry(operation, photos) for operation in operations],
    }
    write_atomically(path, msgspec.json.format(msgspec.json.encode(content), indent=2))


def _entry(operation: Operation, photos: Blobs) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "record": operation.title,
        "change": describe(operation),
        "operation": operation,
    }
    if "blob" in operation.payload:
        picture = photos.path(str(operation.payload["blob"]))
        entry["photo"] = base64.b64encode(picture.read_bytes()).decode() if picture.exists() else None
    return entry
