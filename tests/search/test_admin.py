"""What editors tell the search and what it tells them: for their group only."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from home.services.groups import EDITORS, GROUPS
from search import counting
from search.engines.interface import SearchRequest
from search.models import Promotion, Synonyms
from search.queries import search
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
LISTS = [f"wagtailsnippets_search_{name}:{page}" for name in ("synonyms", "promotion") for page in ("list", "add")]


@pytest.fixture
def member(client: Client, django_user_model: Any) -> Any:
    """Log in as a member of a group."""

    def log_in(group: str) -> Client:
        user = django_user_model.objects.create_user(f"one of {group}", password="geheim-und-lang")
        user.groups.add(Group.objects.get(name=group))
        client.force_login(user)
        return client

    return log_in


@pytest.mark.parametrize("group", GROUPS)
def test_only_editors_tell_the_search(member: Any, group: str) -> None:
    client = member(group)

    answers = [client.get(reverse(name)).status_code for name in (*LISTS, "searches_report")]

    assert answers == ([200] * 5 if group == EDITORS else [302] * 5)


def test_an_editor_makes_synonyms_and_they_work_at_once(member: Any) -> None:
    page = make.make_practice(make.make_tree(), title="Kranichbus")
    client = member(EDITORS)
    assert search(SearchRequest("Zugvogelmobil")).total == 0

    answer = client.post(
        reverse("wagtailsnippets_search_synonyms:add"), {"locale": "de", "words": "Zugvogelmobil, Kranichbus"}
    )

    assert answer.status_code == 302
    assert Synonyms.objects.get(words__contains="Zugvogelmobil").locale == "de"
    hits = search(SearchRequest("Zugvogelmobil")).hits
    assert [hit.id for hit in hits] == [page.pk]
    assert [piece.text for piece in hits[0].title if piece.is_match] == ["Kranichbus"]
    assert search(SearchRequest("Zugvogelmobil", locale="en")).total == 0


def test_an_editor_promotes_a_page_and_the_visitor_sees_it_first(member: Any) -> None:
    page = make.make_practice(make.make_tree(), title="Kranichbus")
    client = member(EDITORS)

    fields = {"locale": "de", "words": "Vogel", "page": page.pk, "order": 0}
    assert client.post(reverse("wagtailsnippets_search_promotion:add"), fields).status_code == 302

    assert Promotion.objects.get().page_id == page.pk
    assert [hit.id for hit in search(SearchRequest("Vögel")).promoted] == [page.pk]


def test_report_counts_per_language_and_hides_what_few_looked_for(member: Any) -> None:
    tree = make.make_tree()
    make.make_practice(tree, title="Kranichbus")
    client = member(EDITORS)
    for _time in range(3):
        client.get("/de/suche/?q=Kranichbus")
        client.get("/en/search/?q=airship")
    for _time in range(2):
        client.get("/de/suche/?q=Erika+Mustermann")
    counting.flush()

    html = client.get(reverse("searches_report")).content.decode()

    assert ("kranichbus" in html, "airship" in html, "mustermann" in html.lower()) == (True, True, False)
