"""PostgreSQL's own tools: pg_dump to copy a database, pg_restore to fill an empty one."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

_PLACES = Path("/usr/lib/postgresql")


class DumpFailed(Exception):
    """A tool is missing or failed; the message is what it said."""


def _tool(name: str) -> str:
    """Return the path of a tool: the newest of Debian's folders, which can read every older server."""
    found = sorted(_PLACES.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    tool = str(found[-1]) if found else shutil.which(name)
    if tool is None:
        raise DumpFailed(
            f"{name} is not installed. On Debian or Ubuntu: sudo apt-get install postgresql-client"
        )
    return tool


def _without_password(address: str) -> tuple[str, dict[str, str]]:
    """Return the address and the environment: other users see a command's arguments."""
    parts = urlsplit(address)
    user, _, place = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    bare = urlunsplit(parts._replace(netloc=f"{name}@{place}" if name else place))
    return bare, {**os.environ, **({"PGPASSWORD": unquote(password)} if password else {})}


def _run(tool: str, address: str, *arguments: str) -> None:
    bare, environment = _without_password(address)
    command = [_tool(tool), "--dbname", bare, "--no-password", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        raise DumpFailed(done.stderr.strip() or f"{tool} ended with {done.returncode}.")


def dump(address: str, target: Path) -> Path:
    """Copy a database, as of one moment, to a file; returns the file. Errors: `DumpFailed`."""
    _run("pg_dump", address, "--format=custom", "--no-owner", "--no-privileges", "--file", str(target))
    target.chmod(0o600)
    return target


def load(address: str, source: Path) -> None:
    """Fill an empty database from a file, wholly or not at all. Errors: `DumpFailed`."""
    options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _run("pg_restore", address, *options, str(source))
