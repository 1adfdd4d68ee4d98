"""The search page: a GET form that any query string may fill."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Page

from search.engines.interface import SearchRequest
from search.parsing import LONGEST_TEXT
from search.queries import search as find

PER_PAGE = 15


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found; an empty, long or hostile query gives a page, never an error."""
    query = request.GET.get("q", "").replace("\x00", " ").strip()[:LONGEST_TEXT]
    number = request.GET.get("page", "")
    wanted = SearchRequest(
        query, get_language() or "de", page=int(number) if number.isdecimal() else 1, page_size=PER_PAGE, facets=()
    )
    found = find(wanted) if query else None
    results = Paginator(range(found.total if found else 0), PER_PAGE).get_page(number)
    pages = Page.objects.in_bulk([hit.id for hit in found.hits]) if found else {}
    results.object_list = [pages[hit.id].specific for hit in found.hits if hit.id in pages] if found else []
    return render(request, "search/search.html", {"query": query, "page_obj": results})
