"""The search page: a GET form that any query string may fill."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from search.queries import LONGEST_QUERY, search_pages


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found; an empty, long or hostile query gives a page, never an error."""
    query = request.GET.get("q", "").replace("\x00", " ").strip()[:LONGEST_QUERY]
    results = search_pages(query, get_language() or "de", request.GET.get("page"))
    return render(request, "search/search.html", {"query": query, "page_obj": results})
