"""Where a picture that was dropped comes from, and whether it will still be there in a moment.

Archive managers and browsers drop files of their own, which go when they like; a camera is unplugged. Only
what plainly lies among the user's own files is left where it is; of everything else a copy is made at once.
"""

import os
import stat
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from instica_desktop.core.intake import Taken
from instica_desktop.sync.uploads import MOST_BYTES, PASTED

Source = Path | bytes | str
"""A file, a picture's bytes, or the https address of one."""
_PASSING = ("TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA")
"""Variables that name folders whose files nobody keeps."""
_MACS = ("Library/Caches", "Library/Containers")


def name_of(source: Source) -> str:
    """Return what to call a source; a pasted picture has no name of its own."""
    if isinstance(source, Path):
        return source.name or str(source)
    if isinstance(source, bytes):
        return PASTED
    parts = urlsplit(source)
    return unquote(Path(parts.path).name)[:100] or f"Picture from {parts.hostname}"


def is_lasting(path: Path, home: Path | None = None) -> bool:
    """Tell whether a file plainly lies among the user's own: at home, and in no hidden or passing folder."""
    here, home = Path(os.path.realpath(path)), Path(os.path.realpath(home or Path.home()))
    if not here.is_relative_to(home) or any(part.startswith(".") for part in here.relative_to(home).parts):
        return False
    return not any(here.is_relative_to(folder) for folder in _passing_folders(home) if folder != home)


def passing(taken: Sequence[Taken]) -> list[Taken]:
    """Return those whose files are to be copied at once. Asks the disk: call it in a thread.

    What is too large, or no file at all, is refused in words later.
    """
    return [one for one in taken if one.path and not is_lasting(Path(one.path)) and _can_copy(Path(one.path))]


def _can_copy(path: Path) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size <= MOST_BYTES


def _passing_folders(home: Path) -> list[Path]:
    named = [tempfile.gettempdir(), *(os.environ[name] for name in _PASSING if os.environ.get(name))]
    macs = [str(home / name) for name in _MACS] if sys.platform == "darwin" else []
    return [Path(os.path.realpath(folder)) for folder in (*named, *macs)]
