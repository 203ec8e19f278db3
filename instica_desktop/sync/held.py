"""Files of photos that an undo will need: kept by their SHA-256 before what takes them away goes out.

They are held until the app ends; the next start sweeps what no operation names.
"""

import asyncio
from collections.abc import Awaitable, Callable

from instica_desktop.store.blobs import Blobs

PATIENCE_S = 10.0
"""How long a person is kept waiting for a file that has to be fetched."""
_BLOB = "blob:"


async def keep(
    blobs: Blobs,
    sha256: str | None,
    address: str | None,
    picture: Callable[[str], Awaitable[bytes | None]],
) -> str:
    """Keep a photo's file. Returns its SHA-256, empty when the file cannot be had just now.

    `sha256` names it where that is known, `picture` returns what stands at its address, or None.
    """
    address = address or ""
    known = sha256 or address.removeprefix(_BLOB) * address.startswith(_BLOB)
    if known and await held(blobs, known):
        return known
    try:
        async with asyncio.timeout(PATIENCE_S):
            content = await picture(address) if address else None
    except TimeoutError:
        return ""
    return await blobs.put(content) if content else ""


async def held(blobs: Blobs, sha256: str) -> bool:
    """Hold a photo that is here; False when it is not."""
    await blobs.hold([sha256])
    if blobs.path(sha256).exists():
        return True
    await blobs.release(sha256)
    return False
