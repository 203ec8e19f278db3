"""Pictures that could not be had without a connection are asked for once it is back."""

import asyncio
from unittest.mock import MagicMock

from tests.features.conftest import Desk, until


async def test_pictures_are_asked_for_again_when_the_connection_is_back(desk: Desk) -> None:
    async with desk() as context:
        await until(lambda: context.shop.state.can_read)
        context.shop.work_offline(True)
        address = "http://127.0.0.1:9/no-such-picture.jpg"
        told = MagicMock()
        context.images.loaded.connect(told)
        assert context.images.pixmap(address, 36, 1.0) is None
        await until(lambda: not context.images.busy)
        context.shop.try_now()
        await asyncio.sleep(0)
        told.assert_not_called()
        context.shop.work_offline(False)
        await until(lambda: told.called, "a table would paint the row again")
        told.assert_called_once_with(address)
