"""Try mutants of the program until the time is up; print those that no test notices, and the score.

    python -m tests.mutation [--minutes 20] [--seed 1] [--tests FILE_OR_FOLDER …] MODULE_OR_FOLDER …

Mutants are drawn at random from what is named; the same seed draws the same ones. Each is tried in a copy
of the tree, with the tests that call the changed function: quickest files first, as many as take `--limit`
seconds. Tests come from the folder that mirrors what is named, or from `--tests`. What each test calls is
found out first, in two or three times the seconds those tests take, and kept in `.run` as long as a file of
tests stays as it is. A survivor may change nothing that anyone could notice: the list is there to be read,
not to be emptied.
"""

import argparse
import difflib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.operators import Mutant, mutants

_LEFT_OUT = (".git", ".venv*", ".run", "build", "dist", "__pycache__", ".*_cache", ".hypothesis")
_SPARE = 60.0
"""Seconds for Python, pytest and a server to start, beside three times those of the tests themselves."""

Reach = dict[str, tuple[float, list[str]]]
"""Test → seconds, and what it calls as `path:qualified.name`."""


@dataclass(frozen=True)
class Plan:
    """What is to be tried: modules, folders, folders of tests as paths below `tree`; times in seconds."""

    tree: Path
    named: Sequence[str]
    folders: Sequence[str] = ()
    seed: int = 1
    time: float = 1200
    limit: float = 60

    def tests(self) -> dict[str, str]:
        """Return the files of tests, with what tells whether one is as it was."""
        folders = [self.tree / name for name in self.folders] or [self._mirror(name) for name in self.named]
        files = sorted(
            {file for place in folders for file in [place, *place.rglob("test_*.py")] if file.is_file()}
        )
        return {
            file.relative_to(self.tree).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in files
        }

    def _mirror(self, name: str) -> Path:
        folder = Path(self.tree, "tests", *Path(name).parts[1:])
        return next(place for place in (folder, *folder.parents) if place.is_dir())

    def mutants(self) -> Iterator[tuple[str, str, Mutant]]:
        """Yield path and text of a module and a mutant of it, in random order."""
        files = {
            file for name in self.named for file in [self.tree / name, *(self.tree / name).rglob("*.py")]
        }
        texts = {
            file.relative_to(self.tree).as_posix(): file.read_text("utf-8")
            for file in sorted(files)
            if file.is_file()
        }
        every = [(path, text, mutant) for path, text in texts.items() for mutant in mutants(text)]
        print(f"{len(every)} mutants of {len(texts)} modules", flush=True)
        random.Random(self.seed).shuffle(every)
        yield from every


class Copy:
    """A copy of the tree for mutants to live in; the tree itself is only read."""

    def __init__(self, tree: Path, folder: Path) -> None:
        self.root = folder / "tree"
        self._beside = folder
        shutil.copytree(tree, self.root, ignore=shutil.ignore_patterns(*_LEFT_OUT))

    def pytest(self, *arguments: str, timeout: float | None = None, **environment: str) -> int | None:
        """Run pytest; return its exit code, or None after `timeout` seconds. What it began is ended."""
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider", *arguments],
            cwd=self.root,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def reach(self, package: str, files: Sequence[str]) -> Reach:
        """Return what the tests of some files call of the package."""
        found = self._beside / "reach.json"
        code = self.pytest(
            *("-p", "reach", *files),
            PYTHONPATH=str(Path(__file__).parent),
            MUTATION_PACKAGE=str(self.root / package),
            MUTATION_REACH=str(found),
            PYTEST_TIMEOUT="900",  # to listen makes a test that loops several times slower
        )
        if not found.exists():
            raise SystemExit(f"pytest could not run these tests (exit code {code}): {' '.join(files)}")
        return json.loads(found.read_text("utf-8"))

    def try_out(self, path: str, text: str, tests: Sequence[str], timeout: float) -> int | None:
        """Run tests with another text of a module; return as `pytest` does."""
        module, listed = self.root / path, self._beside / "tests.txt"
        before = module.read_text("utf-8")
        listed.write_text("\n".join(tests), "utf-8")
        try:
            self._write(module, text)
            return self.pytest("-x", f"@{listed}", timeout=timeout)
        finally:
            self._write(module, before)

    @staticmethod
    def _write(module: Path, text: str) -> None:
        module.write_text(text, "utf-8")
        for compiled in (module.parent / "__pycache__").glob(f"{module.stem}.*"):
            compiled.unlink()  # it is known by second and size alone, and a mutant may have the same


def reach(plan: Plan, copy: Copy) -> Reach:
    """Return what the plan's tests call; files that changed since that was found out are run."""
    kept, files = plan.tree / ".run" / "mutation.json", plan.tests()
    known: dict[str, tuple[str, Reach]] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    if unknown := [path for path, digest in files.items() if path not in known or known[path][0] != digest]:
        print(f"Finding out what the tests of {len(unknown)} files call …", flush=True)
        found = copy.reach(Path(plan.named[0]).parts[0], unknown)
        for path in unknown:
            own = {test: calls for test, calls in found.items() if test.split("::")[0] == path}
            known[path] = (files[path], own)
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps(known), "utf-8")
    return {test: calls for path in files for test, calls in known[path][1].items()}


def calling(found: Reach, path: str, scope: str, limit: float) -> tuple[list[str], float]:
    """Return the tests that call what lies in a scope, the quickest files first, and their seconds."""
    name = f"{path}:{scope}"
    within = f"{name}." if scope else name
    tests = [
        test for test, (_, calls) in found.items() if any(f"{call}.".startswith(within) for call in calls)
    ]
    files = Counter[str]()
    for test in tests:
        files[test.split("::")[0]] += found[test][0]  # pyright: ignore[reportArgumentType]
    chosen: list[str] = []
    spent = 0.0
    for test in sorted(tests, key=lambda test: files[test.split("::")[0]]):
        if not chosen or spent + found[test][0] <= limit:
            chosen.append(test)
            spent += found[test][0]
    return chosen, spent


def hunt(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what became of each mutant, and the mutant as a diff."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Copy(plan.tree, Path(folder))
        found = reach(plan, copy)
        end = time.monotonic() + plan.time
        for path, text, mutant in plan.mutants():
            changed = mutant.of(text)
            if time.monotonic() > end:
                return
            if changed is None:
                continue
            tests, seconds = calling(found, path, mutant.scope, plan.limit)
            code = copy.try_out(path, changed, tests, 3 * seconds + _SPARE) if tests else 0
            lines = text.splitlines(keepends=True), changed.splitlines(keepends=True)
            diff = "".join(difflib.unified_diff(*lines, path, f"{path} {len(tests)} tests", n=2))
            yield (
                ("timed out" if code is None else "killed" if code else "survived" if tests else "untested"),
                diff,
            )


def main() -> None:
    """Read the command line, hunt, and print what lives."""
    parser = argparse.ArgumentParser(
        "mutation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("named", nargs="+", metavar="MODULE_OR_FOLDER")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=60, help="seconds of tests for one mutant")
    parser.add_argument("--tests", nargs="+", default=[], metavar="FILE_OR_FOLDER")
    given = parser.parse_args()
    became = Counter[str]()
    plan = Plan(Path.cwd(), given.named, given.tests, given.seed, given.minutes * 60, given.limit)
    for outcome, diff in hunt(plan):
        became[outcome] += 1
        if outcome in ("survived", "untested"):
            print(f"\n{outcome}\n{diff}", flush=True)
    dead = became["killed"] + became["timed out"]
    print(f"\n{dict(became)}, score {dead / max(1, became.total()):.0%}")


if __name__ == "__main__":
    main()
