"""The text inside the files of materials is found; a file that is broken harms nobody."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pptx
import pytest
from django.core.files.base import ContentFile
from docx import Document as Docx
from pypdf import PdfWriter
from wagtail.models import Collection, CollectionViewRestriction

from cms.models import CustomDocument
from search import files
from search.engines.interface import SearchRequest
from search.models import FileText
from search.queries import search
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def docx(text: str) -> bytes:
    made, target = Docx(), io.BytesIO()
    made.add_paragraph(text)
    made.add_table(1, 1).cell(0, 0).text = "Tabellenzelle"
    made.save(target)
    return target.getvalue()


def pptx_file(text: str) -> bytes:
    made, target = pptx.Presentation(), io.BytesIO()
    slide = made.slides.add_slide(made.slide_layouts[0])
    slide.shapes.title.text = text
    made.save(target)
    return target.getvalue()


def xlsx(text: str) -> bytes:
    made, target = openpyxl.Workbook(), io.BytesIO()
    made.active["A1"] = text
    made.save(target)
    return target.getvalue()


def pdf() -> bytes:
    target = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(target)
    return target.getvalue()


def add(name: str, content: bytes) -> CustomDocument:
    return CustomDocument.objects.create(title=name, file=ContentFile(content, name=name))


def found(text: str) -> list[int]:
    return [hit.id for hit in search(SearchRequest(text)).hits]


def test_words_of_a_file_that_is_not_for_everybody_are_not_found() -> None:
    office = Collection.get_first_root_node().add_child(name="Nur für uns")
    below = office.add_child(name="Entwürfe")
    secret = CollectionViewRestriction.objects.create(collection=office, restriction_type="login")
    documents = [add("a.docx", docx("Kranichgeheimnis")), add("b.docx", docx("Kranichplan"))]
    CustomDocument.objects.filter(pk=documents[0].pk).update(collection=below)
    page = make.make_material(make.make_tree(), files=[("file", document) for document in documents])
    files.read_new_files()
    assert (found("Kranichgeheimnis"), found("Kranichplan")) == ([], [page.pk])

    secret.delete()
    files.read_new_files()
    assert found("Kranichgeheimnis") == [page.pk]

    CollectionViewRestriction.objects.create(collection=office, restriction_type="login")
    assert (found("Kranichgeheimnis"), found("Kranichplan")) == ([], [page.pk])


def test_words_inside_files_are_found_after_the_worker_has_read_them() -> None:
    documents = [
        add("a.docx", docx("Kranichvertrag")),
        add("b.pptx", pptx_file("Kranichfolie")),
        add("c.xlsx", xlsx("Kranichtabelle")),
        add("d.pdf", pdf()),
        add("e.pdf", b"%PDF-1.4 broken"),
        add("f.docx", b"PK broken"),
    ]
    page = make.make_material(make.make_tree(), files=[("file", document) for document in documents])
    assert found("Kranichvertrag") == []

    assert files.read_new_files() == 6
    assert files.read_new_files() == 0

    for word in ("Kranichvertrag", "Tabellenzelle", "Kranichfolie", "Kranichtabelle"):
        assert found(word) == [page.pk], word
    assert FileText.objects.exclude(problem="").count() == 2


def test_a_file_too_large_is_left_alone(monkeypatch: Any) -> None:
    monkeypatch.setattr(files, "LARGEST", 10)

    assert files.read(add("a.docx", docx("Kranichvertrag"))) == ("", "too large")
