"""Brokers for jobs, each a private one that ends with the test: Redis and RabbitMQ."""

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.server.processes import running

_RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""Debian's own script; the one in the path asks to be the user `rabbitmq` and uses that user's folders."""


def free_ports(count: int) -> list[int]:
    """Return ports nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _listening(log: Path, port: int, *command: str, **environment: str) -> Iterator[None]:
    """Run a program that listens on a port."""
    with running(log, *command, **environment) as wait:
        wait(lambda: _listens(port))
        yield


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run a Redis that keeps nothing; gives its URL."""
    [port] = free_ports(1)
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with _listening(folder / "redis.log", port, "redis-server", *options):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def rabbitmq(folder: Path) -> Iterator[str]:
    """Run a RabbitMQ with all it needs in `folder`, and a port mapper of its own; gives its URL."""
    port, distribution, mapper = free_ports(3)
    erlang = {"HOME": str(folder), "ERL_EPMD_PORT": str(mapper), "ERL_EPMD_ADDRESS": "127.0.0.1"}
    settings = {
        "NODENAME": f"test{port}@localhost",
        "NODE_IP_ADDRESS": "127.0.0.1",
        "NODE_PORT": str(port),
        "DIST_PORT": str(distribution),
        "MNESIA_BASE": str(folder / "records"),
        "LOG_BASE": str(folder / "logs"),
        "LOGS": "-",
        "PID_FILE": str(folder / "rabbitmq.pid"),
        "CONFIG_FILE": str(folder / "none"),
        "CONF_ENV_FILE": "/dev/null",
        "ENABLED_PLUGINS_FILE": str(folder / "plugins"),
    }
    own = {f"RABBITMQ_{name}": value for name, value in settings.items()}
    mapping = ["epmd", "-port", str(mapper), "-address", "127.0.0.1"]
    with (
        _listening(folder / "epmd.log", mapper, *mapping, **erlang),
        _listening(folder / "rabbitmq.log", port, str(_RABBITMQ), **erlang, **own),
    ):
        yield f"amqp://guest:guest@127.0.0.1:{port}//"


def _param(start: Callable[[Path], object], missing: bool) -> object:
    name = start.__name__
    absent = pytest.mark.skipif(missing, reason=f"there is no {name} server here")
    return pytest.param(start, id=name, marks=absent)


BROKERS = [
    _param(redis, shutil.which("redis-server") is None),
    _param(rabbitmq, not _RABBITMQ.exists() or shutil.which("epmd") is None),
]
"""How to start each broker, as parameters of a fixture; one that is not installed is skipped."""
