"""Rules about single lines, each learned from a bug someone shipped; docs/architecture.md gives the reasons.

Every rule is a function from a module to the places that break it, tried first on a line that does.
"""

import ast
import re
from collections.abc import Callable, Iterator

import pytest

from tests.architecture.sources import Source, desktop_sources, read

Rule = Callable[[Source], Iterator[str]]

# Static helpers that spin an event loop of their own.
NESTED = {
    "QMessageBox": {"information", "warning", "critical", "question", "about", "aboutQt"},
    "QInputDialog": {"getText", "getInt", "getDouble", "getItem", "getMultiLineText"},
    "QColorDialog": {"getColor"},
    "QFontDialog": {"getFont"},
}
COLOUR = re.compile(r"(?<![\w&])#(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{6})\b|^#[0-9A-Fa-f]{3}$")
# Once the loop has ended, what Qt still has to delete is deleted here.
AFTER_THE_LOOP = {"instica_desktop/app/window.py", "instica_desktop/app/tour/run.py"}
COLOURS_LIVE_IN = "instica_desktop/qtkit/theme/tokens.py"
TASKS_START_IN = "instica_desktop/qtkit/tasks.py"
BROWSER_OPENS_IN = "instica_desktop/qtkit/browser.py"
KEYS_ARE_KEPT_IN = ("instica_desktop/app/opening.py", "instica_desktop/system/credentials.py")
PLACE_OF_A_PERSON = re.compile(r"(?<![\w.~-])/(?:home|root|Users|tmp|work|mnt)/|[A-Z]:\\Users")


def _method(call: ast.Call) -> tuple[str, str]:
    """Return the name before the last dot (`` when it is not a plain name) and the one after it."""
    if not isinstance(call.func, ast.Attribute):
        return "", ""
    owner = call.func.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return name, call.func.attr


def nested_loops(source: Source) -> Iterator[str]:
    """Places that run an event loop inside the event loop: other tasks die there. A drag has no other way."""
    for call in source.calls():
        owner, name = _method(call)
        runs = name in ("exec", "exec_") and not owner.lower().endswith("drag")
        asks = name in NESTED.get(owner, ()) or (owner == "QFileDialog" and name.startswith("get"))
        spins = name == "processEvents" and source.path not in AFTER_THE_LOOP
        if runs or asks or spins:
            yield source.at(call)


def lambdas_connected(source: Source) -> Iterator[str]:
    """Places that connect a lambda: it keeps what it names alive for as long as the signal lives."""
    for call in source.calls():
        if _method(call)[1] == "connect" and any(isinstance(a, ast.Lambda) for a in call.args):
            yield source.at(call)


def own_threads(source: Source) -> Iterator[str]:
    """Places that name QThread: work goes to tasks and executors, which end with their scope."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "QThread" for alias in node.names):
            yield source.at(node)


def colours(source: Source) -> Iterator[str]:
    """Places outside the tokens that hold a colour: it would not follow the theme."""
    if source.path == COLOURS_LIVE_IN:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and COLOUR.search(node.value):
            yield source.at(node)


def bare_labels(source: Source) -> Iterator[str]:
    """Places that make a QLabel, whose text Qt may take for HTML, instead of the plain one."""
    for call in source.calls():
        if isinstance(call.func, ast.Name) and call.func.id == "QLabel":
            yield source.at(call)


def tasks_without_owner(source: Source) -> Iterator[str]:
    """Places on a screen that start a task no TaskScope owns: it outlives its widget, unheard."""
    on_screen = source.path.startswith(("instica_desktop/features/", "instica_desktop/qtkit/"))
    for call in source.calls() if on_screen and source.path != TASKS_START_IN else ():
        if _method(call)[1] in ("create_task", "ensure_future"):
            yield source.at(call)


def ways_to_a_browser(source: Source) -> Iterator[str]:
    """Places that open pages past the one way out, or labels that do so by themselves."""
    if source.path == BROWSER_OPENS_IN:
        return
    for node in ast.walk(source.tree):
        named = isinstance(node, ast.Name) and node.id == "QDesktopServices"
        by_label = isinstance(node, ast.Attribute) and node.attr == "setOpenExternalLinks"
        if named or by_label:
            yield source.at(node)  # pyright: ignore[reportArgumentType]


def keys_past_the_gate(source: Source) -> Iterator[str]:
    """Places that take a key from the keyring without comparing the address it is for."""
    if source.path in KEYS_ARE_KEPT_IN:
        return
    for call in source.calls():
        if re.search(r"(?i)credentials\b.*\.load$", ast.unparse(call.func)):
            yield source.at(call)


def places_of_a_person(source: Source) -> Iterator[str]:
    """Lines that hold a path which exists on one machine only."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if PLACE_OF_A_PERSON.search(line):
            yield f"{source.path}:{number}"


BROKEN = {
    nested_loops: [
        "box.exec()",
        "QMessageBox.question(a, b, c)",
        "QFileDialog.getOpenFileName()",
        "app.processEvents()",
    ],
    lambdas_connected: ["button.clicked.connect(lambda: self.close())"],
    own_threads: ["from PySide6.QtCore import QObject, QThread"],
    colours: ["ink = '#4F46E5'", "sheet = 'color: #4F46E5;'", "ink = '#fff'"],
    bare_labels: ["title = QLabel(name)"],
    tasks_without_owner: ["asyncio.create_task(load())", "loop.create_task(load())"],
    ways_to_a_browser: ["QDesktopServices.openUrl(url)", "label.setOpenExternalLinks(True)"],
    keys_past_the_gate: ["key = self.credentials.load(shop.id)", "key = Credentials().load(shop.id)"],
    places_of_a_person: ["folder = '/home/ada/records'"],
}
KEPT = {
    nested_loops: ["QDrag(self).start()", "drag.exec(actions)", "box.open()", "connection.execute(sql)"],
    lambdas_connected: ["button.clicked.connect(self.close)"],
    own_threads: ["from PySide6.QtCore import QObject"],
    colours: ["text = '#12 of 30'", "anchor = 'page#facade1x'"],
    bare_labels: ["title = Label(name)"],
    tasks_without_owner: ["self.scope.spawn(load(), 'load')"],
    ways_to_a_browser: ["open_page(url)"],
    keys_past_the_gate: ["key = key_of(account, self.credentials)", "msgspec.json.load(file)"],
    places_of_a_person: ["route = '/api/v1/home/'", "share = '/usr/share/fonts'"],
}


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule in BROKEN for line in BROKEN[rule]])
def test_a_rule_sees_what_breaks_it(rule: Rule, line: str) -> None:
    assert list(rule(read("instica_desktop/features/example.py", line)))


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule in KEPT for line in KEPT[rule]])
def test_a_rule_leaves_the_rest_alone(rule: Rule, line: str) -> None:
    assert not list(rule(read("instica_desktop/features/example.py", line)))


@pytest.mark.parametrize("rule", list(BROKEN), ids=lambda rule: str(rule.__name__))
def test_the_program_keeps_the_rule(rule: Rule) -> None:
    assert not [place for source in desktop_sources() for place in rule(source)]
