"""Rules of the room that a reader of the code would otherwise have to remember."""

import ast
import re
from pathlib import Path

import pytest

import instica_desktop.qtkit as qtkit

ROOM = Path(qtkit.__file__).parent
FILES = sorted(ROOM.rglob("*.py"))


def trees() -> list[tuple[str, ast.Module]]:
    return [
        (file.relative_to(ROOM).as_posix(), ast.parse(file.read_text(encoding="utf-8"))) for file in FILES
    ]


def calls(tree: ast.Module, name: str) -> list[ast.Call]:
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in found if isinstance(call.func, ast.Attribute) and call.func.attr == name]


def test_no_lambda_is_connected() -> None:
    strays = [
        f"{file}:{call.lineno}"
        for file, tree in trees()
        for call in calls(tree, "connect")
        if any(isinstance(argument, ast.Lambda) for argument in call.args)
    ]
    assert strays == []


def test_nothing_opens_a_loop_of_its_own() -> None:
    strays = [f"{file}:{call.lineno}" for file, tree in trees() for call in calls(tree, "exec")]
    assert strays == []


def test_tooltips_and_tasks_go_through_their_helpers() -> None:
    outside = {"setToolTip": {"text.py"}, "create_task": {"tasks.py"}, "ensure_future": set()}
    strays = [
        f"{file}:{call.lineno} {name}"
        for file, tree in trees()
        for name, homes in outside.items()
        for call in calls(tree, name)
        if file not in homes
    ]
    assert strays == []


def test_labels_are_plain_text() -> None:
    for file, tree in trees():
        if file == "text.py":
            continue
        made = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
        assert not [call.lineno for call in made if call.func.id == "QLabel"], file  # type: ignore[union-attr]


@pytest.mark.parametrize("word", ["inventory", "listing", "shipment", "sleeve", "discogs"])
def test_the_room_knows_no_business_words(word: str) -> None:
    names = re.compile(rf"\b(class|def)\s+\w*{word}\w*", re.IGNORECASE)
    strays = [file.name for file in FILES if names.search(file.read_text(encoding="utf-8"))]
    assert strays == []
