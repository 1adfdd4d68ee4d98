"""Facts are the same in both languages, live and draft; texts stay each language's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import models

from cms import version
from cms.following import repair, unfollowed
from cms.shared import fact, shared_fields
from cms.version import FollowedPage, current
from knowledge.models import GoodPracticePage
from tests.factories import pages as make
from tests.factories.everything import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def republish(page: Any, **values: Any) -> None:
    for name, value in values.items():
        if name in ("steps", "topics"):
            getattr(page, name).set(value)
        else:
            setattr(page, name, value)
    page.save_revision().publish()


def another_value(page: Any, name: str) -> Any:
    """Return a value that differs from the page's own, fit for the field."""
    field = page._meta.get_field(name)
    if name == "review_by" or isinstance(field, models.DateField):
        return dt.date(2031, 5, 6)
    if isinstance(field, models.BooleanField):
        return not getattr(page, name)
    if isinstance(field, models.IntegerField):
        return 1999 if name.endswith("since") else 7
    return None


@pytest.mark.parametrize("kind", PAGES)
def test_every_simple_fact_is_copied_to_the_other_language_live_and_draft(kind: str) -> None:
    page = PAGES[kind](make.make_tree())
    english = make.translate(page)
    names = [name for name in shared_fields(page) if another_value(page, name) is not None]

    republish(page, **{name: another_value(page, name) for name in names})

    english.refresh_from_db()
    draft = english.get_latest_revision_as_object()
    assert names
    assert [(name, fact(english, name)) for name in names] == [(name, fact(page, name)) for name in names]
    assert [(name, fact(draft, name)) for name in names] == [(name, fact(page, name)) for name in names]


def test_steps_topics_and_lists_are_copied() -> None:
    practice = make.make_practice(make.make_tree())
    english = make.translate(practice)

    republish(practice, steps=[make.step("plan")], topics=[make.topic("sport")], partner_countries=["PL", "FR"])

    english = GoodPracticePage.objects.get(pk=english.pk)
    draft = english.get_latest_revision_as_object()
    for state in (english, draft):
        assert [step.code for step in state.steps.all()] == ["plan"]
        assert [topic.slug for topic in state.topics.all()] == ["sport"]
        assert state.partner_countries == ["PL", "FR"]


def test_facts_flow_from_english_to_german_too() -> None:
    practice = make.make_practice(make.make_tree(), age_from=12)
    english = make.translate(practice)

    republish(english, age_from=14)

    assert GoodPracticePage.objects.get(pk=practice.pk).age_from == 14


def test_texts_are_not_copied() -> None:
    practice = make.make_practice(make.make_tree())
    english = make.translate(practice, title="A bus runs", teaser="In short")

    republish(practice, title="Zwei Busse fahren", teaser="Neu")

    english.refresh_from_db()
    assert (english.title, english.teaser) == ("A bus runs", "In short")


def test_a_fact_changed_in_a_draft_survives_a_publish_that_did_not_touch_it() -> None:
    practice = make.make_practice(make.make_tree(), age_to=18)
    english = make.translate(practice)
    practice.age_to = 21
    practice.save_revision()

    republish(english, title="New words")

    assert practice.get_latest_revision_as_object().age_to == 21


def test_an_unpublished_translation_gets_the_facts_in_row_and_draft() -> None:
    practice = make.make_practice(make.make_tree())
    english = make.translate(practice)
    english.unpublish()

    republish(practice, staff_hours="", age_from=9)

    english.refresh_from_db()
    assert (english.live, english.age_from) == (False, 9)
    assert english.get_latest_revision_as_object().age_from == 9


def test_nothing_is_written_when_no_fact_differs() -> None:
    practice = make.make_practice(make.make_tree())
    english = make.translate(practice)
    before = english.latest_revision.content

    republish(practice, title="Nur ein Text")

    english.refresh_from_db()
    assert english.latest_revision.content == before


def test_a_publish_raises_the_content_counter_and_is_noted() -> None:
    practice = make.make_practice(make.make_tree())
    before = current()

    republish(practice, title="Anders")

    practice.refresh_from_db()
    version.forget()
    assert current() > before
    assert FollowedPage.objects.get(page=practice).revision_id == practice.live_revision_id


def test_the_worker_repairs_what_a_crash_left_out() -> None:
    practice = make.make_practice(make.make_tree(), age_from=3)
    english = make.translate(practice)
    GoodPracticePage.objects.filter(pk=practice.pk).update(age_from=5)
    FollowedPage.objects.filter(page=practice).update(revision_id=0)
    assert [page.pk for page in unfollowed()] == [practice.pk]

    assert repair() == 1

    english.refresh_from_db()
    assert english.age_from == 5
    assert not unfollowed().exists()


def test_a_publish_is_told_when_its_followers_have_run_and_not_before() -> None:
    practice = make.make_practice(make.make_tree())
    practice.save_revision().publish()
    practice.refresh_from_db()
    before = current()

    practice.live_revision = practice.save_revision()
    practice.save()  # as Wagtail does in the midst of a publish
    in_between = current()
    repair()
    followed = current()
    practice.save()  # as a script does

    assert in_between == before
    assert before < followed < current()
