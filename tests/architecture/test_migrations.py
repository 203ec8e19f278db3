"""What a migration of the server may use: what later versions change would break it on an old shop."""

import ast

from tests.architecture.sources import sources

MAY_USE = ("instica_desktop.server.domain.", "instica_desktop.server.search_index")
"""Rules that take and give plain texts, and the making of a search table; never what reads a model."""


def _used(tree: ast.Module) -> set[str]:
    return {
        f"{node.module}.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("instica_desktop")
        for name in node.names
    }


def test_migrations_leave_the_models_of_today_alone() -> None:
    migrations = {source.path: _used(source.tree) for source in sources() if "/migrations/0" in source.path}
    assert len(migrations) > 10
    wrong = {
        path: [name for name in used if not name.startswith(MAY_USE)] for path, used in migrations.items()
    }
    assert {path: names for path, names in wrong.items() if names} == {}
