"""What there is a handful of is read each by itself: one a server does not give costs no other."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from instica_desktop.core import errors
from instica_desktop.core.ages import utc_now
from instica_desktop.store.store import Store
from instica_desktop.sync.mirror.documents import Documents
from tests.sync.world import FAST

Source = Callable[[], Awaitable[bytes]]


class Server:
    """Gives the plan, and says otherwise of the marketplaces until it has them."""

    def __init__(self, error: errors.InsticaError) -> None:
        self.error: errors.InsticaError | None = error
        self.asked: list[str] = []

    def sources(self) -> dict[str, Source]:
        async def platforms() -> bytes:
            self.asked.append("platforms")
            if self.error is not None:
                raise self.error
            return b"[]"

        async def plan() -> bytes:
            self.asked.append("plan")
            return b"{}"

        return {"platforms": platforms, "plan": plan}


async def _read(folder: Path, server: Server, times: int) -> dict[str, bytes | None]:
    store = Store.open(folder)
    try:
        tables = store.cache.mirror
        documents = Documents(server.sources(), tables, FAST, utc_now)
        for _ in range(times):
            await documents.read()
        return {name: tables.document(name) for name in ("platforms", "plan")}
    finally:
        await store.close()


@pytest.mark.parametrize(
    "error",
    [
        errors.NotOffered("x"),
        errors.Forbidden("x"),
        errors.NotFound("x"),
        errors.ServerTrouble("x", status=500),
    ],
)
async def test_one_that_cannot_be_had_holds_up_no_other_and_is_asked_for_rarely(
    tmp_path: Path, error: errors.InsticaError
) -> None:
    server = Server(error)
    assert await _read(tmp_path, server, 5) == {"platforms": None, "plan": b"{}"}
    assert server.asked == ["platforms", "plan"]


async def test_one_is_asked_for_again_when_the_server_may_have_it(tmp_path: Path) -> None:
    server = Server(errors.NotOffered("x", again=0.0))
    await _read(tmp_path, server, 3)
    assert server.asked == ["platforms", "plan", "platforms", "platforms"]


@pytest.mark.parametrize("error", [errors.Unreachable("x"), errors.SignedOut("x"), errors.NotInstica("x")])
async def test_what_concerns_the_whole_server_is_said(tmp_path: Path, error: errors.InsticaError) -> None:
    with pytest.raises(type(error)):
        await _read(tmp_path, Server(error), 1)
