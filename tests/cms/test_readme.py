"""The README stays true: what it names exists, and what exists is named."""

import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def test_the_first_screen_says_how_to_run_and_test():
    first_screen = "\n".join(README.splitlines()[:20])

    assert "make run" in first_screen
    assert "make test" in first_screen


def test_targets_of_readme_and_makefile_are_the_same():
    described = set(re.findall(r"^\| `make ([a-z-]+)` \|", README, flags=re.MULTILINE))
    explained = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, flags=re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)

    assert described == explained
    assert phony is not None
    assert set(phony[1].split()) == explained | {"env", "env-dev"}


def test_commands_that_the_readme_names_exist():
    table = README.split("## Commands", 1)[1].split("## ", 1)[0]
    named = {
        match.split()[0]
        for row in re.findall(r"^\| (`[^|]+) \|", table, flags=re.MULTILINE)
        for match in re.findall(r"`([^`]+)`", row)
    }

    assert named
    assert named <= set(get_commands())


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w./-]+(?:/|\.(?:yaml|toml|example|py|md)))`", README))))
def test_files_that_the_readme_names_exist(name):
    if not name.startswith(".data"):
        assert name == "media/" or (ROOT / name).exists()


def test_every_dependency_has_a_lower_bound():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]

    assert [entry for group in groups for entry in group if ">=" not in entry] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_name_no_address_and_hash_everything(name):
    text = (ROOT / name).read_text()
    entries = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\n    --hash=", text, flags=re.MULTILINE)

    assert not re.search(r"://|--index-url|--extra-index|--find-links", text)
    assert len(entries) == len(re.findall(r"^[a-z0-9].*==", text, flags=re.MULTILINE)) > 40


def test_lock_files_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = set(
        re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==", (ROOT / "requirements-dev.lock").read_text(), flags=re.MULTILINE)
    )
    wanted = {
        re.split(r"[\[>=<]", entry)[0] for entry in [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    }

    assert wanted - locked == set()
