"""What the home page and overview pages gather from the whole site, each in a fixed number of queries."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from wagtail.models import Page

from cms.pages import Card, chosen_pages, private_paths
from cms.version import kept
from home.models.news import newest_news
from knowledge.models import (
    GoodPracticePage,
    KnowledgeIndexPage,
    MunicipalityIndexPage,
    ServiceCentreIndexPage,
    StepIndexPage,
    StepPage,
    page_keys,
)
from knowledge.network.entries import CENTRE, MEMBER, entries
from knowledge.related import practices
from trainings.catalogue import coming_offers
from trainings.models import OfferIndexPage

if TYPE_CHECKING:
    from home.models import HomePage, StandardPage

FEW = 3


def home_context(page: HomePage) -> dict[str, Any]:
    """Return the parts of the home page: steps, chosen or newest practices, dates, news, network.

    They are functions that the template calls: for a part from memory nobody asks.
    """
    keys, language = tuple(page_keys(page.featured)), page.locale_id
    return {
        "step_pages": cache(lambda: StepPage.in_order(page)),
        "entries": cache(lambda: _entries(page)),
        "featured": cache(lambda: kept(("featured", language, keys), lambda: _featured(page, keys))),
        "offers": cache(lambda: coming_offers(page, limit=FEW)),
        "news": cache(lambda: newest_news(page, FEW)),
        "indexes": cache(lambda: index_pages(page)),
        "sizes": cache(lambda: kept(("sizes of the network", language), lambda: _sizes(page))),
    }


def _featured(page: HomePage, keys: tuple[int, ...]) -> list[GoodPracticePage]:
    """Return the chosen practices, or the newest ones; kept by what was chosen, so that a draft shows its own."""
    newest = practices(page).order_by("-recommended", "-first_published_at")
    return chosen_pages(keys, GoodPracticePage, beside=page) or list(newest[:FEW])


def _sizes(page: HomePage) -> dict[str, int]:
    """Count what the map shows."""
    return {"members": len(entries(page, (MEMBER,))), "centres": len(entries(page, (CENTRE,)))}


def index_pages(page: Page) -> dict[str, Any]:
    """Return the entrance pages of a language by a short name, for “all” links."""
    models = {
        "way": StepIndexPage,
        "knowledge": KnowledgeIndexPage,
        "offers": OfferIndexPage,
        "municipalities": MunicipalityIndexPage,
        "service_centres": ServiceCentreIndexPage,
    }
    return kept(
        ("index pages", page.locale_id),
        lambda: {name: model.objects.beside(page).first() for name, model in models.items()},
    )


def children_cards(page: StandardPage) -> list[Card]:
    """Return the cards of the visible pages below, in the order of the tree."""
    return kept(("children", page.pk), lambda: _children_cards(page))


def _children_cards(page: StandardPage) -> list[Card]:
    hidden = private_paths()
    children = [child for child in page.get_children().live().specific() if not child.path.startswith(hidden)]
    return [child.card for child in children if hasattr(child, "card")]


def _entries(page: HomePage) -> list[dict[str, Any]]:
    found = [block.value for block in page.entries]
    keys = tuple(value["page"].translation_key for value in found if value["page"])
    targets = Page.objects.live().filter(locale_id=page.locale_id, translation_key__in=keys)
    pages = kept(("entries", page.locale_id, keys), lambda: {target.translation_key: target.url for target in targets})
    return [
        {"title": value["title"], "text": value["text"], "url": pages.get(value["page"].translation_key)}
        for value in found
        if value["page"]
    ]
