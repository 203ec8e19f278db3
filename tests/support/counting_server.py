"""The local server, counting in its own database which writes it carried out, each by its Idempotency-Key.

    python -m tests.support.counting_server --data FOLDER …        as `python -m instica_desktop.server`

A write and its count are one transaction: what is counted was done, and what was done is counted. A repeated
POST that was answered from the record is not carried out and not counted. `applied` reads the counts.
"""

import contextlib
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from instica_desktop.server import __main__ as command
from instica_desktop.server import main as server

_TABLE = """
CREATE TABLE IF NOT EXISTS applied(
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL)
"""


class Applied(NamedTuple):
    """One write that was carried out."""

    key: str
    method: str
    path: str


def applied(database: Path) -> list[Applied]:
    """Return the writes of the API that were carried out under a key, oldest first."""
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20)) as connection:
        rows = connection.execute("SELECT key, method, path FROM applied WHERE key <> '' ORDER BY id")
        return [Applied(*row) for row in rows]


def _counting(answer_once: Callable[..., Any]) -> Callable[..., Any]:
    def counted(request: Any, act: Callable[[], Any], organization: Any, **options: Any) -> Any:
        def noted() -> Any:
            answer = act()
            same_photo = request.path.endswith("/assets/") and answer.status_code == 200
            if answer.status_code < 400 and not same_photo:
                _note(request)
            return answer

        return answer_once(request, noted, organization, **options)

    return counted


def _note(request: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO applied(key, method, path) VALUES (%s, %s, %s)",
            [request.META.get("HTTP_IDEMPOTENCY_KEY", ""), request.method, request.path],
        )


def _begin_to_count() -> None:
    """Stand between the endpoints and what they do. Django must be configured."""
    from django.db import connection

    from instica_desktop.server.views import base

    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
    base.answer_once = _counting(base.answer_once)


def main() -> int:
    """Serve as the arguments say, counting."""
    listening = server._waitress  # pyright: ignore[reportPrivateUsage]

    def counting(*arguments: Any) -> Any:
        _begin_to_count()
        return listening(*arguments)

    server._waitress = counting  # pyright: ignore[reportPrivateUsage]
    return command.main()


if __name__ == "__main__":
    sys.exit(main())
