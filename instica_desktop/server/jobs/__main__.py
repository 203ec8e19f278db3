"""`python -m instica_desktop.server.jobs`: one of the workers of a server of several processes."""

import argparse
import os
import secrets
import sys
from pathlib import Path

_LEASE_SECONDS = 60


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m instica_desktop.server.jobs", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the shop")
    parser.add_argument(
        "--broker",
        required=True,
        help="where news of jobs comes from: redis:// or amqp://, as in server.toml",
    )
    parser.add_argument("--pool", default="prefork", choices=["prefork", "solo", "threads"])
    parser.add_argument("--concurrency", type=int, default=1, help="jobs at once")
    parser.add_argument(
        "--lease", type=int, default=_LEASE_SECONDS, help="seconds after which a silent worker counts as dead"
    )
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Work until SIGTERM; returns the exit code. DATABASE_URL says where the records are, else the folder."""
    from instica_desktop.server.settings import configure
    from instica_desktop.server.team import set_up

    given = _parser().parse_args(arguments)
    own = {"jobs": "celery", "broker": given.broker, "SHOP_LEASE_SECONDS": given.lease}
    if database := os.environ.get("DATABASE_URL"):
        set_up(given.data.absolute(), database, **own)
    else:
        configure(given.data.absolute(), hosts=(), **own)
    work(pool=given.pool, concurrency=given.concurrency)
    return 0


def work(*, pool: str, concurrency: int) -> None:
    """Be a worker, in a process for which Django is configured already."""
    from instica_desktop.server.jobs.celery import app

    # A name of its own: on RabbitMQ a second worker of one name on a machine ends as it starts.
    name = f"--hostname=jobs-{secrets.token_hex(4)}@%h"
    options = [f"--pool={pool}", f"--concurrency={concurrency}", "--loglevel=WARNING", "--without-gossip"]
    app.worker_main(["worker", name, *options, "--without-mingle"])


if __name__ == "__main__":
    sys.exit(main())
