"""The plain search: finds words, in one language, and no query breaks it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from search.queries import LONGEST_QUERY, MOST_WORDS, words_of
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def test_finds_words_of_title_and_text_in_its_own_language(client: Client) -> None:
    page = make.make_practice(make.make_tree(), title="Der Kranichbus", situation="<p>Nachtverkehr fehlte.</p>")
    make.translate(page, title="The crane bus", situation="<p>No night service.</p>")

    assert "Der Kranichbus" in client.get("/de/suche/?q=Nachtverkehr").content.decode()
    assert "The crane bus" in client.get("/en/search/?q=night").content.decode()
    assert "Der Kranichbus" not in client.get("/en/search/?q=Kranichbus").content.decode()


def test_draft_is_not_found(client: Client) -> None:
    page = make.make_practice(make.make_tree(), title="Der Kranichbus")
    page.unpublish()

    assert "Der Kranichbus</" not in client.get("/de/suche/?q=Kranichbus").content.decode()


@pytest.mark.parametrize(
    "query",
    ["", "'", '"', "%", "*", "a AND", "NEAR(", "-", "()", "\x00", "a\x00b", "😀", "<script>alert(1)</script>", "x" * 10_000,
     "wort " * 3000, "title:x", "\u202e", "ﬀ"],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/de/suche/", "/en/search/"])
def test_no_query_breaks_it(client: Client, address: str, query: str) -> None:
    make.make_practice(make.make_tree())

    answer = client.get(address, {"q": query, "page": "x"})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_long_query_is_cut() -> None:
    assert len(words_of("wort " * 1000)) == MOST_WORDS
    assert len("".join(words_of("x" * 10_000))) == LONGEST_QUERY


@pytest.mark.parametrize(("language", "address"), [("de", "/de/suche/"), ("en", "/en/search/")])
def test_address_is_translated(language: str, address: str) -> None:
    with translation.override(language):
        assert reverse("search") == address
