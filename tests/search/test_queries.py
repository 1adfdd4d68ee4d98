"""The search from page to hit."""

from __future__ import annotations

from typing import Any

import pytest

from cms import version
from search import indexing
from search.engines import choice
from search.engines.interface import SearchRequest
from search.queries import complete, related, search
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


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


@pytest.mark.parametrize(
    ("typed", "marked"),
    [("JHA", "Jugendhilfeausschuss"), ("Nachtverkher", "Nachtverkehr"), ("Nachtverk", "Nachtverkehr")],
)
def test_marks_synonyms_better_spellings_and_half_typed_words(typed: str, marked: str) -> None:
    text = "<p>Nachtverkehr fehlte uns. Der Jugendhilfeausschuss half.</p>"
    make.make_practice(make.make_tree(), title="Der Kranichbus", situation=text)

    hit = search(SearchRequest(typed)).hits[0]

    assert [piece.text for piece in hit.highlight if piece.is_match] == [marked]


def test_a_made_up_compound_is_not_found_by_a_scrap_of_it() -> None:
    tree = make.make_tree()
    for number in range(2):
        make.make_practice(tree, title=f"Die Welt im Raum {number}", situation="<p>Ein Jugendtreffen, unter uns.</p>")
    indexing.rebuild(choice.embedded(), "de")

    assert (found("Weltraumaufzug"), found("Unterwassertreffen")) == ([], [])
    assert len(found("Welt Raum")) == 2
    assert len(found("Jugendtreffenx")) == 2  # most of it is known


def test_a_typo_is_put_right_and_a_page_that_is_gone_is_gone() -> None:
    tree = make.make_tree()
    page = make.make_practice(tree, title="Jugendbegegnung am Fluss")

    assert search(SearchRequest("Jugendbegegnugn")).suggestion == "Jugendbegegnung"
    assert search(SearchRequest("Jugendbegegnung")).suggestion == ""
    page.unpublish()
    assert found("Jugendbegegnung") == []


def test_completes_titles_and_words() -> None:
    page = make.make_practice(make.make_tree(), title="Jugendbegegnung am Fluss")

    lines = complete("jugendbe", "de")

    assert [(line.kind, line.text, line.id) for line in lines] == [
        ("title", "Jugendbegegnung am Fluss", page.pk),
        ("word", "jugendbegegnung", None),
    ]


def test_facets_show_all_steps_and_do_not_count_their_own_choice() -> None:
    tree = make.make_tree()
    make.make_practice(tree, title="Bus eins", steps=[make.step("allies")])
    make.make_practice(tree, title="Bus zwei", steps=[make.step("plan")])

    answer = search(SearchRequest("Bus", filters={"step": ["plan"]}))

    assert answer.total == 1
    assert [(value.code, value.count, value.is_selected) for value in answer.facets["step"]] == [
        ("allies", 1, False),
        ("network", 0, False),
        ("plan", 1, True),
        ("training", 0, False),
        ("service", 0, False),
        ("pr", 0, False),
    ]


def test_related_pages_share_rare_words() -> None:
    tree = make.make_tree()
    page = make.make_practice(tree, title="Partnerstadt in Polen", situation="<p>Bigos kochen.</p>")
    near = make.make_practice(tree, title="Kochbuch", situation="<p>Bigos und Piroggen kochen.</p>")
    make.make_practice(tree, title="Zeltlager", situation="<p>Zelte am See.</p>")

    assert related(page, limit=1) == [near.pk]


def test_what_fits_is_kept_for_seconds_while_the_index_is_behind(settings: Any) -> None:
    tree = make.make_tree()
    page = make.make_practice(tree, title="Partnerstadt in Polen", situation="<p>Bigos kochen.</p>")
    settings.SEARCH_IN_TRANSACTIONS = False  # nobody brings the index up to date
    _nothing, without_index = version.observed(lambda: related(page))
    settings.SEARCH_IN_TRANSACTIONS = True
    related(page)
    settings.SEARCH_IN_TRANSACTIONS = False
    near = make.make_practice(tree, title="Kochbuch", situation="<p>Bigos und Piroggen kochen.</p>")
    _old, behind = version.observed(lambda: related(page))
    settings.SEARCH_IN_TRANSACTIONS = True
    found, up_to_date = version.observed(lambda: related(page, limit=1))

    assert found == [near.pk]
    few, ever = version.SEATS_LAST, float("inf")
    assert [made.lasts for made in (without_index, behind, up_to_date)] == [few, few, ever]
    assert all(made.may_be_kept for made in (without_index, behind, up_to_date))
