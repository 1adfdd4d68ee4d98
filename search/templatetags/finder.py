"""What other pages print of the search: their own lists, and what fits with an article. Templates may look upward."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Q
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cms.i18n import language_suffix
from cms.pages import BasePage, ranks_of
from cms.templatetags.look import typo
from cms.version import kept
from knowledge.models import GoodPracticePage, page_keys
from search import queries
from search.engines.interface import Fragment
from search.finding import Found
from search.places import CATALOGUE, SHELVES, topic_place
from search.words import SEARCH

register = template.Library()
FEW = 3
MOST_KEPT = 2 * FEW


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


@register.filter
def marked(fragments: Any) -> SafeString:
    """Print fragments with the found words marked."""
    return format_html_join("", "{}", ((_fragment(fragment),) for fragment in fragments))


def _fragment(fragment: Fragment) -> SafeString:
    text = typo(fragment.text)
    return format_html("<mark>{}</mark>", text) if fragment.is_match else text
