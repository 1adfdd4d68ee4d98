"""The search stays true: what changes, moves, hides or goes is searched as it is now."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from home.models import NewsPage
from knowledge.models import Municipality
from knowledge.services.register import bring_up_to_date
from search import documents, indexing, verifying
from search.engines import choice
from search.engines.interface import SearchRequest
from search.models import SearchChange, SearchDocument
from search.queries import complete, search
from tests.factories import pages as make
from tests.factories.municipalities import make_register, make_row
from trainings.services.editing import Change, save_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def found(text: str, locale: str = "de", **wanted) -> list[int]:
    return sorted(hit.id for hit in search(SearchRequest(text=text, locale=locale, **wanted)).hits)


def nothing_differs() -> bool:
    assert documents.repair_everything(lambda _done: None) == 0
    for locale in ("de", "en"):
        indexing.catch_up(choice.embedded(), locale)
    return all(verifying.verify(choice.embedded(), locale) == [] for locale in ("de", "en"))


def test_a_subtree_made_private_is_gone_at_once_and_comes_back() -> None:
    tree = make.make_tree()
    page = make.make_practice(tree, title="Kranichbus")
    assert found("Kranichbus") == [page.pk]

    restriction = PageViewRestriction.objects.create(page=tree.knowledge, restriction_type="login")
    assert found("Kranichbus") == []
    assert complete("kranichb", "de")[:1] != [] and complete("kranichb", "de")[0].kind == "word"  # noqa: PT018
    assert nothing_differs()

    restriction.delete()
    assert found("Kranichbus") == [page.pk]


def test_a_restriction_moved_to_another_page_frees_the_first() -> None:
    tree = make.make_tree()
    one, two = make.make_practice(tree, title="Kranichbus eins"), make.make_practice(tree, title="Kranichbus zwei")
    restriction = PageViewRestriction.objects.create(page=one, restriction_type="login")
    assert found("Kranichbus") == [two.pk]

    restriction.page = Page.objects.get(pk=two.pk)
    restriction.save()

    assert found("Kranichbus") == [one.pk]


def test_moved_into_private_and_deleted_pages_are_gone() -> None:
    tree = make.make_tree()
    hidden = make.make_standard(tree, title="Intern")
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    moved, deleted = make.make_standard(tree, title="Kranichplan"), make.make_standard(tree, title="Kranichliste")
    assert found("Kranichplan Kranichliste") == sorted([moved.pk, deleted.pk])

    moved.move(hidden, pos="last-child")
    Page.objects.get(pk=deleted.pk).delete()

    assert found("Kranichplan Kranichliste") == []
    assert nothing_differs()


def test_renamed_and_deleted_topics_and_places_reach_their_pages() -> None:
    tree = make.make_tree()
    place = make.make_municipality(name="Altdorfingen")
    page = make.make_practice(tree, title="Beispiel", municipality=place, topics=[make.topic("rural")])
    english = make.translate(page, title="Example")

    place.name = "Neudorfingen"
    place.save()
    topic = make.topic("rural")
    topic.name, topic.name_en = "Kleinstädtisches", "Villages everywhere"
    topic.save()

    assert found("Neudorfingen") == [page.pk]
    assert found("Kleinstädtisches") == [page.pk]
    assert found("villages", "en") == [english.pk]
    topic.delete()
    assert found("Kleinstädtisches") == []
    assert found("", scope={"topic": ["rural"]}) == []


def test_place_that_the_register_renames_is_found_by_its_new_name() -> None:
    bring_up_to_date(make_register(make_row(name="Altdorfingen")))
    page = make.make_practice(make.make_tree(), title="Beispiel", municipality=Municipality.objects.get())

    bring_up_to_date(make_register(make_row(name="Neudorfingen"), as_of=dt.date(2024, 12, 31)))

    assert found("Neudorfingen") == [page.pk]
    assert found("Altdorfingen") == []


def test_a_topic_on_many_pages_is_left_to_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = make.make_tree()
    pages = [make.make_practice(tree, title=f"Beispiel {number}") for number in range(4)]
    monkeypatch.setattr("search.following.AT_ONCE", 3)

    topic = make.topic("rural")
    topic.name = "Kleinstädtisches"
    topic.save()
    assert found("Kleinstädtisches") == []
    documents.refresh_stale()

    assert found("Kleinstädtisches") == sorted(page.pk for page in pages)
    assert not SearchDocument.objects.filter(stale_on__isnull=False).exists()


def test_a_shared_fact_changed_in_one_language_is_found_in_the_other() -> None:
    tree = make.make_tree()
    page = make.make_practice(tree, title="Beispiel")
    english = make.translate(page, title="Example")

    page.municipality = make.make_municipality(name="Neudorfingen")
    page.save_revision().publish()

    assert found("Neudorfingen", "en") == [english.pk]


def test_a_call_is_found_until_its_deadline() -> None:
    tree = make.make_tree()
    today = timezone.localdate()
    fields = {"news_kind": "call", "body": make.PARAGRAPH}
    call = make.publish(NewsPage, tree.news, title="Aufruf Kranich", deadline=today, **fields)
    assert found("Kranich") == [call.pk]

    row = SearchDocument.objects.get(pk=call.pk)
    row.expires = today - dt.timedelta(days=1)
    row.digest = documents.digest(row)
    documents.write([row])

    assert found("Kranich") == []


def test_runs_tell_mode_fee_and_month_and_past_offers_are_past() -> None:
    tree = make.make_tree()
    past, coming = make.make_training(tree, title="Kranichkurs alt"), make.make_training(tree, title="Kranichkurs neu")
    day = timezone.now()
    make.make_run(past, starts_in=-40, mode="online")
    make.make_run(coming, starts_in=40, mode="onsite", fee=0)
    month = (day + dt.timedelta(days=40)).strftime("%Y-%m")

    assert found("Kranichkurs", when="past") == [past.pk]
    assert found("Kranichkurs", when="upcoming") == [coming.pk]
    assert found("", when=month) == [coming.pk]
    assert found("Kranichkurs", filters={"mode": ["online"]}) == [past.pk]
    assert found("Kranichkurs", filters={"fee": ["free"]}) == [coming.pk]


def test_replaying_the_log_twice_changes_nothing() -> None:
    tree = make.make_tree()
    page = make.make_practice(tree, title="Kranichbus")
    engine = choice.embedded()
    found("Kranichbus")
    before = engine.versions("de")

    lines = list(SearchChange.objects.all())
    for _time in range(2):
        changes = indexing._changes([line for line in lines if line.locale == "de"], indexing.words.analyser("de", 0))
        engine.apply("de", changes, seq=1)

    assert engine.versions("de") == before
    assert found("Kranichbus") == [page.pk]


def test_publishing_without_a_change_writes_nothing() -> None:
    page = make.make_practice(make.make_tree(), title="Kranichbus")
    lines = SearchChange.objects.count()

    page.save_revision().publish()

    assert SearchChange.objects.count() == lines


def test_people_are_not_found() -> None:
    tree = make.make_tree()
    make.make_practice(tree, title="Kranichbus", contact=make.make_person(name="Adelheid Ungewöhnlich"))
    make.make_team(tree)

    assert found("Ungewöhnlich") == []
    assert found("Adelheid") == []


def test_run_that_the_form_publishes_is_found_by_what_it_says() -> None:
    page = make.make_training(make.make_tree())
    run = make.make_run(page, published_at=None, city="Kranichwerder")
    assert found("Kranichwerder") == []

    save_run(run.pk, Change({"published_at": timezone.now()}), actor=None)

    assert found("Kranichwerder") == [page.pk]
    assert nothing_differs()
