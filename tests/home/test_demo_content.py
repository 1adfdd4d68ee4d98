"""The demo as it is shipped: both languages, complete, dated, invented. One load serves all tests that only look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from wagtail.models import Page

from home.demo.loader import Loader
from home.demo.reader import CONTENT, read_all
from home.services.bootstrap import bootstrap
from knowledge.register_files import read_shipped
from trainings.models import Run

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)


@pytest.fixture(scope="module")
def shown(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loader]:
    """Load the demo once for all tests that only look at it."""
    with django_db_blocker.unblock(), transaction.atomic():
        bootstrap(with_register=False, say=lambda _text: None)
        loader = Loader(today=TODAY)
        loader.load()
        yield loader
        transaction.set_rollback(True)


def test_every_demo_page_exists_in_both_languages(shown: Loader) -> None:
    german = set(Page.objects.filter(locale__language_code="de", depth__gt=1).values_list("translation_key", flat=True))
    english = set(
        Page.objects.filter(locale__language_code="en", depth__gt=1).values_list("translation_key", flat=True)
    )

    assert german == english
    assert not Page.objects.filter(live=False).exists()


def test_every_demo_page_holds_what_publishing_asks_for(shown: Loader) -> None:
    for page in Page.objects.filter(depth__gt=1).specific():
        page.full_clean()
        missing = [name for name in page.required_to_publish if page._is_empty(name)]
        assert (page.title, missing) == (page.title, [])


def test_demo_shows_coming_and_past_runs(shown: Loader) -> None:
    loaded = Run.objects.all()

    assert {run.starts_at.date() > TODAY for run in loaded if run.starts_at} == {True, False}


def test_every_item_has_both_languages_and_unique_addresses() -> None:
    for item in read_all().values():
        if item.texts and set(item.texts) != {"de-simple"}:
            assert {"de", "en"} <= set(item.texts), item.key


def test_no_invented_town_exists_in_the_register() -> None:
    real = {row.name.casefold() for row in read_shipped().rows}
    invented = {item.facts["name"].casefold() for item in read_all().values() if item.section == "towns"}

    assert len(invented) > 10
    assert invented & real == set()


def test_every_named_file_is_there() -> None:
    names = [entry["name"] for item in read_all().values() for entry in item.facts.get("files", [])]

    assert names
    assert [name for name in names if not (CONTENT.parent / "files" / name).exists()] == []
