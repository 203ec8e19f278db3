"""The folders a profile lives in, all of them private to the user (0700)."""

from pathlib import Path

import msgspec

from instica_desktop.core.errors import InputError
from instica_desktop.system.files import private_folder

APP = "instica-desktop"
NO_HOME = "Your home folder cannot be found. Set HOME, or name a folder with --profile."


class Profile(msgspec.Struct, frozen=True):
    """Where state is kept: settings, precious data (outbox, local shop), disposable cache, logs."""

    config: Path
    data: Path
    cache: Path
    logs: Path
    root: Path | None = None
    """The one folder all of these lie in, where there is one."""

    @classmethod
    def default(cls) -> "Profile":
        """Return the user's own folders as the system names them (XDG, AppData, Library).

        Raises:
            InputError: it names none, since nobody knows where this user is at home.
        """
        from platformdirs import PlatformDirs

        dirs = PlatformDirs(APP, appauthor=False)
        try:
            names = (dirs.user_config_dir, dirs.user_data_dir, dirs.user_cache_dir, dirs.user_log_dir)
        except RuntimeError as error:
            raise InputError(NO_HOME) from error
        folders = [Path(name) for name in names]
        if not all(folder.is_absolute() for folder in folders):  # earlier versions leave `~/.config` as it is
            raise InputError(NO_HOME)
        return cls(*folders)

    @classmethod
    def at(cls, folder: Path) -> "Profile":
        """Return a profile that keeps everything under one folder.

        Raises:
            InputError: the folder's name begins with the home of somebody unknown, or leads in a circle.
        """
        try:
            root = folder.expanduser().resolve()
        except RuntimeError as error:
            raise InputError(f"There is no folder {str(folder)!r}. Name another one.") from error
        return cls(root / "config", root / "data", root / "cache", root / "logs", root)

    def create(self) -> "Profile":
        """Make the folders that do not exist yet, close all of them to others, and return self.

        A `--profile` folder that holds other things as well, such as a home, keeps the rights it has.

        Raises:
            OSError: they cannot be made here.
        """
        if self.root is not None and self._has_only_ours(self.root):
            private_folder(self.root)
        for folder in (self.config, self.data, self.cache, self.logs, self.accounts):
            private_folder(folder)
        return self

    def _has_only_ours(self, root: Path) -> bool:
        if not root.is_dir():
            return True
        return {entry.name for entry in root.iterdir()} <= {"config", "data", "cache", "logs"}

    @property
    def settings_file(self) -> Path:
        """The settings, as JSON."""
        return self.config / "settings.json"

    @property
    def local_shop(self) -> Path:
        """The local server's data: the seller's only copy."""
        return self.data / "local-shop"

    @property
    def accounts(self) -> Path:
        """Where each account has a folder of its own."""
        return self.data / "accounts"

    def account_folder(self, account_id: str) -> Path:
        """Return the folder of an account's cache and outbox. `account_id` is ours and a safe name."""
        return self.accounts / account_id
