"""The demo's dates move on by whole weeks with a later load; what an editor or organiser changed stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from home.demo.dates import monday
from home.demo.loader import Loader
from home.demo.reader import Item
from home.models import DemoItem, NewsPage
from home.services.bootstrap import bootstrap
from knowledge.models import ServiceCentrePage
from tests.factories.registrations import book
from trainings.models import Run, Session

pytestmark = pytest.mark.django_db
FIRST, LATER = dt.date(2026, 11, 24), dt.date(2027, 2, 22)  # day 0 and day 90
WEEKS = dt.timedelta(weeks=13)
OVERVIEWS = ("home/home", "pages/network", "news/index", "trainings/index", "service_centres/index")
KEYS = (
    "trainings/lep-workshop",
    "news/call-show-your-plan",
    "service_centres/erlenfurt",
    "exchanges/czechia-supervision",
)


class Part(Loader):
    """A load of a few pages with dates and the overviews above them; links to the rest lead to the home page."""

    def __init__(self, today: dt.date) -> None:
        super().__init__(today=today)
        skeletons = {key: _skeleton(item) for key, item in self.items.items() if key in OVERVIEWS}
        rows = {key: item for key, item in self.items.items() if item.section in ("towns", "people")}
        self.items = {**rows, **skeletons, **{key: self.items[key] for key in KEYS}}

    def page_pk(self, reference: str) -> int:
        try:
            return super().page_pk(reference)
        except LookupError:
            return super().page_pk("home/home")


def _skeleton(item: Item) -> Item:
    texts = {language: {name: text[name] for name in ("title", "slug")} for language, text in item.texts.items()}
    return Item(item.key, {"type": item.facts["type"]} if "type" in item.facts else {}, texts, item.digest)


def load(today: dt.date) -> Loader:
    loader = Part(today)
    loader.load()
    return loader


@pytest.fixture(scope="module")
def once(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load that part once for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        bootstrap(with_register=False, say=lambda _text: None)
        load(FIRST)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _take_back(once: None) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def page(model: Any, key: str, language: str) -> Any:
    return model.objects.get(pk=DemoItem.objects.get(key=f"{key}:{language}").object_id)


def test_dates_count_from_a_monday() -> None:
    assert monday(dt.date(2026, 11, 29)) == monday(dt.date(2026, 11, 23)) == dt.date(2026, 11, 23)


def test_second_load_in_the_same_week_changes_nothing() -> None:
    revisions = list(Page.objects.values_list("pk", "latest_revision_id"))

    again = load(dt.date(2026, 11, 29))

    assert again.changed == 0
    assert list(Page.objects.values_list("pk", "latest_revision_id")) == revisions


def test_later_load_moves_pages_on_in_both_languages() -> None:
    before = page(ServiceCentrePage, "service_centres/erlenfurt", "de").review_by

    load(LATER)

    for language in ("de", "en"):
        moved = page(ServiceCentrePage, "service_centres/erlenfurt", language)
        assert moved.review_by == before + WEEKS
        assert moved.get_latest_revision_as_object().review_by == before + WEEKS


def test_expired_call_comes_back_with_a_new_deadline() -> None:
    Page.objects.filter(pk=page(NewsPage, KEYS[1], "de").pk).update(live=False, expired=True)

    load(LATER)

    call = page(NewsPage, KEYS[1], "de")
    assert call.live
    assert call.deadline == monday(LATER) + dt.timedelta(days=25)
    assert call.expire_at.date() >= call.deadline


def test_page_that_an_editor_withdrew_stays_offline() -> None:
    page(NewsPage, KEYS[1], "de").unpublish()

    load(LATER)

    assert [page(NewsPage, KEYS[1], language).live for language in ("de", "en")] == [False, True]


@pytest.mark.parametrize("language", ["de", "en"])
def test_date_of_a_page_that_an_editor_changed_stays_in_both_languages(language: str) -> None:
    centre = page(ServiceCentrePage, "service_centres/erlenfurt", language)
    centre.review_by = dt.date(2026, 11, 2)
    centre.save_revision().publish()

    load(LATER)

    for code in ("de", "en"):
        assert page(ServiceCentrePage, "service_centres/erlenfurt", code).review_by == dt.date(2026, 11, 2)


def test_changed_file_does_not_undo_a_fact_that_was_edited_in_the_other_language() -> None:
    centre = page(ServiceCentrePage, "service_centres/erlenfurt", "de")
    centre.phone = "069 90009 999"
    centre.save_revision().publish()
    DemoItem.objects.filter(key__startswith="service_centres/erlenfurt").update(digest="another text")

    again = load(FIRST)

    assert again.kept == [centre.title]
    for code in ("de", "en"):
        assert page(ServiceCentrePage, "service_centres/erlenfurt", code).phone == "069 90009 999"


def test_later_load_moves_runs_with_all_their_moments() -> None:
    before = {run.number: (run.starts_at, run.closes_at) for run in Run.objects.all()}

    load(LATER)

    for run in Run.objects.all():
        for moved, was in zip((run.starts_at, run.closes_at), before[run.number], strict=True):
            assert (
                timezone.localtime(moved).replace(tzinfo=None) == timezone.localtime(was).replace(tzinfo=None) + WEEKS
            )
    assert set(Session.objects.values_list("ical_sequence", flat=True)) == {1}
    assert load(LATER).changed == 0


def test_run_that_somebody_changed_or_booked_stays() -> None:
    moved, booked = Run.objects.get(number="kgi-lep-07"), Run.objects.get(number="kgi-fa-cz-02")
    moved.closes_at += dt.timedelta(days=1)
    moved.save()
    book(booked, municipality_text="Eigenstadt", pool_id=booked.pools.get(mode="online").pk)
    before = {moved.pk: moved.starts_at, booked.pk: booked.starts_at}

    load(LATER)

    assert {run.pk: run.starts_at for run in Run.objects.filter(pk__in=before)} == before
