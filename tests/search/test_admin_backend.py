"""The search of the admin: quick, and no typed sign breaks it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.models import Page

from knowledge.models import GoodPracticePage
from tests.factories import pages as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ['"', '""', "'", '"bus', "a\x00b", "NEAR(", "bus AND", "%s", "*", "^bus", "-"])
def test_no_query_breaks_it(admin_client, query: str) -> None:
    make.make_practice(make.make_tree(), title="Der Bus")

    answer = admin_client.get(reverse("wagtailadmin_pages:search"), {"q": query})

    assert answer.status_code == 200


def test_finds_beginnings_and_words_the_best_first() -> None:
    tree = make.make_tree()
    once = make.make_practice(tree, title="Fahrplan", situation="<p>Der Kranichbus fährt. Sonst viel anderes.</p>")
    often = make.make_practice(tree, title="Kranichbus", situation="<p>Kranichbus, Kranichbus.</p>")

    assert [page.pk for page in GoodPracticePage.objects.search("Kranichbus")] == [often.pk, once.pk]
    assert [page.pk for page in Page.objects.autocomplete("Kranich")] == [often.pk]
    assert GoodPracticePage.objects.live().search("Kranichbus").count() == 2
    assert [page.pk for page in GoodPracticePage.objects.search("Kranichbus")[1:2]] == [once.pk]


def test_order_of_the_query_set_is_kept_when_asked_for() -> None:
    tree = make.make_tree()
    second = make.make_practice(tree, title="Bus zwei Bus")
    first = make.make_practice(tree, title="Bus eins")

    found = GoodPracticePage.objects.order_by("title").search("Bus", order_by_relevance=False)

    assert [page.pk for page in found] == [first.pk, second.pk]


def test_fields_it_has_no_column_for_are_no_error() -> None:
    make.make_practice(make.make_tree(), title="Bus")

    assert len(GoodPracticePage.objects.search("Bus", fields=["title"])) == 1
    assert len(GoodPracticePage.objects.search("Bus", fields=["teaser"])) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the index exists on PostgreSQL only")
def test_postgresql_has_the_index_for_title_and_text() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE indexname = 'search_admin_title_body'")
        assert cursor.fetchone() == (1,)
