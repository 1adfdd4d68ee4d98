"""Materials: what a list says of their files, in a fixed number of queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cms import version
from cms.models import CustomDocument
from knowledge.models import MaterialPage, with_files
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def document(name: str, **facts: Any) -> CustomDocument:
    row = CustomDocument(title=name, file=ContentFile(b"x" * 2048, name), file_size=2048, **facts)
    row.save()
    return row


def material(tree: make.Tree, *documents: CustomDocument, **fields: Any) -> MaterialPage:
    files = [{"type": "file", "value": row.pk} for row in documents]
    page: MaterialPage = make.make_material(tree, files=files, **{"link_url": "", **fields})
    return page


@pytest.mark.parametrize(
    ("accessible", "words"),
    [("yes", "barrierefrei"), ("no", "nicht barrierefrei"), ("unknown", "Barrierefreiheit nicht geprüft")],
)
def test_list_says_format_size_and_whether_a_file_is_accessible(client: Client, accessible: str, words: str) -> None:
    tree = make.make_tree()
    material(tree, document("plan.docx", accessible=accessible))

    html = client.get("/de/wissen/materialien/").content.decode()

    assert f"<li>DOCX</li><li>2,0\xa0KB</li><li>{words}</li>" in html


def test_list_counts_several_files_and_begins_with_the_reader_s_language(client: Client) -> None:
    tree = make.make_tree()
    page = material(tree, document("plan.docx"), document("plan.pdf", language="en"))

    assert with_files([page])[0].file_facts == ["DOCX", "2,0\xa0KB", "Barrierefreiheit nicht geprüft", "2 Dateien"]
    with translation.override("en"):
        assert with_files([page])[0].file_facts[0] == "PDF"


def test_material_elsewhere_says_that_it_is_a_link() -> None:
    page = material(make.make_tree(), link_url="https://www.example.org/checkliste")

    assert with_files([page])[0].card_meta == ["Checkliste", "Link"]


def test_deleted_file_is_left_out() -> None:
    tree = make.make_tree()
    kept, gone = document("a.pdf"), document("b.pdf")
    page = material(tree, gone, kept)
    gone.delete()

    assert with_files([MaterialPage.objects.get(pk=page.pk)])[0].documents == [kept]
    assert MaterialPage.objects.get(pk=page.pk).documents == [kept]


def test_card_outside_a_list_asks_the_database_for_no_file() -> None:
    page = MaterialPage.objects.get(pk=material(make.make_tree(), document("a.pdf")).pk)
    with CaptureQueriesContext(connection) as captured:
        meta = page.card_meta

    assert (meta, len(captured)) == (["Checkliste"], 0)


@pytest.mark.parametrize("path", ["/de/wissen/materialien/", "/de/wissen/", "/de/der-weg/schritt/"])
def test_files_of_a_list_cost_one_query(client: Client, path: str) -> None:
    tree = make.make_tree()
    make.make_step_page(tree, slug="schritt")
    counts = []
    for number in (4, 8):
        for _ in range(number):
            material(tree, document("a.pdf"), document("b.pdf"))
        version.forget()
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))

    assert counts[0] == counts[1]
