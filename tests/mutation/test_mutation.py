"""The hunt for mutants, in a package of one function that is tested half."""

from pathlib import Path

import pytest

from tests.mutation.__main__ import Plan, hunt
from tests.mutation.operators import mutants

PROGRAM = """\
def is_cheap(price):
    return price < 10
"""
TESTS = """\
from concurrent.futures import ThreadPoolExecutor

from shop.prices import is_cheap


def test_cheap():
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(is_cheap, 1).result()
"""
LIVES = {
    "-    return price < 10\n+    return (price <= 10)\n",
    "-    return price < 10\n+    return price < 10000\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for path, text in (
        ("shop/prices.py", PROGRAM),
        ("tests/test_prices.py", TESTS),
        ("pytest.ini", "[pytest]\n"),
    ):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    return tmp_path


def test_what_no_test_notices_survives_and_the_tree_stays_as_it_is(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    became = list(hunt(Plan(tree, ["shop"])))
    assert sorted(outcome for outcome, _ in became) == ["killed", "survived", "survived"]
    alive = [diff for outcome, diff in became if outcome == "survived"]
    assert {"".join(d for d in diff.splitlines(True)[3:] if d[0] in "+-") for diff in alive} == LIVES
    assert (tree / "shop/prices.py").read_text("utf-8") == PROGRAM


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if a:\n    b()", {"if True:\n    b()", "if False:\n    b()", "if a:\n    pass"}),
        ("self.a = 1", {"pass", "self.a = 2"}),
        ("WAIT = 60.0", {"WAIT = 60000.0"}),
        ("[a for a in b if a]", {"pass", "[a for a in b if True]"}),
        ("x = a and b", {"x = ((a) or (b))"}),
        ("x = not a", {"x = (a)"}),
        ("x = a if b else c", {"x = (a)", "x = (c)"}),
        ("'words'\nlog.info('x')\nx: 'int' = f'{1 + 1}'", set()),
    ],
)
def test_every_change_is_made(before: str, after: set[str]) -> None:
    assert {mutant.of(before) for mutant in mutants(before)} == after


def test_a_mutant_names_the_function_it_lies_in() -> None:
    text = (
        "A = 1\nclass B:\n    C = 1\n    def d(self):\n        def e():\n            return 1\n        e()\n"
    )
    assert [mutant.scope for mutant in mutants(text)] == ["", "", "B.d", "B.d", "B.d"]
