"""One way down: what import-linter cannot see, and that it sees every module."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEVEL = {"cms": 0, "knowledge": 1, "trainings": 2, "home": 3, "search": 3}
REFERENCE = re.compile(r"[\"'](cms|knowledge|trainings|home|search)\.([A-Z]\w+)[\"']")
ROOT_OF_CMS = {"settings", "urls", "wsgi"}
OUTSIDE = {"__init__", "locale", "management", "migrations", "preflight", "static", "templates"}


def own_modules() -> list[Path]:
    return [
        file
        for app in LEVEL
        for file in (ROOT / app).rglob("*.py")
        if "migrations" not in file.parts and file.relative_to(ROOT).parts[:2] != ("cms", "settings")
    ]


def test_models_are_named_downwards_only():
    upward = [
        f"{file.relative_to(ROOT)}: {app}.{model}"
        for file in own_modules()
        for app, model in REFERENCE.findall(file.read_text())
        if (above := file.relative_to(ROOT).parts[0]) != app and LEVEL[app] >= LEVEL[above]
    ]

    assert upward == []


def test_the_import_contract_names_every_module_of_the_foundation():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    named = set(re.findall(r"cms\.(\w+)", contracts[0]["layers"][-1]))
    existing = {
        path.stem for path in (ROOT / "cms").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert existing - ROOT_OF_CMS - OUTSIDE == named


def test_nothing_else_lies_at_the_top():
    allowed = {"cms", "home", "knowledge", "search", "trainings", "tests"}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}

    assert folders - {"htmlcov", "__pycache__", "node_modules"} == allowed
