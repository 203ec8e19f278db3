"""The server of a team: several worker processes, on one or several hosts, over one PostgreSQL.

The hosts share the data folder (pictures and the secret that signs). gunicorn runs the workers; it and the
PostgreSQL driver come with the `team` extra.
"""

import gc
import os
import secrets
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from instica_desktop.server.team_settings import team_settings

_PATIENCE = 60
_NO_HOSTS = "Name at least one host under which clients reach the server: --allowed-host shop.example"
_NO_DATABASE = "Set DATABASE_URL to the team's PostgreSQL: postgres://user:password@host:5432/name"
_NO_GUNICORN = (
    "A server for a team needs further packages. Install them with: pip install 'instica-desktop[team]'"
)


class NotReady(Exception):
    """The team's server cannot start; the message says what is missing."""


@dataclass(frozen=True)
class TeamServer:
    """What a start of the team's server is asked for. `bind` is HOST:PORT.

    `proxies` are the addresses of proxies whose `X-Forwarded-Proto` and `X-Forwarded-For` are believed.
    """

    data_dir: Path
    database: str
    hosts: Collection[str]
    bind: str = "127.0.0.1:8000"
    workers: int = 2
    proxies: Collection[str] = ("127.0.0.1",)


def _secret(path: Path) -> str:
    """Return the secret in a file, made by whichever process comes first; the others read it whole."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_urlsafe(48))
            handle.flush()
            os.fsync(handle.fileno())
        if not path.exists():
            os.link(partial, path)  # fails where a rename would replace what another process has just made
    except FileExistsError:
        pass
    finally:
        partial.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()


def set_up(data_dir: Path, database: str, hosts: Collection[str] = (), **own: Any) -> None:
    """Open the team's shop in this process: folder, secret, Django, schema, owner. Also for a job runner.

    `own` are settings that win over those of `server.toml`.
    Errors: `UnusableAddress`, `SettingsUnusable`, `ShopRefused`, `OSError`.
    """
    from instica_desktop.server.settings import configure
    from instica_desktop.server.storage.database import open_database
    from instica_desktop.server.storage.folder import ShopFolder

    folder = ShopFolder(data_dir.absolute())
    folder.prepare(shared=True)
    options = {**team_settings(folder.root), **own}
    configure(folder.root, hosts=hosts, database=database, secret=_secret(folder.secret_file), **options)
    open_database(folder)
    from instica_desktop.server.shop import ensure_owner

    ensure_owner()


def make_key(data_dir: Path, database: str, name: str) -> str:
    """Give the shop's owner a new API key and return it; only its hash is kept.

    Errors: as `set_up`, `TooManyKeys` (server.web.keys).
    """
    set_up(data_dir, database)
    from instica_desktop.server.shop import ensure_owner
    from instica_desktop.server.storage.transactions import writing
    from instica_desktop.server.web.key_form import new_key
    from instica_desktop.server.web.keys import store_key

    owner, key = ensure_owner(), new_key()
    with writing():
        store_key(owner, name, key)
    return key


def _application(server: TeamServer) -> Any:
    """Return the gunicorn application. It forks after this process has closed its connections."""
    try:
        from gunicorn.app.base import BaseApplication
    except ImportError:
        raise NotReady(_NO_GUNICORN) from None

    class Application(BaseApplication):
        """gunicorn with our settings in place of a command line."""

        def load_config(self) -> None:
            """Take over the settings."""
            for name, value in _gunicorn_settings(server).items():
                self.cfg.set(name, value)

        def load(self) -> Callable[..., Any]:
            """Return the WSGI application; called in each worker."""
            from django.core.wsgi import get_wsgi_application

            return get_wsgi_application()

    return Application()


def _begin_work(worker: Any) -> None:
    """Give a worker process a thread that sweeps, and one for jobs unless a broker tells others of them."""
    from django.conf import settings

    from instica_desktop.server.jobs.embedded import JobThread
    from instica_desktop.server.storage.sweeping import keep_swept

    gc.freeze()
    keep_swept(settings.SHOP_FOLDER, alone=False)
    if settings.SHOP_JOBS == "embedded":
        worker.job_thread = JobThread()
        worker.job_thread.start(alone=False)


def _end_work(arbiter: Any, worker: Any) -> None:
    """Let the job being done stop at its next checkpoint, and write down the use that was counted."""
    from instica_desktop.server.operations.usage import USE

    if thread := getattr(worker, "job_thread", None):
        thread.stop()
    USE.flush()


def _announce(arbiter: Any) -> None:
    """Say where we listen, once we do."""
    for listener in arbiter.LISTENERS:
        host, port = listener.sock.getsockname()[:2]
        print(f"listening={host}:{port}", flush=True)


def _gunicorn_settings(server: TeamServer) -> dict[str, Any]:
    from instica_desktop.server.web.rooms import THREADS

    return {
        "bind": server.bind,
        "workers": server.workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": _PATIENCE,
        "keepalive": 5,
        "max_requests": 20_000,  # a worker that leaks is replaced in time
        "max_requests_jitter": 2_000,
        "forwarded_allow_ips": ",".join(server.proxies),
        "when_ready": _announce,
        "post_worker_init": _begin_work,
        "worker_exit": _end_work,
        "loglevel": "warning",
        "proc_name": "instica-server",
    }


def _check(server: TeamServer) -> None:
    if not server.database:
        raise NotReady(_NO_DATABASE)
    if not server.hosts:
        raise NotReady(_NO_HOSTS)


def serve_team(server: TeamServer) -> None:
    """Serve until SIGTERM; does not return. Errors: `NotReady`, and as `set_up`."""
    _check(server)
    application = _application(server)
    hosts = [host.lower() for host in server.hosts]
    set_up(server.data_dir, server.database, hosts, SHOP_PROXIES=tuple(server.proxies))
    from instica_desktop.server.storage.folder import ShopFolder
    from instica_desktop.server.storage.old_messages import prune_messages

    prune_messages(ShopFolder(server.data_dir.absolute()))
    from django.db import connections

    connections.close_all()  # a connection must not be shared with a forked worker
    application.run()


def serve_or_complain(server: TeamServer) -> int:
    """Serve; when that cannot be, say why on stderr and return 2."""
    from instica_desktop.server.storage.database import ShopRefused
    from instica_desktop.server.storage.folder import in_words

    try:
        serve_team(server)
    except (NotReady, ShopRefused, OSError, ValueError) as error:
        print(in_words(error), file=sys.stderr, flush=True)
        return 2
    return 0


def show_key(data_dir: Path, database: str, name: str) -> int:
    """Print a new key, once; when that cannot be, say why on stderr and return 2."""
    from instica_desktop.server.storage.database import ShopRefused
    from instica_desktop.server.storage.folder import in_words

    if not database:
        print(_NO_DATABASE, file=sys.stderr)
        return 2
    try:
        print(f"api_key={make_key(data_dir, database, name)}", flush=True)
    except (ShopRefused, OSError, ValueError) as error:
        print(in_words(error), file=sys.stderr, flush=True)
        return 2
    return 0
