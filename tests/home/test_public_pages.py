"""Every page type in both languages: right status, right language, fixed number of queries, nothing leaked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import PageViewRestriction

from knowledge.models import FundingProgramme
from tests.counting import queries
from tests.factories import pages as make
from tests.factories.everything import INDEXES, PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
MOST_QUERIES = {
    "standard": 3,
    "imprint": 3,
    "declaration": 3,
    "team": 4,
    "home": 4,
    "way": 4,
    "knowledge": 10,
    "offers": 10,
    "municipalities": 4,
    "centres": 4,
    "news": 6,
    "infobrief": 5,
    "issue": 5,
    "practice": 4,
    "material": 4,
    "municipality": 4,
    "service_centre": 4,
    "step": 4,
    "training": 7,
    "exchange": 7,
}


def build(kind: str, tree: make.Tree) -> Any:
    return getattr(tree, kind) if kind in INDEXES else PAGES[kind](tree)


def english(page: Any) -> Any:
    return page.get_translations().filter(locale__language_code="en").first() or make.translate(page)


@pytest.mark.parametrize("kind", [*INDEXES, *PAGES])
def test_page_answers_in_both_languages(client: Client, kind: str) -> None:
    page = build(kind, make.make_tree())
    other = english(page)

    german_answer, english_answer = client.get(page.url), client.get(other.url)

    assert (german_answer.status_code, english_answer.status_code) == (200, 200)
    german_html, english_html = german_answer.content.decode(), english_answer.content.decode()
    assert '<html lang="de">' in german_html
    assert '<html lang="en">' in english_html
    assert page.title in german_html
    assert other.title in english_html
    assert f'hreflang="en" href="http://testserver{other.url}"' in german_html
    assert f'hreflang="de" href="http://testserver{page.url}"' in english_html
    assert f'<link rel="canonical" href="http://testserver{page.url}">' in german_html


@pytest.mark.parametrize("kind", [*INDEXES, *PAGES])
def test_page_has_no_cookie_no_inline_script_or_style_and_no_foreign_address(client: Client, kind: str) -> None:
    page = build(kind, make.make_tree())

    response = client.get(page.url)

    html = response.content.decode()
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert " style=" not in html
    assert "<style" not in html
    assert not re.search(r" on[a-z]+=", html)
    assert not re.search(r"<script(?![^>]*(src=\"/static/|application/ld\+json))", html)
    assert not re.search(r'<(?:img|script|iframe|source|video|audio)[^>]+(?:src|srcset)="(?:https?:)?//', html)
    assert "script-src 'self';" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", MOST_QUERIES)
def test_page_needs_few_queries_in_both_languages(client: Client, kind: str) -> None:
    page = build(kind, make.make_tree())
    other = english(page)

    german, in_english = queries(client, page.url), queries(client, other.url)

    assert german <= MOST_QUERIES[kind]
    assert in_english <= german + 1


def full_site(tree: make.Tree) -> dict[str, Any]:
    """Return pages on which everything is filled in and gathered, as on a site of two years."""
    steps = [make.step("allies"), make.step("plan")]
    topics = [make.topic("sport"), make.topic("rural")]
    materials: list[Any] = [make.make_material(tree, steps=steps, topics=topics) for _ in range(5)]
    others: list[Any] = [make.make_practice(tree, steps=steps, topics=topics) for _ in range(5)]
    links = "".join(f'<p><a linktype="page" id="{page.pk}">{page.title}</a></p>' for page in [*materials, *others])
    for maker in (make.make_training, make.make_exchange):
        for _ in range(4):
            make.make_run(maker(tree, steps=steps, topics=topics))
    for _ in range(4):
        make.make_centre(tree)
        make.make_news(tree, steps=steps)
    chosen = {
        name: [{"type": "page", "value": page.pk} for page in pages[:2]]
        for name, pages in (("materials", materials), ("related", others))
    }
    return {
        "practice": make.make_practice(
            tree,
            steps=steps,
            topics=topics,
            contact=make.make_person(),
            funding=[FundingProgramme.objects.all()[0].code],
            situation=links,
            **chosen,
        ),
        "step": make.make_step_page(tree, in_brief=links),
        "standard": make.make_standard(tree, body=[{"type": "paragraph", "value": links}] * 3),
        "home": tree.home,
    }


def test_pages_with_everything_on_them_need_no_more_queries(client: Client) -> None:
    for kind, page in full_site(make.make_tree()).items():
        german, in_english = queries(client, page.url), queries(client, english(page).url)

        assert (kind, max(german, MOST_QUERIES[kind])) == (kind, MOST_QUERIES[kind])
        assert (kind, max(in_english, german + 1)) == (kind, german + 1)


@pytest.mark.parametrize(
    ("language", "index", "maker"),
    [
        ("de", "knowledge", "practice"),
        ("de", "knowledge", "material"),
        ("de", "offers", "training"),
        ("de", "municipalities", "municipality"),
        ("de", "centres", "service_centre"),
        ("de", "news", "news"),
        ("de", "infobrief", "issue"),
        ("de", "home", "news"),
        ("de", "home", "training"),
        ("en", "knowledge", "practice"),
        ("en", "news", "news"),
        ("en", "home", "training"),
    ],
)
def test_lists_need_the_same_queries_for_3_and_30_items(client: Client, language: str, index: str, maker: str) -> None:
    tree = make.make_tree()
    if language == "en":
        tree = replace(tree, **{name: english(getattr(tree, name)) for name in INDEXES})
    for number in range(3):
        PAGES[maker](tree, title=f"Titel {number}")
    page = getattr(tree, index)
    few = queries(client, page.url)
    for number in range(3, 30):
        PAGES[maker](tree, title=f"Titel {number}")
    cache.clear()

    assert queries(client, page.url) == few


@pytest.mark.parametrize("kind", PAGES)
def test_draft_is_not_found(client: Client, kind: str) -> None:
    page = build(kind, make.make_tree())
    page.unpublish()

    assert client.get(page.url).status_code == 404


@pytest.mark.parametrize("kind", PAGES)
def test_private_page_is_neither_shown_nor_listed(client: Client, kind: str) -> None:
    tree = make.make_tree()
    page = PAGES[kind](tree, title="Geheimsache Kranich")
    PageViewRestriction.objects.create(page=page, restriction_type="login")

    answer = client.get(page.url)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/admin/login/")
    for index in INDEXES:
        assert "Geheimsache Kranich" not in client.get(getattr(tree, index).url).content.decode()
    assert "Geheimsache Kranich" not in client.get("/de/suche/?q=Geheimsache").content.decode()
    assert page.url not in client.get("/sitemap.xml").content.decode()
    assert "Geheimsache Kranich" not in client.get("/de/feed/").content.decode()


def test_missing_translation_says_so_and_leads_to_the_other_home(client: Client) -> None:
    page = make.make_standard(make.make_tree())

    html = client.get(page.url).content.decode()

    assert 'hreflang="en" href="http://testserver/en/' not in html
    assert 'href="/en/"' in html
    assert "Diese Seite gibt es noch nicht auf Englisch" in html


def test_german_page_is_not_served_below_en_when_the_english_home_is_gone(client: Client) -> None:
    tree = make.make_tree()
    page = make.make_standard(tree, title="Nur deutsch")
    tree.home_en.unpublish()

    answer = client.get(page.url.replace("/de/", "/en/"))

    assert answer.status_code == 404
    assert "Nur deutsch" not in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "?page=0",
        "?page=99999",
        "?page=x",
        "?step=nope",
        "?state=%00",
        "?topic=%27",
        "?when=past&page=-1",
        "?state=NI&state=BY",
        "?" + "a" * 3000,
        "?step[]=1",
        "?%ff=%fe",
    ],
)
def test_odd_query_strings_give_a_page(client: Client, query: str) -> None:
    tree = make.make_tree()
    for index in INDEXES:
        assert client.get(getattr(tree, index).url + query).status_code == 200


@pytest.mark.parametrize(
    "path", ["/de/gibt-es-nicht/", "/en/nope/", "/fr/", "/de/wissen/thema/nope/", "/de/%00/", "/xx"]
)
def test_wrong_address_is_not_found_in_a_readable_page(client: Client, path: str) -> None:
    make.make_tree()

    answer = client.get(path)

    assert answer.status_code == 404
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize(
    ("accepts", "target"),
    [("de", "/de/"), ("en-GB,en;q=0.9", "/en/"), ("fr", "/de/"), ("", "/de/"), ("en;q=0.1,de", "/de/")],
)
def test_root_chooses_the_language(client: Client, accepts: str, target: str) -> None:
    answer = client.get("/", headers={"accept-language": accepts})

    assert (answer.status_code, answer.headers["Location"]) == (302, target)
    assert "Accept-Language" in answer.headers["Vary"]


def test_new_slug_redirects_permanently(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    page = make.make_standard(make.make_tree(), slug="alt")
    page.slug = "neu"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()

    answer = client.get("/de/alt/")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/de/neu/")


def test_topic_page_lists_what_carries_the_topic(client: Client) -> None:
    tree = make.make_tree()
    make.make_practice(tree, title="Mit Sport", topics=[make.topic("sport")])
    make.make_material(tree, title="Ohne", topics=[make.topic("rural")])

    html = client.get("/de/wissen/thema/sport/").content.decode()

    assert "Mit Sport" in html
    assert "Ohne" not in html


def test_step_page_gathers_what_belongs_to_it(client: Client) -> None:
    tree = make.make_tree()
    page = make.make_step_page(tree, "plan")
    make.make_practice(tree, title="Plan beschlossen", steps=[make.step("plan")])
    make.make_practice(tree, title="Werbung gemacht", steps=[make.step("pr")])
    make.make_material(tree, title="Planvorlage", steps=[make.step("plan")])
    make.make_run(make.make_training(tree, title="Planwerkstatt", steps=[make.step("plan")]))
    make.make_run(make.make_training(tree, title="Alte Planwerkstatt", steps=[make.step("plan")]), starts_in=-30)

    html = client.get(page.url).content.decode()

    assert all(title in html for title in ("Plan beschlossen", "Planvorlage", "Planwerkstatt"))
    assert "Werbung gemacht" not in html
    assert "Alte Planwerkstatt" not in html


@pytest.mark.parametrize(
    ("path", "words", "locale"),
    [
        ("/de/suche/", "Wissen, gute Praxis, Fortbildungen", "de_DE"),
        ("/en/search/", "Knowledge, good practice, training", "en_GB"),
    ],
)
def test_page_without_words_of_its_own_is_described_in_its_language(
    client: Client, path: str, words: str, locale: str
) -> None:
    make.make_tree()

    html = client.get(path).content.decode()

    assert f'<meta name="description" content="{words}' in html
    assert f'<meta property="og:locale" content="{locale}">' in html
