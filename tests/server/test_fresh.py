"""A new database is made at once: with the very schema that the migrations lead to."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.server.databases import database_for
from tests.server.fixture import ROOT

_SCHEMA = """
import json
import sys
from pathlib import Path
from instica_desktop.server.settings import configure
from instica_desktop.server.storage.folder import ShopFolder
folder = ShopFolder(Path(sys.argv[1]))
folder.prepare()
configure(folder.root, hosts=(), database=sys.argv[2] or None)
from django.core.management import call_command
from django.db import connection
from instica_desktop.server.storage.database import bring_up_schema
if sys.argv[3] == "migrated":
    call_command("migrate", interactive=False, verbosity=0)
else:
    bring_up_schema()
look = connection.introspection
found = {}
with connection.cursor() as cursor:
    for table in look.table_names(cursor):
        columns = [list(column)[:7] for column in look.get_table_description(cursor, table)]
        kept = look.get_constraints(cursor, table).items()
        named = [["" if name.startswith(("__", "fk_")) else name, what] for name, what in kept]  # numbers
        found[table] = [sorted(columns, key=str), sorted(named, key=str)]
    texts = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type <> 'table' OR sql LIKE '%VIRTUAL%'",
        "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    }
    cursor.execute(texts[connection.vendor])
    found["texts"] = sorted(cursor.fetchall(), key=str)
    for table, names in (("shop_plan", "slug, features, position"), ("django_migrations", "app, name")):
        cursor.execute(f"SELECT {names} FROM {table} ORDER BY id")
        found["rows of " + table] = cursor.fetchall()
print(json.dumps(found, default=str, sort_keys=True))
"""


def _schema(folder: Path, way: str) -> dict[str, Any]:
    command = [sys.executable, "-c", _SCHEMA, str(folder), database_for(folder) or "", way]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_is_the_schema_the_migrations_make(tmp_path: Path) -> None:
    fresh, migrated = _schema(tmp_path / "fresh", "fresh"), _schema(tmp_path / "migrated", "migrated")
    assert len(fresh["rows of shop_plan"]) == 3
    assert {name: fresh[name] for name in fresh if fresh[name] != migrated.get(name)} == {}
    assert fresh.keys() == migrated.keys()
