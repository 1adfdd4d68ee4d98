"""The search from page to hit."""

from __future__ import annotations

import pytest

from search.engines.interface import SearchRequest
from search.queries import search
from tests.factories import pages as make

pytestmark = pytest.mark.django_db


def found(text: str, locale: str = "de", **wanted) -> list[int]:
    return [hit.id for hit in search(SearchRequest(text=text, locale=locale, **wanted)).hits]


def test_finds_words_of_title_and_text_in_its_own_language() -> None:
    page = make.make_practice(make.make_tree(), title="Der Kranichbus", situation="<p>Nachtverkehr fehlte.</p>")
    english = make.translate(page, title="The crane bus", situation="<p>No night service.</p>")

    assert found("Nachtverkehr") == [page.pk]
    assert found("night", "en") == [english.pk]
    assert found("Kranichbus", "en") == []


def test_marks_the_words_that_were_found() -> None:
    make.make_practice(make.make_tree(), title="Der Kranichbus", situation="<p>Nachtverkehr fehlte uns.</p>")

    hit = search(SearchRequest("Nachtverkehrs")).hits[0]

    assert [piece.text for piece in hit.highlight if piece.is_match] == ["Nachtverkehr"]
