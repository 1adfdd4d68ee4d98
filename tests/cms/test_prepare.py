"""Bringing an installation up to date: each step once, again only when something it rests on has changed."""

from __future__ import annotations

from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from cms import prepare
from home.models import HomePage
from knowledge.models import DevelopmentStep, Municipality


def due(name: str, fingerprint: str, *, anyway: bool = False) -> bool:
    with prepare.when_changed(name, fingerprint, anyway=anyway) as is_due:
        return is_due


def test_step_is_due_once_until_its_fingerprint_changes(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    assert [due("a", "1"), due("a", "1"), due("a", "2"), due("b", "2")] == [True, False, True, True]
    assert due("a", "2", anyway=True)


def test_failed_step_comes_again(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    with pytest.raises(ZeroDivisionError), prepare.when_changed("a", "1"):
        raise ZeroDivisionError

    assert due("a", "1")


def test_fingerprint_follows_names_and_contents(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("x")
    two.write_text("y")
    before = prepare.digest([one, two], "words")

    assert prepare.digest([two, one], "words") == before
    assert prepare.digest([one, two], "other words") != before
    two.write_text("z")
    assert prepare.digest([one, two], "words") != before


@pytest.mark.django_db
def test_basic_content_is_made_once_and_the_first_editor_can_log_in(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    said: list[str] = []
    prepare._bootstrap(said.append, is_new=True)
    rows = (HomePage.objects.count(), DevelopmentStep.objects.count(), get_user_model().objects.count())

    prepare._bootstrap(said.append, is_new=False)
    prepare._bootstrap(said.append, is_new=True)

    assert rows == (2, 6, 1)
    assert (HomePage.objects.count(), DevelopmentStep.objects.count(), get_user_model().objects.count()) == rows
    assert Municipality.objects.count() > 10_000
    assert [text for text in said if "Setting up" in text] == ["Setting up pages, groups and the first login …"] * 2
    assert Client().login(username="admin", password=settings.FIRST_ADMIN_PASSWORD)


def test_own_modules_are_compiled_where_python_writes_nothing(settings: Any, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    module = tmp_path / "cms" / "module.py"
    module.parent.mkdir()
    module.write_text("number = 1")

    prepare.compile_own_code()

    assert Path(cache_from_source(str(module))).exists()
