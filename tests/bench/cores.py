"""Giving each of several processes a core of its own, on a machine that has too few: slower ones.

A quota of 40 % holds a process to 40 % of a core, so that two such processes, the database and the clients
find room in two cores, as they would on a machine with a core for each. Linux control groups, as root.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

_PERIOD = 20_000  # µs: short, so that a request is slowed down rather than stopped
_V1, _V2 = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")


def _limit(group: Path, share: float) -> None:
    quota = int(_PERIOD * share)
    if (group / "cpu.cfs_quota_us").exists():
        (group / "cpu.cfs_period_us").write_text(str(_PERIOD))
        (group / "cpu.cfs_quota_us").write_text(str(quota))
    else:
        (group / "cpu.max").write_text(f"{quota} {_PERIOD}")


@contextlib.contextmanager
def held_to(share: float | None, pids: list[int]) -> Iterator[None]:
    """Hold each of the processes to a share of a core while inside; None holds nothing."""
    if share is None:
        yield
        return
    base = _V1 if (_V1 / "cgroup.procs").exists() else _V2
    groups = [base / f"bench-{os.getpid()}-{pid}" for pid in pids]
    try:
        for group, pid in zip(groups, pids, strict=True):
            group.mkdir()
            _limit(group, share)
            (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        for group, pid in zip(groups, pids, strict=True):
            with contextlib.suppress(ProcessLookupError):
                (base / "cgroup.procs").write_text(str(pid))
            with contextlib.suppress(FileNotFoundError):
                group.rmdir()
