"""JSON API of the search: the same request and answer as the page, for other sites. Described by OpenAPI."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from cms import open_data
from cms.open_data import CODES, LANGUAGES, LICENCE, NUMBER, TEXT
from cms.throttle import Limit, allow_read, client_address
from knowledge import api_description as network
from search.finding import Found, plain
from search.labels import FACETS, kind_label
from search.places import EVERYWHERE, SEARCH, SORTS

READERS = Limit("search api", most=300, seconds=60)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answer `?q=…&lang=de&kind=…&step=…&page=…`."""
    if not allow_read(READERS, client_address(request)):
        return open_data.answer({"error": "Too many requests. Please wait a minute."}, status=429)
    language = request.GET.get("lang", "de")
    if language not in LANGUAGES:
        return open_data.answer({"error": "lang must be de or en."}, status=400)
    with translation.override(language):
        return open_data.answer(_answer(Found(SEARCH, request.GET, language)))


def _answer(found: Found) -> dict[str, Any]:
    return {
        "query": found.text,
        "language": found.locale,
        "total": found.total,
        "page": found.page_obj.number,
        "pages": found.page_obj.num_pages,
        "suggestion": found.suggestion,
        "engine": found.response.engine,
        "degraded": found.response.degraded,
        "hits": [
            {
                "id": row.id,
                "source_id": f"{row.facts.kind}/{row.id}",
                "kind": row.facts.kind,
                "kind_label": kind_label(row.facts.kind),
                "title": plain(row.title),
                "url": f"{settings.SITE_URL}{row.facts.url}" if row.facts.url.startswith("/") else row.facts.url,
                "highlight": [{"text": part.text, "match": part.is_match} for part in row.highlight],
                "steps": [step.code for step in row.facts.steps],
                "topics": list(row.facts.topics),
                "place": row.facts.place,
                "date": row.facts.date.isoformat() if row.facts.date else None,
                "score": round(row.score, 4),
            }
            for row in found.rows
        ],
        "facets": {
            group.name: [
                {"code": one.value, "label": one.label, "count": one.count, "selected": one.checked}
                for one in group.options
            ]
            for group in found.groups
        },
    }


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI 3.1 description."""
    return open_data.answer(_description())


def _description() -> dict[str, Any]:
    with translation.override("en"):
        facets = [open_data.parameter(name, f"Codes of the facet “{FACETS[name]}”.", CODES) for name in EVERYWHERE]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Open data of Kommune goes International",
            "version": "1",
            "license": {"name": "CC BY 4.0", "url": LICENCE},
        },
        "servers": [{"url": settings.SITE_URL}],
        "paths": {
            "/api/search/": {
                "get": {"operationId": "search", "parameters": [*_OWN_PARAMETERS, *facets], "responses": _ANSWERS}
            },
            **network.paths(),
        },
    }


_HIT = open_data.schema(
    id=NUMBER,
    source_id=TEXT,
    kind=TEXT,
    kind_label=TEXT,
    title=TEXT,
    url={"type": "string", "format": "uri"},
    highlight={"type": "array", "items": open_data.schema(text=TEXT, match={"type": "boolean"})},
    steps=CODES,
    topics=CODES,
    place=TEXT,
    date={"type": ["string", "null"], "format": "date"},
    score={"type": "number"},
)
_VALUE = open_data.schema(code=TEXT, label=TEXT, count=NUMBER, selected={"type": "boolean"})
_SCHEMA = {
    "type": "object",
    "required": ["total", "hits", "facets", "page", "pages"],
    "properties": {
        "query": TEXT,
        "language": TEXT,
        "total": NUMBER,
        "page": NUMBER,
        "pages": NUMBER,
        "suggestion": TEXT,
        "engine": TEXT,
        "degraded": {"type": "boolean"},
        "hits": {"type": "array", "items": _HIT},
        "facets": {"type": "object", "additionalProperties": {"type": "array", "items": _VALUE}},
    },
}

_OWN_PARAMETERS = [
    open_data.parameter("q", "What is looked for; quoted phrases are exact, -word excludes.", {"type": "string"}),
    open_data.parameter("lang", "Language of the pages.", {"type": "string", "enum": list(LANGUAGES), "default": "de"}),
    open_data.parameter("sort", "Order of the hits.", {"type": "string", "enum": list(SORTS), "default": "relevance"}),
    open_data.parameter("page", "Page of the hits, from 1.", {"type": "integer", "minimum": 1, "default": 1}),
]
_ANSWERS = open_data.answers("Hits, total and facets.", _SCHEMA)
