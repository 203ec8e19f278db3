"""`serve`, `seed`, `simulate`: the local server alone, a realistic shop for it, and buyers who come."""

import argparse
import sys
import time
from pathlib import Path

from instica_desktop.core.errors import StoreError
from instica_desktop.system.resources import resource

CATALOGUE = ("catalogue", "releases.csv")


def serve(data: Path, *, port: int, demo: bool, embedded: bool) -> int:
    """Run the local server until it is told to end.

    Alone it prints `base_url=…` and `api_key=…`, one line each. `embedded` reads the key from the first line
    of stdin instead and ends when stdin closes.
    """
    from instica_desktop.server.main import serve as run_server

    return run_server(data, port=port, catalogue=resource(*CATALOGUE), demo=demo, parent_pipe=embedded)


def serve_team(arguments: argparse.Namespace) -> int:
    """Run the server of a team, or make a key for it, as `server.team_options` describes."""
    from instica_desktop.server.team_options import run_team

    return run_team(arguments)


def seed(data: Path, *, items: int, seed: int) -> int:
    """Fill the shop in `data` with `items` items and say how far it is."""
    from instica_desktop.server.main import seed as fill

    started = time.monotonic()
    try:
        report = fill(data, items=items, seed=seed, catalogue=resource(*CATALOGUE), progress=_progress)
    except OSError as error:
        raise StoreError(f"The shop in {data} cannot be written: {error.strerror or error}.") from error
    if sys.stderr.isatty():
        print(file=sys.stderr)
    print(f"{report} in {time.monotonic() - started:.1f} s")
    return 0


def simulate(data: Path, *, orders: int, seed: int) -> int:
    """Let buyers order `orders` listed items of the shop in `data`; returns 4 when it is open elsewhere."""
    from instica_desktop.server.main import simulate as sell
    from instica_desktop.server.storage.database import ShopRefused
    from instica_desktop.server.storage.folder import ShopInUse

    try:
        sold = sell(data, orders=orders, seed=seed)
    except ShopInUse as error:
        print(f"{error} Close it, then try again.", file=sys.stderr)
        return 4
    except ShopRefused as error:
        raise StoreError(str(error)) from error
    except OSError as error:
        raise StoreError(f"The shop in {data} cannot be written: {error.strerror or error}.") from error
    short = "" if sold == orders else f" (of {orders:,}: no more items are listed)"
    print(f"{sold:,} simulated orders{short}")
    return 0


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done:,} of {total:,} items", end="", file=sys.stderr, flush=True)
