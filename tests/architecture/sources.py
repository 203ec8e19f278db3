"""The source files of the project, parsed once, for the tests of the house rules."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "instica_desktop"


@dataclass(frozen=True)
class Source:
    """One module: its path from the project's root with forward slashes, its text, its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    def calls(self) -> Iterator[ast.Call]:
        """Yield every call in the module."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def at(self, node: ast.expr | ast.stmt) -> str:
        """Return `path:line` of a node, to be clicked in a failure."""
        return f"{self.path}:{node.lineno}"


@cache
def sources() -> tuple[Source, ...]:
    """Return every module of the program; generated migrations are not ours to shape."""
    paths = [p for p in sorted(PACKAGE.rglob("*.py")) if "__pycache__" not in p.parts]
    return tuple(read(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in paths)


def read(path: str, text: str) -> Source:
    """Parse a module."""
    return Source(path, text, ast.parse(text, path))


def desktop_sources() -> list[Source]:
    """Return the modules outside server/, which is a program of its own."""
    return [source for source in sources() if not source.path.startswith("instica_desktop/server/")]
