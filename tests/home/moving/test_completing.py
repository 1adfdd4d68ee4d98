"""Imported pages with gaps: published, listed, and asked for by the next edit by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.models import User
from home.models import ImportedItem
from home.moving.completing import gaps
from knowledge.models import GoodPracticePage, MaterialPage
from tests.factories import everything
from tests.factories import pages as make
from tests.home.moving.conftest import Box, practice

pytestmark = pytest.mark.usefixtures("planted")

QUERIES = 5


@pytest.fixture
def editor(tree: make.Tree, client: Client) -> Client:
    client.force_login(User.objects.get_or_create(username="admin", is_superuser=True, is_staff=True)[0])
    return client


def test_page_with_gaps_is_public_and_names_them(box: Box, tree: make.Tree) -> None:
    result = box.run(practice(topics=[], summary=""), {**practice("m"), "kind": "material"})

    practice_page, material = GoodPracticePage.objects.get(), MaterialPage.objects.get()
    assert result.incomplete == 2
    assert practice_page.imported.gaps == ["municipality", "situation", "results", "teaser", "topics"]
    assert material.imported.gaps == ["material_type", "files"]
    assert [Client().get(page.url).status_code for page in (practice_page, material)] == [200, 200]


def test_pages_that_an_editor_published_have_no_gaps(tree: make.Tree) -> None:
    found = {name: gaps(build(tree)) for name, build in everything.PAGES.items()}

    assert {name: names for name, names in found.items() if names} == {}
    assert len(found) > 10


def test_report_lists_pages_until_they_are_complete(box: Box, tree: make.Tree, editor: Client) -> None:
    complete = {"situation": "Kein Bus.", "results": "Drei Fahrten."}
    make.make_municipality(name="Musterhausen")
    box.run(
        practice("1", title="Fertig", fields=complete, municipality="Musterhausen"),
        practice("2", title="Unfertig", municipality="Musterhausen"),
    )

    response = editor.get(reverse("completion_report"))

    assert [page.title for page in response.context["object_list"]] == ["Unfertig"]
    assert "Ausgangslage, Wirkung" in response.content.decode()
    assert editor.get(reverse("completion_report"), {"export": "xlsx"}).status_code == 200
    page = GoodPracticePage.objects.get(title="Unfertig")
    page.situation = page.results = "<p>Da.</p>"
    page.save_revision().publish()
    assert [*editor.get(reverse("completion_report")).context["object_list"]] == []


def test_report_is_closed_to_visitors(tree: make.Tree, client: Client) -> None:
    assert client.get(reverse("completion_report")).status_code == 302


@pytest.mark.parametrize("number", [1, 5])
def test_report_needs_the_same_queries_for_one_page_and_five(
    box: Box, tree: make.Tree, editor: Client, django_assert_num_queries: Any, number: int
) -> None:
    box.run(*(practice(f"{n}", title=f"Bus {n}") for n in range(number)))
    editor.get(reverse("completion_report_results"))

    with django_assert_num_queries(QUERIES):
        editor.get(reverse("completion_report_results"))


def test_next_edit_by_hand_asks_for_what_is_missing(box: Box, tree: make.Tree, editor: Client) -> None:
    box.run({**practice(), "kind": "material", "summary": ""})
    page = MaterialPage.objects.get()
    data = nested_form_data({"files": streamfield([]), "body": streamfield([]), "comments": inline_formset([])})
    data |= {"title": page.title, "slug": page.slug, "steps": [step.pk for step in page.steps.all()], "topics": "rural"}
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])

    response = editor.post(address, {**data, "action-publish": "1"})

    assert set(response.context["form"].errors) == {"material_type", "teaser", "files"}


def test_pages_that_were_not_imported_are_never_listed(tree: make.Tree) -> None:
    make.make_practice(tree)

    assert not ImportedItem.objects.exists()
