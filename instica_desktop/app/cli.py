"""The `instica-desktop` command: the window by default, and the same core for scripts.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 unreachable and nothing cached, 4 data in use or (for `list`)
only this computer's copy was to be had. `doctor --check` and `--repair`: 1 when something stays wrong.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from instica_desktop import __version__
from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.system.files import unusable
from instica_desktop.system.logs import masked
from instica_desktop.system.paths import Profile

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # pyright: ignore[reportPrivateUsage]

ENTITIES = ("inventory", "products", "orders")
CARE = {
    "check": "look whether this computer's files of each shop are whole; change nothing",
    "repair": "mend what can be mended; no waiting edit is lost",
    "back-up": "copy the edits that wait to be sent",
    "backups": "list the copies of the waiting edits",
    "reset-copy": "empty this computer's copy of the shop; waiting edits stay",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = build_parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except InputError as error:
        print(masked(error.message), file=sys.stderr)
        return 2
    except InsticaError as error:
        print(masked(error.message), file=sys.stderr)
        if error.details and arguments.verbose:
            print(masked(error.details), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away: nothing to say, and nobody to say it to
        return 1
    except OSError as error:
        print(unusable(error), file=sys.stderr)
        return 1


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; each subcommand sets `run`."""
    parser = argparse.ArgumentParser(
        prog="instica-desktop", description="Inventory manager for record sellers."
    )
    parser.add_argument("--version", action="version", version=f"Instica Desktop {__version__}")
    parser.add_argument(
        "--profile", type=Path, metavar="DIR", help="keep settings, data, cache and logs in DIR"
    )
    parser.add_argument("--verbose", action="store_true", help="say the technical reason of a failure too")
    parser.set_defaults(run=_window, demo=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_run(commands)
    _add_serve(commands)
    _add_seed(commands)
    _add_simulate(commands)
    _add_backup(commands)
    _add_restore(commands)
    _add_tour(commands)
    _add_list(commands)
    _add_doctor(commands)
    return parser


def profile_of(arguments: argparse.Namespace, *, make: bool = True) -> Profile:
    """Return the profile the command line asks for, its folders made; or, to look at it only, as they are."""
    folder: Path | None = arguments.profile
    profile = Profile.at(folder) if folder else Profile.default()
    return profile.create() if make else profile


def _add_run(commands: "Commands") -> None:
    command = commands.add_parser("run", help="open the window (also without any command)")
    command.add_argument("--demo", action="store_true", help="open the local shop, with sample records in it")
    command.set_defaults(run=_window)


def _add_serve(commands: "Commands") -> None:
    command = commands.add_parser("serve", help="run the local server alone")
    command.add_argument("--data", type=Path, required=True, metavar="DIR", help="the shop's folder")
    command.add_argument("--port", type=_port, default=0, metavar="N", help="default: a free one")
    command.add_argument("--demo", action="store_true", help="fill an empty shop with 2,000 sample records")
    command.add_argument("--embedded", action="store_true", help=argparse.SUPPRESS)
    from instica_desktop.server.team_options import add_team_options

    add_team_options(command)
    command.set_defaults(run=_serve)


def _add_seed(commands: "Commands") -> None:
    command = commands.add_parser("seed", help="fill a server's folder with a realistic shop")
    command.add_argument("--data", type=Path, required=True, metavar="DIR", help="the shop's folder")
    command.add_argument(
        "--items", type=_count, default=2000, metavar="N", help="how many items (default 2000)"
    )
    command.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same shop")
    command.set_defaults(run=_seed)


def _add_simulate(commands: "Commands") -> None:
    command = commands.add_parser("simulate", help="let made-up buyers order from a shop that is not running")
    command.add_argument("--data", type=Path, required=True, metavar="DIR", help="the shop's folder")
    command.add_argument("--orders", type=_count, required=True, metavar="N", help="how many orders")
    command.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed, the same sales")
    command.set_defaults(run=_simulate)


def _add_backup(commands: "Commands") -> None:
    command = commands.add_parser("backup", help="save a server's whole shop, pictures included, in one file")
    command.add_argument("--data", type=Path, required=True, metavar="DIR", help="the shop's folder")
    command.add_argument("--to", type=Path, required=True, metavar="FILE", help="a new file")
    command.set_defaults(run=_backup)


def _add_restore(commands: "Commands") -> None:
    command = commands.add_parser("restore", help="make a shop's folder from a backup")
    command.add_argument("--from", dest="source", type=Path, required=True, metavar="FILE", help="the backup")
    command.add_argument("--data", type=Path, required=True, metavar="DIR", help="a new or empty folder")
    command.set_defaults(run=_restore)


def _add_tour(commands: "Commands") -> None:
    command = commands.add_parser("tour", help="run the main job unattended and take pictures of it")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the pictures go")
    command.set_defaults(run=_tour)


def _add_list(commands: "Commands") -> None:
    command = commands.add_parser("list", help="print records, from the server or this computer's copy")
    command.add_argument("what", choices=ENTITIES)
    command.add_argument("--search", default="", metavar="TEXT")
    command.add_argument("--status", default="", metavar="A,B", help="one status, or several with commas")
    command.add_argument("--type", default="", metavar="A,B", help="product types")
    command.add_argument("--tags", default="", metavar="A,B", help="any of these tags")
    command.add_argument("--platform", default="", metavar="SLUG")
    command.add_argument("--ordering", default="", metavar="NAME", help="as in the API, `-` for descending")
    command.add_argument("--limit", type=_count, default=None, metavar="N", help="default: all that match")
    command.add_argument(
        "--json", action="store_true", help="one JSON array of the records as the server sent them"
    )
    command.add_argument("--offline", action="store_true", help="ask this computer's copy, not the server")
    command.set_defaults(run=_list)


def _add_doctor(commands: "Commands") -> None:
    command = commands.add_parser(
        "doctor", help="say what is installed, where things are, and whether it works"
    )
    command.add_argument("--json", action="store_true", help="as JSON")
    command.add_argument(
        "--account", default="", metavar="ID", help="only this shop's files (default: all on this computer)"
    )
    acts = command.add_mutually_exclusive_group()
    for act, words in CARE.items():
        acts.add_argument(f"--{act}", dest="care", action="store_const", const=act, help=words)
    acts.add_argument(
        "--restore", metavar="BACKUP", help="put a backup's edits in place of those waiting; or `newest`"
    )
    command.set_defaults(run=_doctor, care="")


def _window(arguments: argparse.Namespace) -> int:
    from instica_desktop.app.window import refuse_window, run_window

    try:
        profile = profile_of(arguments)
    except OSError as error:
        return refuse_window(unusable(error))
    except InputError as error:
        return refuse_window(error.message)
    return run_window(profile, demo=arguments.demo)


def _serve(arguments: argparse.Namespace) -> int:
    from instica_desktop.app.serving import serve, serve_team

    if arguments.team or arguments.make_key:
        return serve_team(arguments)
    return serve(arguments.data, port=arguments.port, demo=arguments.demo, embedded=arguments.embedded)


def _seed(arguments: argparse.Namespace) -> int:
    from instica_desktop.app.serving import seed

    return seed(arguments.data, items=arguments.items, seed=arguments.seed)


def _simulate(arguments: argparse.Namespace) -> int:
    from instica_desktop.app.serving import simulate

    return simulate(arguments.data, orders=arguments.orders, seed=arguments.seed)


def _backup(arguments: argparse.Namespace) -> int:
    from instica_desktop.server.backups import back_up_shop

    return back_up_shop(arguments.data, arguments.to)


def _restore(arguments: argparse.Namespace) -> int:
    from instica_desktop.server.backups import restore_shop

    return restore_shop(arguments.source, arguments.data)


def _tour(arguments: argparse.Namespace) -> int:
    from instica_desktop.app.tour.run import run_tour

    return run_tour(arguments.out)


def _list(arguments: argparse.Namespace) -> int:
    from instica_desktop.app.listing import list_records, query_of

    return list_records(
        profile_of(arguments, make=False),
        query_of(arguments),
        limit=arguments.limit,
        as_json=arguments.json,
        offline=arguments.offline,
    )


def _doctor(arguments: argparse.Namespace) -> int:
    act = "restore" if arguments.restore is not None else arguments.care
    if act:
        from instica_desktop.app.care import care_for

        account, copy = arguments.account, arguments.restore or ""
        return care_for(profile_of(arguments), act, account=account, copy=copy, as_json=arguments.json)
    if arguments.account:
        raise InputError(
            "--account goes with --check, --repair, --back-up, --backups, --restore or --reset-copy."
        )
    from instica_desktop.app.doctor import doctor

    return doctor(profile_of(arguments), as_json=arguments.json)


def _count(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return value


def _port(text: str) -> int:
    value = _count(text)
    if value > 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port; ports end at 65535")
    return value
