"""What is kept of records that are deleted, so that they can be made again: files named by their SHA-256.

One file holds what up to 500 records looked like, packed; photos are files of their own. They stay while
somebody holds their names; the next start sweeps the rest.
"""

import asyncio
import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from instica_desktop.core.errors import (
    AddressError,
    NetworkError,
    Rejected,
    ServerTrouble,
    StoreError,
    Unreachable,
)
from instica_desktop.core.operations import Operation
from instica_desktop.store.store import Store

if TYPE_CHECKING:
    from instica_desktop.api import InsticaClient


MOST_TRIES = 5
"""How often a picture that cannot be fetched holds a deletion up."""


class Keepsake(msgspec.Struct, frozen=True):
    """One record as the user saw it. `waiting` are the operations that went with one that was never sent."""

    uid: str
    record: msgspec.Raw
    waiting: tuple[Operation, ...] = ()


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Keepsake]).decode


async def keep(store: Store, records: Sequence[Keepsake]) -> str:
    """Keep records in a file and return its name, which is held."""
    packed = await asyncio.to_thread(lambda: zlib.compress(_encode(records), 1))
    return await store.blobs.put(packed)


async def kept(store: Store, name: str) -> dict[str, Keepsake]:
    """Return the records of a file, by uid.

    Raises:
        StoreError: it is not here any more.
    """
    try:
        found = await asyncio.to_thread(lambda: _decode(zlib.decompress(store.blobs.path(name).read_bytes())))
    except (OSError, ValueError, zlib.error, msgspec.DecodeError) as error:
        raise StoreError(
            "What was kept of it is not on this computer any more.", details=str(error)
        ) from error
    return {one.uid: one for one in found}


def names_of(record: Mapping[str, Any]) -> list[str]:
    """Return the names of a record's photos."""
    return [str(one["sha256"]) for one in record.get("assets") or () if one.get("sha256")]


async def release(store: Store, names: Iterable[str]) -> None:
    """End the holding of files; the next start sweeps them."""
    for name in names:
        await store.blobs.release(name)


async def fetch_wanted(
    client: "InsticaClient", store: Store, record: Mapping[str, Any], tries: int = 0
) -> None:
    """Fetch those photos of a record that somebody holds and that are not here; what is gone cannot be kept.

    Raises:
        InsticaError: the server cannot be reached just now; after so many `tries` they are given up.
    """
    for asset in record.get("assets") or ():
        name, address = str(asset.get("sha256") or ""), str(asset.get("image") or "")
        if name and store.blobs.is_held(name) and not store.blobs.path(name).exists():
            content = await _fetched(client, store, address, tries)
            if content is not None and hashlib.sha256(content).hexdigest() == name:
                await store.blobs.release(await store.blobs.put(content))


async def fetch_unnamed(
    client: "InsticaClient", store: Store, record: Mapping[str, Any], tries: int = 0
) -> None:
    """Have those pictures on this computer whose content has no name: of a product, and drawn sleeves.

    Raises like `fetch_wanted`.
    """
    unnamed = [one.get("image") for one in record.get("assets") or () if not one.get("sha256")]
    for address in filter(None, (record.get("product_image"), *unnamed)):
        content = await _fetched(client, store, address, tries)
        if content is not None:
            await store.cache.put_image(address.removeprefix(client.origin), content)


async def _fetched(client: "InsticaClient", store: Store, address: str, tries: int) -> bytes | None:
    known = await store.cache.get_image(address.removeprefix(client.origin))
    if known is not None:
        return known
    try:
        return (await client.fetch(address)).content
    except (Rejected, AddressError):
        return None
    except (NetworkError, ServerTrouble) as error:
        elsewhere = isinstance(error, Unreachable) and not address.startswith(client.origin)
        if elsewhere or tries >= MOST_TRIES:
            return None  # a picture that cannot be had does not hold up a deletion for ever
        raise
