"""What other pages print of the search: their own lists, and what fits with an article. Templates may look upward."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cms.i18n import language_suffix
from cms.pages import BasePage
from cms.templatetags.look import typo
from cms.version import kept
from knowledge.models import GoodPracticePage
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
def fits_with(page: BasePage, chosen: Any = ()) -> list[Any]:
    """Return what an editor chose, filled up with practices that the engine finds to fit.

    Which ones fit is kept in the process until the search changes: an article needs no query to know it.
    """
    first = list(chosen)[:FEW]
    known = {one.pk for one in first}
    fitting = kept(("fits with", page.pk), lambda: queries.related(page, MOST_KEPT, ("good_practice",)), SEARCH)
    keys = [key for key in fitting if key not in known][: FEW - len(first)]
    pages = {one.pk: one for one in GoodPracticePage.objects.filter(pk__in=keys).visible().for_cards()} if keys else {}
    return [*first, *(pages[key] for key in keys if key in pages)]


@register.filter
def marked(fragments: Any) -> SafeString:
    """Print fragments with the found words marked."""
    return format_html_join("", "{}", ((_fragment(fragment),) for fragment in fragments))


def _fragment(fragment: Fragment) -> SafeString:
    text = typo(fragment.text)
    return format_html("<mark>{}</mark>", text) if fragment.is_match else text
