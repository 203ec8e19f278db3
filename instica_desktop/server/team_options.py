"""The command line of the team's server, for `instica-desktop serve` and `python -m instica_desktop.server`.

Imports neither Django nor gunicorn: other commands read these options too.
"""

import argparse
import os


def _bind(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT, such as 0.0.0.0:8000")
    return text


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 64")
    return int(text)


def _host(text: str) -> str:
    if not text or set(text) & set("/*@, ") or "://" in text:
        raise argparse.ArgumentTypeError(f"{text!r} is not a host name, such as shop.example")
    return text


def add_team_options(parser: argparse.ArgumentParser) -> None:
    """Add the options; DATABASE_URL comes from the environment, where other users cannot read it."""
    team = parser.add_argument_group("server for a team", "needs DATABASE_URL and the `team` extra")
    team.add_argument("--team", action="store_true", help="serve a team from PostgreSQL")
    team.add_argument(
        "--bind", type=_bind, default="127.0.0.1:8000", metavar="HOST:PORT", help="where to listen"
    )
    team.add_argument(
        "--allowed-host",
        type=_host,
        action="append",
        default=[],
        metavar="NAME",
        help="a name (with :PORT unless it is the usual one) clients use; may be repeated",
    )
    team.add_argument("--workers", type=_workers, default=2, metavar="N", help="worker processes (default 2)")
    team.add_argument(
        "--proxy",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="a proxy whose X-Forwarded-Proto and -For are believed (default 127.0.0.1); may be repeated",
    )
    team.add_argument("--make-key", metavar="NAME", help="make an API key, print it once and end")


def run_team(given: argparse.Namespace) -> int:
    """Serve, or make a key, as the options say; returns the exit code."""
    from instica_desktop.server.team import TeamServer, serve_or_complain, show_key

    database = os.environ.get("DATABASE_URL", "")
    if given.make_key:
        return show_key(given.data, database, given.make_key)
    proxies = tuple(given.proxy) or ("127.0.0.1",)
    return serve_or_complain(
        TeamServer(given.data, database, given.allowed_host, given.bind, given.workers, proxies)
    )
