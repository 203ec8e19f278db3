"""The commands `backup` and `restore`: what they say and answer."""

import os
import sys
from collections.abc import Callable
from pathlib import Path


def _said(act: Callable[[], None], done: str) -> int:
    from instica_desktop.server.storage.archive import BackupRefused
    from instica_desktop.server.storage.database import ShopRefused
    from instica_desktop.server.storage.dumps import DumpFailed
    from instica_desktop.server.storage.folder import ShopInUse, in_words

    try:
        act()
    except (BackupRefused, ShopRefused, ShopInUse, DumpFailed, OSError) as error:
        print(in_words(error), file=sys.stderr)
        return 4 if isinstance(error, ShopInUse) else 1
    print(done)
    return 0


def back_up_shop(data_dir: Path, target: Path) -> int:
    """Write a backup of a shop to a file; returns the exit code. DATABASE_URL names a team's database."""
    from instica_desktop.server.storage.archive import back_up

    address = os.environ.get("DATABASE_URL") or None
    return _said(lambda: back_up(data_dir, target, address), f"The shop is saved in {target}.")


def restore_shop(source: Path, data_dir: Path) -> int:
    """Make a shop from a backup; returns the exit code. DATABASE_URL names a team's empty database."""
    from instica_desktop.server.storage.archive import restore

    address = os.environ.get("DATABASE_URL") or None
    return _said(lambda: restore(source, data_dir, address), f"The shop is restored in {data_dir}.")
