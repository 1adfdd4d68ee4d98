"""The search page, completion, feed and API: GET only, any query string gives an answer."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Page

from cms.i18n import language_suffix
from cms.pagecache.marking import may_be_kept
from cms.throttle import Limit, allow_read, client_address
from knowledge.models import Topic, all_topics
from knowledge.models.municipalities import folded
from search import counting, queries
from search.engines.interface import Completion
from search.finding import Found
from search.places import SEARCH, text_of

TYPING = Limit("completion", most=1200, seconds=600)
MOST_TOPICS = 3


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found; an empty, long or hostile query gives a page, never an error."""
    locale = language_suffix(get_language())
    found = Found(SEARCH, request.GET, locale)
    counted = None
    if found.text and found.page_obj.number == 1:
        counted = partial(counting.count, found.text, locale, found.total)
        counted()
    with translation.override(found.other_locale):
        other_url = reverse("search")
    context = {"found": found, "query": found.text, "other_url": other_url, "language": locale}
    response = render(request, "search/search.html", context)
    may_be_kept(response, on_hit=counted)
    return response


@require_safe
def complete(request: HttpRequest) -> HttpResponse:
    """Return titles, topics and words that begin like what was typed, as JSON for the list below the field."""
    if not allow_read(TYPING, client_address(request)):
        return JsonResponse({"items": []}, status=429)
    locale = language_suffix(get_language())
    text = text_of(request.GET)
    found = queries.complete(request.GET.get("q", "")[:200], locale) if text else []
    urls = _urls([one.id for one in found if one.id is not None])
    items = [_item(one, urls) for one in [*found[:4], *_topics(text), *found[4:]]]
    response = JsonResponse({"items": [item for item in items if item["url"]]})
    response.headers["Cache-Control"] = "public, max-age=60"
    may_be_kept(response)
    return response


def _topics(text: str) -> list[Completion]:
    wanted = folded(text)
    fitting = [topic for topic in all_topics() if any(word.startswith(wanted) for word in folded(topic.label).split())]
    return [_topic(topic) for topic in fitting[:MOST_TOPICS]] if wanted else []


def _topic(topic: Topic) -> Completion:
    return Completion(topic.label, "topic", code=topic.slug)


def _urls(keys: list[int]) -> dict[int, str]:
    return {page.pk: page.url or "" for page in Page.objects.live().filter(pk__in=keys)}


def _item(one: Completion, urls: dict[int, str]) -> dict[str, str]:
    search_url = reverse("search")
    if one.kind == "title" and one.id is not None:
        url = urls.get(one.id, "")
    elif one.kind == "topic":
        url = f"{search_url}?{urlencode({'topic': one.code})}"
    else:
        url = f"{search_url}?{urlencode({'q': one.text})}"
    return {"text": one.text, "kind": one.kind, "url": url}
