"""What the program leaves on the disk is for this user alone."""

import os
import stat
from pathlib import Path

import pytest

from tests.app.shops.conftest import Run
from tests.features.conftest import until
from tests.server.fixture import RunningServer

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other systems give rights in another way")


def rights(root: Path) -> dict[str, int]:
    """Return the rights of a folder and of everything in it."""
    return {
        str(path.relative_to(root.parent)): stat.S_IMODE(path.stat().st_mode)
        for path in (root, *root.rglob("*"))
        if not path.is_symlink()
    }


async def test_folders_are_0700_and_files_0600_after_a_run(
    run: Run, north: RunningServer, tmp_path: Path
) -> None:
    usual = os.umask(0)
    try:
        async with run() as program:
            await program.app.open_local(demo=False)
            await program.online()
            await program.connect(north)
            await until((program.open.store.folder / "images").exists)
            await program.edit_offline(3, "PRIVATE")
            await program.open.store.back_up()
            await program.open.shop.discard(program.open.shop.operations()[0].uuid)
    finally:
        os.umask(usual)
    found = rights(tmp_path / "profile")
    assert {"accounts", "backups", "images", "media", "logs"} <= {Path(name).name for name in found}
    wrong = {name: oct(mode) for name, mode in found.items() if mode & 0o077}
    assert wrong == {}
