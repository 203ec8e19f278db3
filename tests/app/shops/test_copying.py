"""What the settings say of the copy of a shop holds at the next start too."""

from instica_desktop.store.images import MB
from tests.app.shops.conftest import Run
from tests.server.fixture import RunningServer


async def test_a_copy_that_was_turned_off_stays_off_and_photos_keep_to_their_room(
    run: Run, north: RunningServer
) -> None:
    async with run() as program:
        await program.connect(north)
        assert program.open.shop.mirror.state.running
        program.app.prefs["mirror"] = False
        assert not program.open.shop.mirror.state.running
        program.app.prefs["photo_room_mb"] = 250
    async with run() as program:
        await program.online()
        assert not program.open.shop.mirror.state.running
        assert program.open.store.images.limit == 250 * MB
        program.app.prefs["mirror"] = True
        assert program.open.shop.mirror.state.running
