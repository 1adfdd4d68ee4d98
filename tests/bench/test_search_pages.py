"""What the search costs a visitor, an editor and the admin of a site with 10,000 pages, the engine alone beside it."""

from __future__ import annotations

import uuid
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from knowledge.models import GoodPracticePage
from search import documents, indexing, queries
from search.asking import engine_query
from search.engines import choice
from search.engines.interface import FACETS, SearchRequest
from search.models import SearchDocument
from search.parsing import parse
from tests.bench.reporting import report, summary, timings
from tests.bench.test_search import SLACK, make_rows, questions
from tests.factories import pages as make

pytestmark = pytest.mark.bench
PAGES = 10_000
PUBLISHES = 40


@pytest.mark.django_db(transaction=True)
def test_search_page_publish_and_admin_at_10_000_pages(client: Client, admin_client: Client, settings: Any) -> None:
    settings.SEARCH_IN_TRANSACTIONS = False  # as on a real site: the index is written beside the request
    tree = make.make_tree()
    page = make.make_practice(tree, title="Kranichbus", steps=[make.step("plan")], topics=[make.topic("rural")])
    grow(tree.knowledge, page)
    engine = choice.embedded()
    indexing.rebuild(engine, "de")
    generation = engine.lexicon("de")
    asked = questions(indexing.words.analyser("de", generation))
    found: dict[str, tuple[Any, list[Any]]] = {
        "engine alone, facets counted": (lambda text: engine.search(raw(text, generation)), asked),
        "search with highlights": (lambda text: queries.search(SearchRequest(text, filters={"step": ["plan"]})), asked),
        "whole page, HTML": (lambda text: client.get("/de/suche/", {"q": text, "step": "plan"}), asked),
        "completion": (lambda text: client.get("/de/suche/ergaenzen/", {"q": text[:3]}), asked),
        "index work in a publish": (publishing(page), list(range(PUBLISHES))),
        "page search of the admin": (
            lambda text: admin_client.get(reverse("wagtailadmin_pages:search_results"), {"q": text}),
            asked[:20],
        ),
    }
    limits = {
        "whole page, HTML": ("p50", 25),
        "index work in a publish": ("p95", 15),
        "page search of the admin": ("p50", 100),
    }

    rows = [{"what": name, **measured(call, things)} for name, (call, things) in found.items()]

    report("search at 10,000 pages (ms)", [{**row, "target": limits.get(str(row["what"]), "")} for row in rows])
    for row in rows:
        share, limit = limits.get(str(row["what"]), ("p50", 1000))
        assert float(row[share]) <= limit * SLACK, row


def measured(call: Any, things: list[Any]) -> dict[str, Any]:
    call(things[0])
    taken = [one for thing in things for one in timings(partial(call, thing), 1)]
    return summary(taken)


def raw(text: str, generation: int) -> Any:
    request = SearchRequest(text, filters={"step": ["plan"]}, facets=FACETS)
    analyser = indexing.words.analyser("de", generation)
    return engine_query(request, parse(text), analyser, spelling=queries.spelling_of("de", generation))


def publishing(page: GoodPracticePage) -> Any:
    """Return what publishing a changed page asks of the search, up to the end of its transaction."""
    numbers = count()

    def publish(_number: int) -> None:
        page.title = f"Kranichbus {next(numbers)}"
        documents.remember([page])

    return publish


def grow(parent: Page, model: Page) -> None:
    """Add rows as a site of this size has them, without publishing each."""
    parent = Page.objects.get(pk=parent.pk)
    kind = ContentType.objects.get_for_model(GoodPracticePage)
    rows = list(make_rows(PAGES))
    pages = [
        Page(
            path=parent.path + Page._int2str(10_000 + number).rjust(4, "0"),
            depth=parent.depth + 1,
            numchild=0,
            title=row.title,
            draft_title=row.title,
            slug=f"seite-{number}",
            url_path=f"{parent.url_path}seite-{number}/",
            content_type=kind,
            live=True,
            locale_id=model.locale_id,
            translation_key=uuid.uuid4(),
        )
        for number, row in enumerate(rows)
    ]
    for page, row in zip(Page.objects.bulk_create(pages, batch_size=500), rows, strict=True):
        row.page_id = page.pk
        row.digest = str(page.pk)
    SearchDocument.objects.bulk_create(rows, batch_size=500)
    entry = apps.get_model("wagtailsearch", "IndexEntry")
    entries = [
        entry(content_type=kind, object_id=str(row.page_id), title=row.title, body=row.text, title_norm=1.0)
        for row in rows
    ]
    entry.objects.bulk_create(entries, batch_size=500)
