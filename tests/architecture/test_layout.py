"""The shape of the tree: packages that are packages, and pieces that stay small."""

import ast
import statistics
import tomllib
from pathlib import Path

from tests.architecture.sources import PACKAGE, ROOT, Source, sources

LONGEST_MODULE = 450
LONGEST_FUNCTION = 60


def _handwritten() -> list[Source]:
    return [source for source in sources() if "/migrations/" not in source.path]


def _lengths_of_functions() -> list[tuple[int, str]]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{source.at(node)} {node.name}")
        for source in _handwritten()
        for node in ast.walk(source.tree)
        if isinstance(node, kinds)
    ]


def _percentile(values: list[int], share: float) -> int:
    return sorted(values)[int(share * (len(values) - 1))]


def test_every_folder_of_modules_is_a_package_that_says_what_it_is_for() -> None:
    # import-linter does not see a folder without __init__.py, and with it none of its imports.
    folders = {path.parent for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts}
    silent = [
        folder.relative_to(ROOT).as_posix()
        for folder in sorted(folders)
        if not (folder / "__init__.py").is_file()
        or not ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
    ]
    assert not silent


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert not [str(folder) for folder in folders if not (folder / "__init__.py").is_file()]


def test_packaging_is_no_package() -> None:
    # It would hide the library of that name from everything run in this folder.
    assert not list((ROOT / "packaging").glob("__init__.py"))


def test_every_module_says_what_it_is_for() -> None:
    assert not [source.path for source in _handwritten() if not ast.get_docstring(source.tree)]


def test_modules_stay_small() -> None:
    lines = {source.path: source.text.count("\n") for source in _handwritten()}
    assert not {path: count for path, count in lines.items() if count > LONGEST_MODULE}
    sizes = list(lines.values())
    assert statistics.median(sizes) <= 150
    assert _percentile(sizes, 0.9) <= 300


def test_functions_stay_small() -> None:
    functions = _lengths_of_functions()
    assert not [where for length, where in functions if length > LONGEST_FUNCTION]
    sizes = [length for length, _ in functions]
    assert statistics.median(sizes) <= 8
    assert _percentile(sizes, 0.95) <= 30


def test_every_layer_is_checked_strictly() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    strict = {Path(entry).name for entry in config["tool"]["pyright"]["strict"]}
    top = {p.name for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()}
    assert top - strict == {"server"}
