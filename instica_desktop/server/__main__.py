"""`python -m instica_desktop.server`: the server by itself, for tests and for looking into a shop.

With DATABASE_URL in the environment the records lie in that PostgreSQL.
"""

import argparse
import os
import sys
from pathlib import Path

from instica_desktop.server.main import DEFAULT_ITEMS, DEFAULT_SEED, seed, serve
from instica_desktop.server.team_options import add_team_options, run_team


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m instica_desktop.server", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of the shop")
    parser.add_argument("--catalogue", type=Path, default=Path("releases.csv"), help="CSV of release facts")
    parser.add_argument("--port", type=int, help="port on 127.0.0.1; a free one by default")
    parser.add_argument("--demo", action="store_true", help="fill an empty shop with made-up records")
    parser.add_argument("--items", type=int, default=DEFAULT_ITEMS, help="how many copies to fill it with")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="same seed, same shop")
    parser.add_argument("--seed-only", action="store_true", help="fill the shop and end")
    parser.add_argument(
        "--parent-pipe", action="store_true", help="read the key from stdin, end when stdin does"
    )
    add_team_options(parser)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Serve or seed as the arguments say; returns the exit code."""
    given = _parser().parse_args(arguments)
    database = os.environ.get("DATABASE_URL") or None
    if given.team or given.make_key:
        return run_team(given)
    if given.seed_only:
        facts = given.catalogue
        print(seed(given.data, items=given.items, seed=given.seed, catalogue=facts, database=database))
        return 0
    return serve(
        given.data,
        port=given.port,
        catalogue=given.catalogue,
        demo=given.demo,
        parent_pipe=given.parent_pipe,
        demo_items=given.items,
        demo_seed=given.seed,
        database=database,
    )


if __name__ == "__main__":
    sys.exit(main())
