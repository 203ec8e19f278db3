"""Every screen is under the rule that screens do not import each other."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_feature_is_named_in_the_import_rule() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rule = next(
        contract
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["name"] == "Features do not import each other"
    )
    folders = {path.parent.name for path in (ROOT / "instica_desktop" / "features").glob("*/__init__.py")}

    assert folders
    assert {f"instica_desktop.features.{name}" for name in folders} == set(rule["modules"])
