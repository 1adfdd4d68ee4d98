"""What other pages print of the search: their own lists, and what fits with an article. Templates may look upward."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import template
from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cms.fragments import pieces
from cms.i18n import language_suffix
from cms.pages import BasePage, ranks_of
from cms.templatetags.look import typo
from cms.version import kept
from knowledge.models import GoodPracticePage, page_keys
from search import hits, queries
from search.engines.interface import Fragment
from search.finding import Found
from search.hits import Row
from search.places import CATALOGUE, SHELVES, topic_place
from search.words import SEARCH

register = template.Library()
FEW = 3
MOST_KEPT = 2 * FEW
HIT = '<li class="row hit">{}<h2><a href="{}">{}</a></h2>{}{}</li>\n'


@register.simple_tag
def find_knowledge(request: HttpRequest, page: BasePage, shelf: str, topic: Any = None) -> Found:
    """Return what a shelf of the knowledge base holds for the query string."""
    place = topic_place(topic.slug) if topic else SHELVES.get(shelf, SHELVES[""])
    return Found(place, request.GET, language_suffix(page.locale.language_code))


@register.simple_tag
def find_offers(request: HttpRequest, page: BasePage) -> Found:
    """Return what the qualification catalogue holds for the query string."""
    return Found(CATALOGUE, request.GET, language_suffix(page.locale.language_code))


@register.simple_tag
def fits_with(page: BasePage) -> list[Any]:
    """Return the practices an editor chose, filled up with those that the engine finds to fit; at most two queries.

    Which ones fit is kept in the process until the search changes: an article needs no query to know it.
    """
    ranks = ranks_of(page_keys(page.related)) if hasattr(page, "related") else {}
    fitting = kept(("fits with", page.pk), lambda: queries.related(page, MOST_KEPT, ("good_practice",)), SEARCH)
    order = {key: len(ranks) + place for place, key in enumerate(fitting)}
    wanted = GoodPracticePage.objects.beside(page).filter(Q(pk__in=order) | Q(translation_key__in=ranks))
    found = wanted.exclude(pk=page.pk).for_cards()
    return sorted(found, key=lambda one: ranks.get(one.translation_key, order.get(one.pk, len(order))))[:FEW]


@register.simple_tag
def listed(found: Found, component: str) -> list[SafeString]:
    """Return the hits as finished cards or rows; only those that are not kept are loaded, together."""
    return pieces([("listed", component, key) for key in found.keys], partial(_made, component))


def _made(component: str, missing: list[Any]) -> dict[Any, str]:
    face = get_template(f"components/{component}.html")
    pages = hits.pages([key for _listed, _component, key in missing])
    return {("listed", component, page.pk): face.render({"page": page, "level": 2}) for page in pages}


@register.simple_tag
def hit(row: Row) -> SafeString:
    """Return one hit; what stands around title and passage is kept."""
    passage = format_html('<p class="measure">{}</p>', marked(row.highlight)) if row.highlight else ""
    return format_html(HIT, row.facts.head, row.facts.url, marked(row.title), passage, row.facts.foot)


@register.filter
def marked(fragments: Iterable[Fragment]) -> SafeString:
    """Print fragments with the found words marked."""
    return mark_safe("".join(map(_fragment, fragments)))  # noqa: S308 - `typo` escapes


def _fragment(fragment: Fragment) -> str:
    text = typo(fragment.text)
    return f"<mark>{text}</mark>" if fragment.is_match else text
