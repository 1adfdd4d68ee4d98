"""What a visitor searched for, and what the site's own database finds. The engines come with their own issue."""

from __future__ import annotations

import re
from typing import Any

from django.core.paginator import Page as PageOfResults
from django.core.paginator import Paginator
from wagtail.models import Locale, Page

from cms.pages import private_paths

PER_PAGE = 15
LONGEST_QUERY = 200
MOST_WORDS = 12
WORD = re.compile(r"\w+")


def words_of(query: str) -> list[str]:
    """Return the words of a query; operators, quotes and control characters are only separators."""
    return WORD.findall(query[:LONGEST_QUERY])[:MOST_WORDS]


def search_pages(query: str, language: str, number: str | None) -> PageOfResults[Any]:
    """Return one page of visible pages in a language that hold all words, the best first."""
    words = words_of(query)
    locale = Locale.objects.filter(language_code=language).first()
    if not words or locale is None:
        return Paginator([], PER_PAGE).get_page(1)
    pages = Page.objects.live().filter(locale=locale)
    for path in private_paths():
        pages = pages.exclude(path__startswith=path)
    found = Paginator(pages.search(" ".join(words), operator="and"), PER_PAGE).get_page(number)
    found.object_list = [page.specific for page in found.object_list]
    return found
