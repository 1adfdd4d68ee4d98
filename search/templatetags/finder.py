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
from search import hits, queries
from search.engines.interface import Fragment
from search.finding import Found
from search.places import CATALOGUE, SHELVES, topic_place

register = template.Library()
FEW = 3


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
def fits_with(page: BasePage, chosen: Any = (), kind: str = "good_practice") -> list[Any]:
    """Return what an editor chose, filled up with what the engine finds to fit."""
    first = list(chosen)
    known = {one.pk for one in first}
    keys = [key for key in queries.related(page, FEW + len(first), (kind,)) if key not in known]
    return [*first, *hits.pages(keys)][:FEW]


@register.filter
def marked(fragments: Any) -> SafeString:
    """Print fragments with the found words marked."""
    return format_html_join("", "{}", ((_fragment(fragment),) for fragment in fragments))


def _fragment(fragment: Fragment) -> SafeString:
    text = typo(fragment.text)
    return format_html("<mark>{}</mark>", text) if fragment.is_match else text
