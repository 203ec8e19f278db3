"""Where the files that ship with the program are: icons, fonts, catalogue facts."""

import sys
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


@cache
def resources_root() -> Path:
    """Return the folder of resources, in a frozen build, an installed wheel or the source tree.

    Raises:
        FileNotFoundError: when the installation is incomplete.
    """
    frozen = Path(getattr(sys, "_MEIPASS", PACKAGE)) / "instica_desktop" / "resources"
    for folder in (frozen, PACKAGE / "resources", PACKAGE.parent / "resources"):
        if (folder / "icons").is_dir():
            return folder
    raise FileNotFoundError(f"The program's resources are missing beside {PACKAGE}.")


def resource(*parts: str) -> Path:
    """Return the path of one resource, such as `resource("icons", "search.svg")`."""
    return resources_root().joinpath(*parts)
