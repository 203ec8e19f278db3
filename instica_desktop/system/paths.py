"""The folders a profile lives in, all of them private to the user (0700)."""

import os
from pathlib import Path

import msgspec

APP = "instica-desktop"


class Profile(msgspec.Struct, frozen=True):
    """Where state is kept: settings, precious data (outbox, local shop), disposable cache, logs."""

    config: Path
    data: Path
    cache: Path
    logs: Path

    @classmethod
    def default(cls) -> "Profile":
        """Return the user's own folders as the system names them (XDG, AppData, Library)."""
        from platformdirs import PlatformDirs

        dirs = PlatformDirs(APP, appauthor=False)
        return cls(
            Path(dirs.user_config_dir),
            Path(dirs.user_data_dir),
            Path(dirs.user_cache_dir),
            Path(dirs.user_log_dir),
        )

    @classmethod
    def at(cls, folder: Path) -> "Profile":
        """Return a profile that keeps everything under one folder."""
        root = folder.expanduser().resolve()
        return cls(root / "config", root / "data", root / "cache", root / "logs")

    def create(self) -> "Profile":
        """Make the folders that do not exist yet, readable by this user only, and return self."""
        for folder in (self.config, self.data, self.cache, self.logs):
            private_folder(folder)
        return self

    @property
    def settings_file(self) -> Path:
        """The settings, as JSON."""
        return self.config / "settings.json"

    @property
    def local_shop(self) -> Path:
        """The local server's data: the seller's only copy."""
        return self.data / "local-shop"

    def account_folder(self, account_id: str) -> Path:
        """Return the folder of an account's cache and outbox. `account_id` is ours and a safe name."""
        return self.data / "accounts" / account_id


def private_folder(folder: Path) -> Path:
    """Make a folder that only this user may enter, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.name == "posix":
        folder.chmod(0o700)
    return folder
