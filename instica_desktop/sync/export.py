"""Unsent changes as a file one can read without this program: JSON, a CSV summary, the waiting photos.

The file takes its place only when it is whole, and only this user may read it: it can hold buyers' notes.
Keys are masked in it, wherever a server may have repeated one.
"""

import asyncio
import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.core.describe import describe
from instica_desktop.core.operations import Operation
from instica_desktop.store.blobs import Blobs
from instica_desktop.store.files import replacing, speaking
from instica_desktop.store.store import Store
from instica_desktop.system.logs import known_secrets

Progress = Callable[[int, int], None]
"""(done, of), in the event loop's thread."""
COLUMNS = ("Made", "What", "Record", "Change", "State", "Message", "Photo")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a cell."""


async def export(store: Store, target: Path, now: datetime, progress: Progress | None = None) -> int:
    """Write the waiting operations into a .zip file; returns how many there are.

    Raises:
        StoreError: it could not be written; a file of that name stays as it was.
    """
    operations = store.outbox.all()
    loop = asyncio.get_running_loop()

    def tell(done: int) -> None:
        if progress is not None:
            loop.call_soon_threadsafe(progress, done, len(operations))

    await asyncio.to_thread(_write, target, operations, store.blobs, now, tell)
    return len(operations)


def _write(
    target: Path, operations: Sequence[Operation], blobs: Blobs, now: datetime, tell: Callable[[int], None]
) -> None:
    secrets = known_secrets()
    with speaking(), replacing(target, durable=True) as file, zipfile.ZipFile(file, "w") as archive:
        names = _photo_names(operations, blobs)
        summary, entries = io.StringIO(), list[Any]()
        table = csv.writer(summary)
        table.writerow(COLUMNS)
        for at, operation in enumerate(operations, 1):
            photo = names.get(operation.uuid, "")
            if photo:  # a picture is compressed already
                archive.write(blobs.path(str(operation.payload["blob"])), photo)
            table.writerow([_cell(secrets.hide(value)) for value in _summary(operation, photo)])
            entry = {**msgspec.to_builtins(operation), "words": describe(operation), "photo": photo}
            entries.append(secrets.hide_in(entry))
            tell(at)
        whole = {"exported": now, "changes": entries}
        packed = zipfile.ZIP_DEFLATED
        archive.writestr("changes.json", msgspec.json.format(msgspec.json.encode(whole)), packed)
        archive.writestr("changes.csv", "\ufeff" + summary.getvalue(), packed)


def _photo_names(operations: Sequence[Operation], blobs: Blobs) -> dict[str, str]:
    """Return the names of the photos inside the file, by operation; one that is not here has none."""
    found: dict[str, str] = {}
    for operation in operations:
        blob = str(operation.payload.get("blob") or "")
        if blob and blobs.path(blob).exists():
            kept = (
                char for char in str(operation.payload.get("name") or "") if char.isalnum() or char in "._- "
            )
            found[operation.uuid] = f"photos/{len(found) + 1:03}-{''.join(kept).strip(' .') or 'photo.jpg'}"
    return found


def _summary(operation: Operation, photo: str) -> tuple[str, ...]:
    return (
        operation.created.isoformat(),
        operation.entity.value,
        operation.title,
        describe(operation),
        operation.state.value.replace("_", " "),
        operation.message,
        photo,
    )


def _cell(text: str) -> str:
    """Return a text that a spreadsheet takes for a text."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text
